//! A process's timers: deadlines that come whether or not a thread waits for them.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Mutex;
use litebox_host::time::{Alarm, Clock, Deadline, Ring, Time};

use crate::error::{Error, ErrorKind, Result};

/// What a timer does.
pub trait Expire: Send + Sync {
    /// The deadline has come; it is `now`. Answers the next one, for a timer that goes on. Must not block.
    fn expire(&self, now: Deadline) -> Option<Deadline>;
}

/// Names a timer of the [`Timers`] that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerKey(u64);

/// The timers of one process, over its host's alarm.
///
/// Lock order: the lock here, then whatever the host's `set_alarm` takes. Targets are called without it.
pub struct Timers<H> {
    host: H,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    next: u64,
    entries: Vec<Entry>,
}

struct Entry {
    key: u64,
    deadline: Option<Deadline>,
    target: Arc<dyn Expire>,
}

impl Table {
    fn earliest(&self) -> Option<Deadline> {
        self.entries.iter().filter_map(|entry| entry.deadline).min()
    }

    /// A timer whose time has come, and which no longer has a deadline now.
    fn take_due(&mut self, now: Deadline) -> Option<(TimerKey, Arc<dyn Expire>)> {
        let due = |entry: &&mut Entry| entry.deadline.is_some_and(|deadline| deadline <= now);
        let entry = self.entries.iter_mut().find(due)?;
        entry.deadline = None;
        Some((TimerKey(entry.key), Arc::clone(&entry.target)))
    }
}

impl<H: Time + Alarm + Send + Sync + 'static> Timers<H> {
    /// No timers.
    pub fn new(host: H) -> Arc<Self> {
        Arc::new(Self { host, table: Mutex::default() })
    }

    /// The monotonic clock's reading.
    pub fn now(&self) -> Deadline {
        Deadline(u64::try_from(self.host.now(Clock::Monotonic).as_nanos()).unwrap_or(u64::MAX))
    }

    /// Add a timer without a deadline.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn add(&self, target: Arc<dyn Expire>) -> Result<TimerKey> {
        let mut table = self.table.lock();
        table.entries.try_reserve(1).map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a timer"))?;
        let key = table.next;
        table.next += 1;
        table.entries.push(Entry { key, deadline: None, target });
        Ok(TimerKey(key))
    }

    /// Set or clear a timer's deadline; the one before.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`] if the host has no alarm.
    pub fn set(self: &Arc<Self>, key: TimerKey, deadline: Option<Deadline>) -> Result<Option<Deadline>> {
        let mut table = self.table.lock();
        let before = table.earliest();
        let Some(entry) = table.entries.iter_mut().find(|entry| entry.key == key.0) else { return Ok(None) };
        let old = core::mem::replace(&mut entry.deadline, deadline);
        let after = table.earliest();
        if before != after {
            let alarm: Arc<dyn Ring> = Arc::<Self>::clone(self);
            self.host.set_alarm(&alarm, after)?;
        }
        Ok(old)
    }

    /// Set the alarm again: the host made a new process for this one's.
    ///
    /// # Errors
    /// As [`Timers::set`].
    pub fn rearm(self: &Arc<Self>) -> Result<()> {
        let earliest = self.table.lock().earliest();
        if earliest.is_some() {
            let alarm: Arc<dyn Ring> = Arc::<Self>::clone(self);
            self.host.set_alarm(&alarm, earliest)?;
        }
        Ok(())
    }

    /// A timer's deadline.
    pub fn deadline(&self, key: TimerKey) -> Option<Deadline> {
        self.table.lock().entries.iter().find(|entry| entry.key == key.0)?.deadline
    }

    /// Forget a timer. Its target may be called once more, if its time came at this moment.
    pub fn remove(&self, key: TimerKey) {
        // The alarm may ring once for nothing.
        self.table.lock().entries.retain(|entry| entry.key != key.0);
    }
}

impl<H: Time + Alarm + Send + Sync + 'static> Ring for Timers<H> {
    fn ring(&self) -> Option<Deadline> {
        let now = self.now();
        loop {
            let Some((key, target)) = self.table.lock().take_due(now) else { break };
            let next = target.expire(now);
            let mut table = self.table.lock();
            let entry = table.entries.iter_mut().find(|entry| entry.key == key.0);
            if let (Some(entry), Some(next)) = (entry, next) {
                // Whoever set a deadline in the meantime is right; a deadline that has passed waits for the next
                // ring, so that no timer keeps this loop busy.
                entry.deadline.get_or_insert(Deadline(next.0.max(now.0 + 1)));
            }
        }
        self.table.lock().earliest()
    }
}

#[cfg(test)]
mod tests {
    use litebox_host_fake::FakeHost;
    use std::sync::mpsc;

    use super::*;

    struct Note(mpsc::Sender<u64>, Option<u64>);

    impl Expire for Note {
        fn expire(&self, now: Deadline) -> Option<Deadline> {
            self.0.send(now.0).ok()?;
            self.1.map(|period| Deadline(now.0 + period))
        }
    }

    #[test]
    fn timers_expire_in_order_and_go_on() {
        let timers = Timers::new(FakeHost::new());
        let start = timers.now().0;
        let (sender, receiver) = mpsc::channel();
        let late = timers.add(Arc::new(Note(sender.clone(), None))).unwrap();
        let early = timers.add(Arc::new(Note(sender, Some(1000)))).unwrap();
        timers.set(late, Some(Deadline(start + 5500))).unwrap();
        timers.set(early, Some(Deadline(start + 1000))).unwrap();
        for _ in 0..7 {
            assert!(receiver.recv().unwrap() > start);
        }
        timers.remove(early);
        assert_eq!(timers.deadline(late), None);
    }
}
