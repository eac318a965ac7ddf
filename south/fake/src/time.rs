//! Noun *time*: a clock that only tests and blocked threads move.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use litebox_host::HostError;
use litebox_host::time::{Alarm, Clock, Deadline, Ring, Time, Vdso};

use crate::host::{FakeHost, lock};
use crate::thread::Threads;

/// How often, in real time, a timed wait looks at the virtual clock.
pub(crate) const POLL: Duration = Duration::from_millis(2);
/// For how long, in real time, nothing may have happened before the clock jumps.
const QUIET: Duration = Duration::from_millis(20);

/// The monotonic clock's first reading in nanoseconds.
const START: u64 = 1_000_000_000_000;
/// What the wall clock shows more than the monotonic one: about the year 2033.
const REALTIME_OFFSET: Duration = Duration::from_secs(2_000_000_000);
/// What international atomic time shows more than the wall clock.
const LEAP_SECONDS: Duration = Duration::from_secs(37);

/// The virtual clock.
pub(crate) struct VirtualClock {
    state: Mutex<ClockState>,
}

struct ClockState {
    now: u64,
    next_sleeper: u64,
    /// Deadlines of all sleepers, each made unique by a number.
    sleepers: BTreeSet<(u64, u64)>,
    /// When something last happened.
    last_activity: Instant,
}

impl Default for VirtualClock {
    fn default() -> Self {
        let state = ClockState {
            now: START,
            next_sleeper: 0,
            sleepers: BTreeSet::new(),
            last_activity: Instant::now(),
        };
        Self { state: Mutex::new(state) }
    }
}

impl VirtualClock {
    /// Something happened: the clock does not jump for a while.
    pub(crate) fn note_activity(&self) {
        lock(&self.state).last_activity = Instant::now();
    }

    /// The start of a sleep until `deadline`, or for ever.
    pub(crate) fn sleep(&self, deadline: Option<Deadline>) -> Sleep<'_> {
        let mut state = lock(&self.state);
        state.last_activity = Instant::now();
        let entry = deadline.map(|deadline| {
            state.next_sleeper += 1;
            (deadline.0, state.next_sleeper)
        });
        state.sleepers.extend(entry);
        Sleep { clock: self, entry }
    }

    fn now(&self) -> u64 {
        lock(&self.state).now
    }
}

/// A sleep that has begun; over when it is dropped.
pub(crate) struct Sleep<'a> {
    clock: &'a VirtualClock,
    entry: Option<(u64, u64)>,
}

impl Sleep<'_> {
    /// Whether the deadline has come.
    pub(crate) fn is_over(&self) -> bool {
        self.entry.is_some_and(|(deadline, _)| self.clock.now() >= deadline)
    }

    /// Real time has passed: let the clock jump to this sleep's deadline, if it is the earliest, nothing happens
    /// and no guest thread runs.
    pub(crate) fn tick(&self, threads: &Threads) {
        let state = lock(&self.clock.state);
        let earliest = self.entry.is_some() && state.sleepers.first() == self.entry.as_ref();
        let quiet = state.last_activity.elapsed() >= QUIET;
        drop(state);
        if earliest && quiet && threads.all_blocked() {
            self.run_out();
        }
    }

    /// Let the clock jump to the deadline.
    pub(crate) fn run_out(&self) {
        let mut state = lock(&self.clock.state);
        state.now = state.now.max(self.entry.unwrap_or_default().0);
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.clock.state);
        state.last_activity = Instant::now();
        if let Some(entry) = self.entry {
            state.sleepers.remove(&entry);
        }
    }
}

impl FakeHost {
    /// Move the clocks forward.
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let mut state = lock(&self.state.clock.state);
        state.now = state.now.saturating_add(by);
    }
}

impl Time for FakeHost {
    fn now(&self, clock: Clock) -> Duration {
        let now = Duration::from_nanos(self.state.clock.now());
        match clock {
            Clock::Realtime | Clock::RealtimeCoarse => now + REALTIME_OFFSET,
            Clock::Tai => now + REALTIME_OFFSET + LEAP_SECONDS,
            Clock::Monotonic | Clock::MonotonicCoarse | Clock::MonotonicRaw | Clock::Boottime => now,
            Clock::ProcessCpu | Clock::ThreadCpu | Clock::ThreadCpuOf(_) => now - Duration::from_nanos(START),
        }
    }

