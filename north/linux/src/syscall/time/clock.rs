//! Clocks by their numbers.

use litebox_host::time::Clock;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::Task;

/// The clocks by Linux's numbers (`clock_getres(2)`); those of alarms read as their siblings. Negative
/// numbers name processor-time clocks: of the caller's process, or of a thread of it. 0 is the caller.
pub(crate) fn clock_by_number<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<Clock> {
    match number {
        0 | 8 => Ok(Clock::Realtime),
        1 => Ok(Clock::Monotonic),
        2 => Ok(Clock::ProcessCpu),
        3 => Ok(Clock::ThreadCpu),
        4 => Ok(Clock::MonotonicRaw),
        5 => Ok(Clock::RealtimeCoarse),
        6 => Ok(Clock::MonotonicCoarse),
        7 | 9 => Ok(Clock::Boottime),
        11 => Ok(Clock::Tai),
        ..0 => processor_clock(task, number),
        _ => Err(Errno::EINVAL),
    }
}

/// Whether one can wait for a clock: not for the raw and coarse ones, and not for one's own thread's time.
pub(crate) fn can_wait(number: i32, clock: Clock) -> bool {
    !matches!(number, 5 | 6) && !matches!(clock, Clock::MonotonicRaw | Clock::ThreadCpu)
}

/// A clock's number of a process or thread: its number inverted, then three bits: thread, and kind of time.
fn processor_clock<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<Clock> {
    /// The clock counts one thread's time.
    const PER_THREAD: i32 = 4;
    /// The two bits that say which time; 3 names a device instead.
    const KIND: i32 = 3;
    let owner = (!(number >> 3)).unsigned_abs();
    let per_thread = number & PER_THREAD != 0;
    if number & KIND == KIND {
        return Err(Errno::EINVAL);
    }
    match (per_thread, owner) {
        (true, owner) if owner == 0 || owner == task.thread.id() => Ok(Clock::ThreadCpu),
        (false, owner) if owner == 0 || owner == task.process.id() => Ok(Clock::ProcessCpu),
        (true, owner) => {
            let thread = task.process.thread(owner).ok_or(Errno::EINVAL)?;
            Ok(Clock::ThreadCpuOf(thread.parker().host_thread()))
        }
        // A clock of any process would be one of any process of the host.
        (false, _) => Err(Errno::EINVAL),
    }
}
