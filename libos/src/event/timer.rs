//! A timer that is read (`timerfd_create(2)`).
//!
//! Nothing runs when it expires: whoever waits for it sleeps until the earliest moment that
//! [`File::deadline`] answers.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::file::{Attributes, FileKind};
use litebox_host::sync::Mutex;
use litebox_host::time::{Clock, Deadline, Time};

use super::{Readiness, WaitQueue};
use crate::error::{Error, ErrorKind, Result};
use crate::file::{File, anonymous_attributes};
use crate::user::Destination;

/// A timer on one clock of a host.
pub struct Timer<H> {
    host: H,
    clock: Clock,
    state: Mutex<State>,
    queue: WaitQueue,
}

/// When a timer expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TimerSetting {
    /// The time until the next expiration, or when it is; 0 for never.
    pub value: Duration,
    /// The time between expirations; 0 for only one.
    pub interval: Duration,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// The first expiration since the last read, as the clock reads then.
    next: Option<Duration>,
    interval: Duration,
}

impl State {
    /// Expirations up to `now` since the last read.
    fn expirations(&self, now: Duration) -> u64 {
        let Some(next) = self.next.filter(|next| *next <= now) else { return 0 };
        if self.interval.is_zero() {
            return 1;
        }
        let more = (now - next).as_nanos() / self.interval.as_nanos();
        u64::try_from(more).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// The first expiration after `now`.
    fn upcoming(&self, now: Duration) -> Option<Duration> {
        let next = self.next?;
        if next > now {
            return Some(next);
        }
        if self.interval.is_zero() {
            return None;
        }
        let past = (now - next).as_nanos() % self.interval.as_nanos();
        let past = Duration::from_nanos(u64::try_from(past).unwrap_or(u64::MAX));
        Some(now.saturating_add(self.interval).saturating_sub(past))
    }
}

impl<H: Time + Send + Sync + 'static> Timer<H> {
    /// A timer on `clock` that never expires.
    pub fn new(host: H, clock: Clock) -> Arc<Self> {
        Arc::new(Self { host, clock, state: Mutex::new(State::default()), queue: WaitQueue::new() })
    }

    /// Set the timer; `setting.value` is a reading of the clock if `absolute`, else a time from now. What was set
    /// before.
    pub fn set(&self, setting: TimerSetting, absolute: bool) -> TimerSetting {
        let now = self.host.now(self.clock);
        let next = if absolute { setting.value } else { now.saturating_add(setting.value) };
        let next = (!setting.value.is_zero()).then_some(next);
        let mut state = self.state.lock();
        let before = remaining(&state, now);
        *state = State { next, interval: setting.interval };
        drop(state);
        // Whoever waits for it sleeps until the old time.
        self.queue.wake(Readiness::READ);
        before
    }

    /// The time until the next expiration, and the interval.
    pub fn get(&self) -> TimerSetting {
        remaining(&self.state.lock(), self.host.now(self.clock))
    }

    /// The clock's reading `at` as a time of the monotonic clock.
    fn monotonic(&self, at: Duration) -> Deadline {
        let now = self.host.now(Clock::Monotonic);
        let here = if self.clock == Clock::Monotonic { now } else { self.host.now(self.clock) };
        let then = if at >= here { now.saturating_add(at - here) } else { now.saturating_sub(here - at) };
        Deadline(u64::try_from(then.as_nanos()).unwrap_or(u64::MAX))
    }
}

fn remaining(state: &State, now: Duration) -> TimerSetting {
    let value = state.upcoming(now).map_or(Duration::ZERO, |next| next - now);
    TimerSetting { value, interval: state.interval }
}

impl<H: Time + Send + Sync + 'static> File for Timer<H> {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        if to.remaining() < size_of::<u64>() {
            return Err(Error::new(ErrorKind::InvalidArgument, "fewer than the eight bytes of a count"));
        }
        let now = self.host.now(self.clock);
        let mut state = self.state.lock();
        let count = state.expirations(now);
        if count == 0 {
            return Err(Error::new(ErrorKind::WouldBlock, "the timer has not expired"));
        }
        state.next = state.upcoming(now);
        drop(state);
        to.put(&count.to_ne_bytes())
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Regular, 0o600, self))
    }

    fn ignores_seek(&self) -> bool {
        true
    }

    fn readiness(&self) -> Readiness {
        let now = self.host.now(self.clock);
        if self.state.lock().expirations(now) > 0 { Readiness::READ } else { Readiness::empty() }
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.queue)
    }

    fn deadline(&self, after: Option<Deadline>) -> Option<Deadline> {
        let state = *self.state.lock();
        let first = self.monotonic(state.next?);
        let Some(after) = after.filter(|after| *after >= first) else { return Some(first) };
        let interval = u64::try_from(state.interval.as_nanos()).unwrap_or(u64::MAX);
        let passed = (after.0 - first.0).checked_div(interval)?;
        Some(Deadline(first.0.saturating_add(passed.saturating_add(1).saturating_mul(interval))))
    }

    fn is_timed(&self) -> bool {
        true
    }

    fn label(&self) -> Vec<u8> {
        b"anon_inode:[timerfd]".to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn expirations_count_up_until_read() {
        let state = State { next: Some(SECOND * 10), interval: SECOND * 2 };
        assert_eq!(state.expirations(SECOND * 9), 0);
        assert_eq!(state.expirations(SECOND * 10), 1);
        assert_eq!(state.expirations(SECOND * 15), 3);
        assert_eq!(state.upcoming(SECOND * 15), Some(SECOND * 16));
        assert_eq!(state.upcoming(SECOND * 16), Some(SECOND * 18));
    }

    #[test]
    fn a_single_expiration_is_all() {
        let state = State { next: Some(SECOND), interval: Duration::ZERO };
        assert_eq!(state.expirations(SECOND * 15), 1);
        assert_eq!(state.upcoming(SECOND), None);
    }
}