    fn resolution(&self, _: Clock) -> Duration {
        Duration::from_nanos(1)
    }
}

impl Vdso for FakeHost {
    /// Only what a test set: the clock is virtual, and no code runs.
    fn vdso(&self) -> Option<&[u8]> {
        self.state.vdso.get().map(|image| &**image)
    }
}

impl FakeHost {
    /// Give guests an image, once.
    pub fn set_vdso(&self, image: &[u8]) {
        self.state.vdso.get_or_init(|| image.into());
    }
}

/// The process's one alarm.
#[derive(Default)]
pub(crate) struct AlarmClock {
    setting: Mutex<Setting>,
    changed: Condvar,
}

#[derive(Default)]
struct Setting {
    deadline: Option<Deadline>,
    /// Counts the settings, so that the alarm's thread sees that one replaced another.
    generation: u64,
    started: bool,
}

impl Alarm for FakeHost {
    fn set_alarm(&self, alarm: &Arc<dyn Ring>, deadline: Option<Deadline>) -> Result<(), HostError> {
        let mut setting = lock(&self.state.alarm.setting);
        setting.deadline = deadline;
        setting.generation += 1;
        if !setting.started {
            setting.started = true;
            let (host, alarm) = (self.clone(), Arc::clone(alarm));
            std::thread::spawn(move || host.run_alarm(alarm.as_ref()));
        }
        self.state.alarm.changed.notify_all();
        Ok(())
    }
}

impl FakeHost {
    /// The alarm's thread: it lives as long as the test's process.
    fn run_alarm(&self, alarm: &dyn Ring) {
        self.bind_this_thread();
        loop {
            let (deadline, generation) = self.next_alarm();
            if !self.sleep_for_alarm(deadline, generation) {
                continue;
            }
            let next = alarm.ring();
            let mut setting = lock(&self.state.alarm.setting);
            if setting.generation == generation {
                setting.deadline = next;
                setting.generation += 1;
            }
        }
    }

    fn next_alarm(&self) -> (Deadline, u64) {
        let mut setting = lock(&self.state.alarm.setting);
        loop {
            if let Some(deadline) = setting.deadline {
                return (deadline, setting.generation);
            }
            setting = self.state.alarm.changed.wait(setting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether the deadline came before another was set.
    fn sleep_for_alarm(&self, deadline: Deadline, generation: u64) -> bool {
        let sleep = self.state.clock.sleep(Some(deadline));
        let mut setting = lock(&self.state.alarm.setting);
        while setting.generation == generation {
            if sleep.is_over() {
                return true;
            }
            let woken = self.state.alarm.changed.wait_timeout(setting, POLL);
            setting = woken.unwrap_or_else(PoisonError::into_inner).0;
            sleep.tick(&self.state.threads);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bell(std::sync::mpsc::Sender<()>);

    impl Ring for Bell {
        fn ring(&self) -> Option<Deadline> {
            let _ = self.0.send(());
            None
        }
    }

    #[test]
    fn clocks_move_when_told() {
        let host = FakeHost::new();
        let before = host.now(Clock::Realtime);
        host.advance(Duration::from_secs(5));
        assert_eq!(host.now(Clock::Realtime) - before, Duration::from_secs(5));
    }

    #[test]
    fn an_alarm_rings_at_its_time_and_not_before() {
        let host = FakeHost::new();
        let (sender, receiver) = std::sync::mpsc::channel();
        let alarm: Arc<dyn Ring> = Arc::new(Bell(sender));
        host.set_alarm(&alarm, Some(Deadline(START + 5_000_000_000))).unwrap();
        receiver.recv().unwrap();
        assert!(host.now(Clock::Monotonic) >= Duration::from_nanos(START + 5_000_000_000));
    }
}
