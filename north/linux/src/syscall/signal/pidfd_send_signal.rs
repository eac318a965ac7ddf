//! `pidfd_send_signal(2)`.

use alloc::sync::Arc;

use litebox_libos::process::ProcessFile;
use litebox_libos::signal::{Detail, SignalInfo};
use litebox_libos::user::UserPointer;

use super::send::{decode, may_signal, queue_limit};
use crate::abi::signal::{SI_TKILL, SI_USER, SigInfo};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn pidfd_send_signal<H: LinuxHost>(
    call: &mut Call<'_, H>,
    pidfd: Fd,
    signal: i32,
    info: UserPointer<u8>,
    flags: u32,
) -> Result<()> {
    if flags != 0 {
        return Err(Errno::EINVAL);
    }
    let description = call.descriptors.get_usable(pidfd.number()?)?;
    let target = Arc::clone(description.file_as::<ProcessFile>().ok_or(Errno::EBADF)?.process());
    if call.process.registry().process(target.id()).is_err() {
        return Err(Errno::ESRCH);
    }
    let number = signal;
    let signal = decode(signal)?;
    let given = info.non_null().map(|info| UserPointer::<SigInfo>::new(info.address()).read(&call.host));
    let given = given.transpose()?;
    if let Some(given) = &given {
        let pretends = given.code >= 0 || given.code == SI_TKILL;
        if given.signal != number {
            return Err(Errno::EINVAL);
        }
        if pretends && target.id() != call.process.id() {
            return Err(Errno::EPERM);
        }
    }
    may_signal(call, &target, signal)?;
    let Some(signal) = signal else { return Ok(()) };
    let detail = Detail::Sender { process: call.process.id(), user: call.credentials.user.real };
    let info = match given {
        Some(given) => given.to_raw(signal),
        None => SignalInfo { signal, code: SI_USER, detail },
    };
    Ok(target.send(info, queue_limit(&target))?)
}
