//! Timers that send signals: once, or again and again.

use alloc::sync::{Arc, Weak};
use core::time::Duration;

use litebox_host::sync::Mutex;
use litebox_host::time::{Alarm, Clock, Deadline, Time};

use super::{Expire, TimerKey, Timers};
use crate::error::Result;
use crate::limit::Resource;
use crate::process::Process;
use crate::signal::{Detail, SignalInfo};
use crate::thread::Thread;

/// What a timer does when it expires.
pub struct Notice {
    /// The process that learns it.
    pub process: Weak<Process>,
    /// The thread that learns it, if it is not the process as a whole.
    pub thread: Option<Weak<Thread>>,
    /// What is sent; `None` if the timer is only looked at.
    pub signal: Option<SignalInfo>,
}

impl Notice {
    /// Send it, for `times` expiries at once.
    fn send(&self, times: u64) {
        let (Some(process), Some(mut info)) = (self.process.upgrade(), self.signal) else { return };
        let thread = match &self.thread {
            Some(thread) => match thread.upgrade() {
                Some(thread) => Some(thread),
                None => return,
            },
            None => None,
        };
        let times = i32::try_from(times).unwrap_or(i32::MAX);
        if let Detail::Timer { timer, overrun, .. } = &mut info.detail {
            if process.count_overrun(*timer, thread.as_deref(), times) {
                return;
            }
            *overrun = times - 1;
        }
        let limit = usize::try_from(process.limits.soft(Resource::PendingSignals)).unwrap_or(usize::MAX);
        // A full queue loses the expiry, as it would lose the signal.
        let _ = match thread {
            Some(thread) => process.send_to_thread(&thread, info, limit),
            None => process.send(info, limit),
        };
    }
}

/// When a timer expires next, and how often after that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// Time until it expires; zero if it does not.
    pub remaining: Duration,
    /// Time from one expiry to the next; zero if there is only one.
    pub interval: Duration,
}

/// A timer on one of the host's clocks.
pub struct IntervalTimer<H: Time + Alarm + Send + Sync + 'static> {
    timers: Arc<Timers<H>>,
    key: TimerKey,
    target: Arc<Target<H>>,
}

struct Target<H> {
    host: H,
    clock: Clock,
    notice: Notice,
    schedule: Mutex<Schedule>,
}

/// In nanoseconds of the timer's clock.
#[derive(Default)]
struct Schedule {
    expiry: Option<u64>,
    interval: u64,
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl<H: Time> Target<H> {
    fn now(&self) -> u64 {
        nanoseconds(self.host.now(self.clock))
    }
}

impl<H: Time + Send + Sync> Expire for Target<H> {
    fn expire(&self, now: Deadline) -> Option<Deadline> {
        let clock_now = self.now();
        let mut schedule = self.schedule.lock();
        let expiry = schedule.expiry?;
        let mut times = 0;
        if clock_now >= expiry {
            let missed = (clock_now - expiry).checked_div(schedule.interval).unwrap_or(0);
            times = missed.saturating_add(1);
            let later = expiry.saturating_add(times.saturating_mul(schedule.interval));
            schedule.expiry = (schedule.interval > 0).then_some(later);
        }
        // A clock that runs slower than the monotonic one, as processor time does, is looked at again.
        let next = schedule.expiry.map(|next| Deadline(now.0.saturating_add(next.saturating_sub(clock_now))));
        drop(schedule);
        if times > 0 {
            self.notice.send(times);
        }
        next
    }
}

impl<H: Time + Alarm + Clone + Send + Sync + 'static> IntervalTimer<H> {
    /// A timer on `clock` that is not set.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`](crate::ErrorKind).
    pub fn new(host: H, timers: &Arc<Timers<H>>, clock: Clock, notice: Notice) -> Result<Self> {
        let target = Arc::new(Target { host, clock, notice, schedule: Mutex::default() });
        let key = timers.add(Arc::<Target<H>>::clone(&target))?;
        Ok(Self { timers: Arc::clone(timers), key, target })
    }

    /// The timer's clock now.
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.target.now())
    }

    /// How it is set.
    pub fn get(&self) -> Setting {
        let now = self.target.now();
        let schedule = self.target.schedule.lock();
        // A timer whose expiry is due but not delivered yet is still set.
        let remaining = schedule.expiry.map_or(0, |expiry| expiry.saturating_sub(now).max(1));
        Setting {
            remaining: Duration::from_nanos(remaining),
            interval: Duration::from_nanos(schedule.interval),
        }
    }

    /// Set it to expire when its clock shows `expiry`, or not at all, and every `interval` after that; how it was
    /// set.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`](crate::ErrorKind) if the host has no alarm.
    pub fn set(&self, expiry: Option<Duration>, interval: Duration) -> Result<Setting> {
        let old = self.get();
        let clock_now = self.target.now();
        let expiry = expiry.map(nanoseconds);
        {
            let mut schedule = self.target.schedule.lock();
            schedule.expiry = expiry;
            schedule.interval = if expiry.is_some() { nanoseconds(interval) } else { 0 };
        }
        let start = self.timers.now().0;
        let deadline = expiry.map(|expiry| Deadline(start.saturating_add(expiry.saturating_sub(clock_now))));
        self.timers.set(self.key, deadline)?;
        Ok(old)
    }
}

impl<H: Time + Alarm + Send + Sync + 'static> Drop for IntervalTimer<H> {
    fn drop(&mut self) {
        self.timers.remove(self.key);
    }
}

#[cfg(test)]
mod tests {
    use litebox_host_fake::FakeHost;

    use super::*;
    use crate::signal::{Signal, SignalSet};

    #[test]
    fn expiries_that_nobody_took_are_counted() {
        let host = FakeHost::new();
        let thread = Thread::new(1);
        let process = Process::new(1, 0, Arc::clone(&thread));
        process.set_mask(&thread, SignalSet::ALL);
        let detail = Detail::Timer { timer: 3, overrun: 0, value: 9 };
        let signal = Some(SignalInfo { signal: Signal::SIGALRM, code: -2, detail });
        let notice = Notice { process: Arc::downgrade(&process), thread: None, signal };
        let timers = Timers::new(host.clone());
        let timer = IntervalTimer::new(host.clone(), &timers, Clock::Monotonic, notice).unwrap();
        let second = Duration::from_secs(1);
        timer.set(Some(timer.now() + second), second).unwrap();
        assert_eq!(timer.get(), Setting { remaining: second, interval: second });
        host.advance(Duration::from_millis(3500));
        while process.pending(&thread).is_empty() {
            std::thread::yield_now();
        }
        timer.set(None, second).unwrap();
        let info = process.take_signal(&thread, SignalSet::ALL).unwrap();
        let Detail::Timer { timer: 3, overrun, value: 9 } = info.detail else { panic!("{info:?}") };
        assert!(overrun >= 2);
        assert_eq!(timer.get(), Setting::default());
    }
}
