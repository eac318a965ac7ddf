//! Timeouts and signal masks of waiting calls.

use core::time::Duration;

use litebox_host::memory::UserAccess;
use litebox_host::time::{Clock, Deadline, Time};
use litebox_libos::user::UserPointer;

use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::Task;

const NANOSECONDS: i64 = 1_000_000_000;

/// A time from the guest.
pub(super) fn duration(time: Timespec) -> Result<Duration> {
    let seconds = u64::try_from(time.seconds).map_err(|_| Errno::EINVAL)?;
    match u32::try_from(time.nanoseconds) {
        Ok(nanoseconds) if i64::from(nanoseconds) < NANOSECONDS => Ok(Duration::new(seconds, nanoseconds)),
        _ => Err(Errno::EINVAL),
    }
}

/// A time for the guest.
pub(super) fn timespec(time: Duration) -> Timespec {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timespec { seconds, nanoseconds: i64::from(time.subsec_nanos()) }
}

/// When a wait of `timeout` ends, also after the call was started again; the null deadline for one that does not
/// wait at all.
pub(super) fn deadline<H: LinuxHost>(task: &mut Task<H>, timeout: Option<Duration>) -> Option<Deadline> {
    timeout.map(|timeout| if timeout.is_zero() { Deadline(0) } else { task.deadline_after(timeout) })
}

/// A timeout in milliseconds, of which a negative one is none.
pub(super) fn milliseconds(timeout: i32) -> Option<Duration> {
    u64::try_from(timeout).ok().map(Duration::from_millis)
}

/// What is left until `deadline`.
pub(super) fn remaining(host: &impl Time, deadline: Deadline) -> Duration {
    Duration::from_nanos(deadline.0).saturating_sub(host.now(Clock::Monotonic))
}

/// A signal mask from the guest, if it gave one.
pub(super) fn signal_mask(
    memory: &impl UserAccess,
    mask: UserPointer<u64>,
    size: usize,
) -> Result<Option<u64>> {
    let Some(mask) = mask.non_null() else { return Ok(None) };
    if size != size_of::<u64>() {
        return Err(Errno::EINVAL);
    }
    Ok(Some(mask.read(memory)?))
}
