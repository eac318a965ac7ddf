//! `rt_sigqueueinfo(2)`, `rt_tgsigqueueinfo(2)`.

use litebox_libos::user::UserPointer;

use super::send::{decode, may_signal, queue_limit};
use crate::abi::signal::{SI_TKILL, SigInfo};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn rt_sigqueueinfo<H: LinuxHost>(
    call: &mut Call<'_, H>,
    process: i32,
    signal: i32,
    info: UserPointer<SigInfo>,
) -> Result<()> {
    let info = info.read(&call.host)?;
    check_code(call, process.unsigned_abs(), &info)?;
    let number = u32::try_from(process).map_err(|_| Errno::ESRCH)?;
    let target = call.process.registry().process_of(number).ok_or(Errno::ESRCH)?;
    let signal = decode(signal)?;
    may_signal(call, &target, signal)?;
    let Some(signal) = signal else { return Ok(()) };
    Ok(target.send(info.to_raw(signal), queue_limit(&target))?)
}

pub(crate) fn rt_tgsigqueueinfo<H: LinuxHost>(
    call: &mut Call<'_, H>,
    process: i32,
    thread: i32,
    signal: i32,
    info: UserPointer<SigInfo>,
) -> Result<()> {
    if process <= 0 || thread <= 0 {
        return Err(Errno::EINVAL);
    }
    let info = info.read(&call.host)?;
    check_code(call, process.unsigned_abs(), &info)?;
    let (target, thread) = call.process.registry().thread(thread.unsigned_abs()).ok_or(Errno::ESRCH)?;
    if target.id() != process.unsigned_abs() {
        return Err(Errno::ESRCH);
    }
    let signal = decode(signal)?;
    may_signal(call, &target, signal)?;
    let Some(signal) = signal else { return Ok(()) };
    Ok(target.send_to_thread(&thread, info.to_raw(signal), queue_limit(&target))?)
}

/// Nobody pretends to others that the kernel, `kill(2)` or `tkill(2)` sent a signal.
pub(super) fn check_code<H: LinuxHost>(call: &Call<'_, H>, process: u32, info: &SigInfo) -> Result<()> {
    let pretends = info.code >= 0 || info.code == SI_TKILL;
    if pretends && process != call.process.id() { Err(Errno::EPERM) } else { Ok(()) }
}
