//! `pidfd_send_signal(2)`.

use litebox_libos::user::UserPointer;

use super::rt_sigqueueinfo::check_code;
use super::send::{decode, may_signal, queue_limit};
use crate::abi::signal::{SI_USER, SigInfo};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::process::process_of_pidfd;

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
    let target = process_of_pidfd(call, pidfd)?;
    if call.process.registry().process(target.id()).is_err() {
        return Err(Errno::ESRCH);
    }
    let number = signal;
    let signal = decode(signal)?;
    let given = info.non_null().map(|info| UserPointer::<SigInfo>::new(info.address()).read(&call.host));
    let given = given.transpose()?;
    if let Some(given) = &given {
        if given.signal != number {
            return Err(Errno::EINVAL);
        }
        check_code(call, target.id(), given)?;
    }
    may_signal(call, &target, signal)?;
    let Some(signal) = signal else { return Ok(()) };
    let info = match given {
        Some(given) => given.to_raw(signal),
        None => call.signal_info(signal, SI_USER),
    };
    Ok(target.send(info, queue_limit(&target))?)
}
