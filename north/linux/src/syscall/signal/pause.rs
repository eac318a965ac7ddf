//! `pause(2)`, `rt_sigsuspend(2)`, `restart_syscall(2)`.

use litebox_libos::event::block;
use litebox_libos::user::UserPointer;
use litebox_libos::{Error, ErrorKind};

use super::read_set;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn pause<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<()> {
    wait_for_handler(call)
}

pub(crate) fn rt_sigsuspend<H: LinuxHost>(
    call: &mut Call<'_, H>,
    mask: UserPointer<u8>,
    size: usize,
) -> Result<()> {
    let mask = read_set(&call.host, mask, size)?;
    call.set_temporary_mask(mask);
    wait_for_handler(call)
}

/// Only a handler ends this wait: it is started again after anything else.
fn wait_for_handler<H: LinuxHost>(call: &Call<'_, H>) -> Result<()> {
    let never = || Err::<(), _>(Error::new(ErrorKind::WouldBlock, "nothing but a signal is waited for"));
    match block(&call.thread, &[], None, never) {
        Err(error) if error.kind == ErrorKind::Interrupted => Err(Errno::ERESTARTNOHAND),
        other => Ok(other?),
    }
}

/// Calls are restarted inside the shim, so there is never one to go on with: as in Linux, that is `EINTR`.
pub(crate) fn restart_syscall<H: LinuxHost>(_: &mut Call<'_, H>) -> Result<i64> {
    Err(Errno::EINTR)
}
