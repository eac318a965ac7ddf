//! Noun *time*: the host's clocks.

use alloc::sync::Arc;
use core::time::Duration;

use crate::HostError;
use crate::ambient;
use crate::sync::{AtomicU32, Mutex, Ordering};
use crate::thread::HostThread;

/// A point in time on [`Clock::Monotonic`], in nanoseconds: when a wait gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub u64);

/// The clocks a host has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Wall-clock time since 1970-01-01 UTC; may be set.
    Realtime,
    /// Time since some start; never goes back, stops while the machine sleeps.
    Monotonic,
    /// [`Clock::Monotonic`] without rate adjustments.
    MonotonicRaw,
    /// [`Clock::Realtime`] as of the last timer tick: cheap and not precise.
    RealtimeCoarse,
    /// [`Clock::Monotonic`] as of the last timer tick.
    MonotonicCoarse,
    /// [`Clock::Monotonic`] plus the time the machine slept.
    Boottime,
    /// International atomic time.
    Tai,
    /// Processor time used by the current guest process.
    ProcessCpu,
    /// Processor time used by the calling thread.
    ThreadCpu,
    /// Processor time used by a thread of the current guest process; 0 once it is gone.
    ThreadCpuOf(HostThread),
}

/// The host's clocks.
pub trait Time {
    /// The clock's reading.
    fn now(&self, clock: Clock) -> Duration;
    /// The smallest step of the clock.
    fn resolution(&self, clock: Clock) -> Duration;
}

/// What an [`Alarm`] calls.
pub trait Ring: Send + Sync {
    /// The time has come, or has passed a little. Answers when to ring next, if at all; a
    /// [`set_alarm`](Alarm::set_alarm) made while this runs wins over the answer. Does not block.
    fn ring(&self) -> Option<Deadline>;
}

/// One timer for each guest process, for what happens while no thread of it waits for time to pass.
pub trait Alarm {
    /// Call `alarm.ring()` once `deadline` has come, in place of the deadline set before; `None` stops it. The
    /// call comes on a thread (or in an interrupt) of the host's own that never runs guest code and holds no
    /// lock. a process has one alarm: `alarm` is the same in all calls from a process.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] if the host has no timer or thread for it.
    fn set_alarm(&self, alarm: &Arc<dyn Ring>, deadline: Option<Deadline>) -> Result<(), HostError>;
}

/// A process's alarm, for hosts that give it a thread: one that sleeps until the deadline and then rings. It is made when
/// the first alarm is set, and runs no guest code.
#[derive(Default)]
pub struct AlarmClock {
    setting: Mutex<Setting>,
    /// Counts changes of the setting; the thread sleeps on it.
    changes: AtomicU32,
}

#[derive(Default)]
struct Setting {
    alarm: Option<Arc<dyn Ring>>,
    deadline: Option<Deadline>,
    /// Whether the thread exists.
    running: bool,
    /// The process ends, and so does the thread.
    stopped: bool,
}

impl AlarmClock {
    /// Not set, and without a thread.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`Alarm::set_alarm`]; `start` starts the thread, which is to call [`serve`](Self::serve).
    ///
    /// # Errors
    /// Those of `start`.
    pub fn set(
        &self,
        alarm: &Arc<dyn Ring>,
        deadline: Option<Deadline>,
        start: impl FnOnce() -> Result<(), HostError>,
    ) -> Result<(), HostError> {
        let mut setting = self.setting.lock();
        if !setting.running && deadline.is_some() {
            start()?;
            setting.running = true;
        }
        setting.alarm = Some(Arc::clone(alarm));
        setting.deadline = deadline;
        drop(setting);
        self.announce();
        Ok(())
    }

    /// Whether it has a thread.
    pub fn is_running(&self) -> bool {
        self.setting.lock().running
    }

    /// End the thread, if there is one.
    pub fn stop(&self) {
        self.setting.lock().stopped = true;
        self.announce();
    }

    fn announce(&self) {
        self.changes.fetch_add(1, Ordering::Release);
        ambient::wake(&self.changes, 1);
    }

    /// Sleep and ring until [`stop`](Self::stop).
    pub fn serve(&self) {
        loop {
            let seen = self.changes.load(Ordering::Acquire);
            let (alarm, deadline) = {
                let setting = self.setting.lock();
                if setting.stopped {
                    return;
                }
                (setting.alarm.clone(), setting.deadline)
            };
            if ambient::wait(&self.changes, seen, deadline).is_ok() {
                continue;
            }
            let next = alarm.and_then(|alarm| alarm.ring());
            let mut setting = self.setting.lock();
            // A deadline that was set meanwhile counts, not the one that followed from the older setting.
            if self.changes.load(Ordering::Acquire) == seen {
                setting.deadline = next;
            }
        }
    }
}

/// Reading clocks without entering the library OS.
pub trait Vdso {
    /// A shared object for the guest's processor: whole pages, right at any page of the guest's, with the functions
    /// of `vdso(7)`. `None` if guests of this host have to make system calls.
    fn vdso(&self) -> Option<&[u8]>;
}
