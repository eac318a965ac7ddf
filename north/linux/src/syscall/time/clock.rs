//! Clocks by their numbers.

use alloc::sync::Arc;
use core::time::Duration;

use litebox_host::time::Clock;
use litebox_libos::process::Process;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::information::processor_time;
use crate::task::Task;

/// The clocks by Linux's numbers (`clock_getres(2)`); those of alarms read as their siblings. Negative
/// numbers name processor-time clocks: of the caller's process, or of a thread of it. 0 is the caller. Those of other
/// processes can only be read, by [`reading`].
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

/// What a clock counts, and of whom: the number inverted, then three bits.
struct ProcessorClock {
    owner: u32,
    per_thread: bool,
}

impl ProcessorClock {
    fn decode(number: i32) -> Option<Self> {
        /// The clock counts one thread's time.
        const PER_THREAD: i32 = 4;
        /// The two bits that say which time; 3 names a device instead.
        const KIND: i32 = 3;
        let clock = Self { owner: (!(number >> 3)).unsigned_abs(), per_thread: number & PER_THREAD != 0 };
        (number < 0 && number & KIND != KIND).then_some(clock)
    }
}

/// The other process whose time the clock `number` counts, if it is one of those.
fn other_process<H: LinuxHost>(task: &Task<H>, number: i32) -> Option<Arc<Process>> {
    let clock = ProcessorClock::decode(number).filter(|clock| !clock.per_thread)?;
    let process = task.process.registry().process(clock.owner).ok()?;
    (process.id() != task.process.id()).then_some(process)
}

/// The reading of the clock `number`. The time of another process is what it tells when it is asked.
pub(super) fn reading<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<Duration> {
    match other_process(task, number) {
        Some(process) => Ok(processor_time(&task.host, &process, task.asker())),
        None => Ok(task.host.now(clock_by_number(task, number)?)),
    }
}

/// The step of the clock `number`.
pub(super) fn step<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<Duration> {
    match other_process(task, number) {
        Some(_) => Ok(task.host.resolution(Clock::ProcessCpu)),
        None => Ok(task.host.resolution(clock_by_number(task, number)?)),
    }
}

fn processor_clock<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<Clock> {
    let ProcessorClock { owner, per_thread } = ProcessorClock::decode(number).ok_or(Errno::EINVAL)?;
    let own = [0, task.process.id(), task.thread.id()];
    match (per_thread, owner) {
        (true, owner) if owner == 0 || owner == task.thread.id() => Ok(Clock::ThreadCpu),
        (false, owner) if own.contains(&owner) => Ok(Clock::ProcessCpu),
        (true, owner) => {
            let thread = task.process.thread(owner).ok_or(Errno::EINVAL)?;
            Ok(Clock::ThreadCpuOf(thread.parker().host_thread()))
        }
        // The host counts no other process's time for us, so nobody can wait for it.
        (false, _) => Err(Errno::EINVAL),
    }
}
