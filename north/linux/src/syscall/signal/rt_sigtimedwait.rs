//! `rt_sigtimedwait(2)`.

use litebox_libos::event::{Readiness, block};
use litebox_libos::signal::SignalSet;
use litebox_libos::user::UserPointer;
use litebox_libos::{Error, ErrorKind};

use super::read_set;
use crate::abi::signal::SigInfo;
use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn rt_sigtimedwait<H: LinuxHost>(
    call: &mut Call<'_, H>,
    set: UserPointer<u8>,
    info: UserPointer<SigInfo>,
    timeout: UserPointer<Timespec>,
    size: usize,
) -> Result<i32> {
    let wanted = read_set(&call.host, set, size)?.difference(SignalSet::UNSTOPPABLE);
    let timeout = timeout.non_null().map(|timeout| timeout.read(&call.host)).transpose()?;
    let deadline = match timeout {
        Some(timeout) => Some(call.deadline_after(timeout.duration()?)),
        None => None,
    };
    let nothing = Error::new(ErrorKind::WouldBlock, "none of the signals is pending");
    let attempt = || call.process.take_signal(&call.thread, wanted).ok_or(nothing);
    let queues = [(&**call.process.signals.arrivals(), Readiness::READ)];
    let taken = block(&call.thread, &queues, deadline, attempt).map_err(|error| match error.kind {
        // As Linux: this call is never started again after a handler.
        ErrorKind::Interrupted => Errno::ERESTARTNOHAND,
        ErrorKind::TimedOut => Errno::EAGAIN,
        _ => error.into(),
    })?;
    info.write_if_some(&call.host, &SigInfo::new(&taken))?;
    Ok(i32::from(taken.signal.number()))
}
