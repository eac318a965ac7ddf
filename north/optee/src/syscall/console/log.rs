//! Texts for whoever runs the sandbox.

use alloc::string::String;
use core::fmt::Write;

use litebox_host::console::{Console, Stream};
use litebox_host::memory::{Protection, UserAccess};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;

use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;

/// The longest text that is shown whole.
const LIMIT: usize = 4096;
/// What one call may show; the rest is left out.
const BUDGET: usize = 64 << 10;

/// `_utee_log`. Each line is shown on the standard error after the application's name; bytes that are no plain text are
/// shown as numbers.
pub(crate) fn log<H: TeeHost>(call: &mut Call<'_, H>, text: UserPointer<u8>, length: usize) -> Result<()> {
    call.check_memory(text.address(), length, Protection::READ)?;
    let shown = &mut call.running()?.shown;
    if *shown >= BUDGET {
        return Ok(());
    }
    *shown += length.clamp(1, LIMIT);
    let is_last = *shown >= BUDGET;
    let mut bytes = buffer::zeroed(length.min(LIMIT))?;
    UserAccess::read(&call.host, text.address(), &mut bytes)?;
    let name = call.application()?.instance.uuid().low;
    let mut shown = String::new();
    shown.try_reserve(bytes.len() * 4).map_err(|_| TeeError::OUT_OF_MEMORY)?;
    let lines = bytes.split(|byte| *byte == b'\n' || *byte == 0).filter(|line| !line.is_empty());
    for line in lines {
        // Writing to a string does not fail.
        let _ = write!(shown, "{name:08x}: ");
        for byte in line {
            match byte {
                b'\t' | b' '..=b'~' => shown.push(char::from(*byte)),
                _ => shown.extend(byte.escape_ascii().map(char::from)),
            }
        }
        shown.push('\n');
    }
    if is_last {
        // As above.
        let _ = writeln!(shown, "{name:08x}: what it says beyond {BUDGET} bytes in this call is not shown");
    }
    let mut rest = shown.as_bytes();
    // A text that nobody can see any more is not missed.
    while let Ok(count @ 1..) = Console::write(&call.host, Stream::Error, rest) {
        rest = rest.get(count..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
    }
    Ok(())
}
