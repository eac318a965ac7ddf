//! Texts for whoever runs the sandbox.

use core::fmt::Write;

use litebox_host::console::Stream;
use litebox_host::memory::Protection;
use litebox_libos::user::UserPointer;

use crate::error::Result;
use crate::host::TeeHost;
use crate::row::Call;
use crate::session::Output;

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
    let bytes = call.copy_in(text.address(), length.min(LIMIT))?;
    let name = call.application()?.instance.uuid().low;
    let mut output = Output::new(&call.host, Stream::Error);
    let lines = bytes.split(|byte| *byte == b'\n' || *byte == 0).filter(|line| !line.is_empty());
    for line in lines {
        // Writing to an output does not fail.
        let _ = write!(output, "{name:08x}: ");
        for byte in line {
            let _ = match byte {
                b'\t' | b' '..=b'~' => output.write_char(char::from(*byte)),
                _ => write!(output, "{}", byte.escape_ascii()),
            };
        }
        let _ = output.write_char('\n');
    }
    if is_last {
        // As above.
        let _ = writeln!(output, "{name:08x}: what it says beyond {BUDGET} bytes in this call is not shown");
    }
    Ok(())
}
