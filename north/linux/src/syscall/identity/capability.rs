//! `capget(2)`, `capset(2)`: user 0 has all capabilities, inside the sandbox; others have none.

use litebox_libos::user::UserPointer;

use crate::abi::identity::{CAP_VERSION_1, CAP_VERSION_2, CAP_VERSION_3, CapData, CapHeader};
use crate::abi::process::LAST_CAPABILITY;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// All that exist.
const ALL: u64 = (1 << (LAST_CAPABILITY + 1)) - 1;

/// How many data structures the caller has, and whom it asks about. An unknown version is answered with the one
/// that is preferred.
fn read_header<H: LinuxHost>(call: &Call<'_, H>, header: UserPointer<CapHeader>) -> Result<(usize, i32)> {
    let value = header.read(&call.host)?;
    match value.version {
        CAP_VERSION_1 => Ok((1, value.process)),
        CAP_VERSION_2 | CAP_VERSION_3 => Ok((2, value.process)),
        _ => {
            header.write(&call.host, &CapHeader { version: CAP_VERSION_3, process: value.process })?;
            Err(Errno::EINVAL)
        }
    }
}

/// The capabilities of the caller, as two words.
fn held<H: LinuxHost>(call: &Call<'_, H>) -> [u32; 2] {
    let bits: u64 = if call.credentials.may_change() { ALL } else { 0 };
    let [a, b, c, d, e, f, g, h] = bits.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}

pub(crate) fn capget<H: LinuxHost>(
    call: &mut Call<'_, H>,
    header: UserPointer<CapHeader>,
    data: UserPointer<CapData>,
) -> Result<()> {
    let (count, process) = match read_header(call, header) {
        // Programs ask for the version this way.
        Err(Errno::EINVAL) if data.is_null() => return Ok(()),
        other => other?,
    };
    let id = u32::try_from(process).map_err(|_| Errno::EINVAL)?;
    if id != 0 && call.process.registry().thread(id).is_none() {
        return Err(Errno::ESRCH);
    }
    for (index, half) in held(call).into_iter().enumerate().take(count) {
        let value = CapData { effective: half, permitted: half, inheritable: 0 };
        data.element(index).write_if_some(&call.host, &value)?;
    }
    Ok(())
}

pub(crate) fn capset<H: LinuxHost>(
    call: &mut Call<'_, H>,
    header: UserPointer<CapHeader>,
    data: UserPointer<CapData>,
) -> Result<()> {
    let (count, process) = read_header(call, header)?;
    if process != 0 && process.unsigned_abs() != call.thread.id() {
        return Err(Errno::EPERM);
    }
    for (index, held) in held(call).into_iter().enumerate().take(count) {
        let wanted = data.element(index).read(&call.host)?;
        if wanted.effective & !wanted.permitted != 0 || wanted.permitted & !held != 0 {
            return Err(Errno::EPERM);
        }
    }
    Ok(())
}
