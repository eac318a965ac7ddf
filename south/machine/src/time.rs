//! Noun *time*: the time-stamp counter, and the battery's clock at the start.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use litebox_host::HostError;
use litebox_host::time::{Alarm, Clock, Deadline, Ring, Time, Vdso};

use crate::host::BareMachine;
use crate::scheduler::{self, NewThread};
use crate::timer;

/// Seconds since 1970 at the start.
static EPOCH: AtomicU64 = AtomicU64::new(0);

/// Read the battery's clock.
pub(crate) fn initialise() {
    EPOCH.store(timer::wall_clock(), Ordering::Relaxed);
}

impl Time for BareMachine {
    fn now(&self, clock: Clock) -> Duration {
        let started = Duration::from_nanos(timer::now());
        match clock {
            Clock::Realtime | Clock::RealtimeCoarse | Clock::Tai => {
                started + Duration::from_secs(EPOCH.load(Ordering::Relaxed))
            }
            Clock::Monotonic | Clock::MonotonicRaw | Clock::MonotonicCoarse | Clock::Boottime => started,
            Clock::ThreadCpu => Duration::from_nanos(scheduler::current().used()),
            Clock::ProcessCpu => {
                let thread = scheduler::current();
                Duration::from_nanos(thread.process().used() + thread.running())
            }
            Clock::ThreadCpuOf(thread) => {
                Duration::from_nanos(scheduler::find(thread.0).map_or(0, |thread| thread.used()))
            }
        }
    }

    fn resolution(&self, _: Clock) -> Duration {
        Duration::from_nanos(1)
    }
}

impl Alarm for BareMachine {
    fn set_alarm(&self, alarm: &Arc<dyn Ring>, deadline: Option<Deadline>) -> Result<(), HostError> {
        let current = scheduler::current();
        let process = Arc::clone(current.process());
        process.alarm.set(alarm, deadline, || {
            let (of, space) = (Arc::clone(&process), Arc::clone(current.space()));
            let new = NewThread { process: Arc::clone(&process), space, thread_pointer: 0 };
            scheduler::start_kernel(new, Box::new(move || of.alarm.serve())).map(|_| ())
        })
    }
}

/// Clocks are read by system calls.
impl Vdso for BareMachine {
    fn vdso(&self) -> Option<&[u8]> {
        None
    }
}
