//! Signals that were sent and not yet taken.

use alloc::collections::VecDeque;

use super::{Detail, Signal, SignalInfo, SignalSet};
use crate::error::{Error, ErrorKind, Result};

/// What is pending for one thread or one process.
///
/// A signal may be pending without information: when no queue entry could be had for it.
#[derive(Default)]
pub struct Pending {
    set: SignalSet,
    queue: VecDeque<SignalInfo>,
}

impl Pending {
    /// The signals that are pending.
    pub const fn set(&self) -> SignalSet {
        self.set
    }

    /// How many entries are queued.
    pub fn queued(&self) -> usize {
        self.queue.len()
    }

    /// Add a sending; `limit` is how many may be queued here. Of a signal that is not real-time, one sending is
    /// pending at most.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if the queue is full and the sender wanted each sending to count.
    pub fn push(&mut self, info: SignalInfo, limit: usize) -> Result<()> {
        if !info.signal.is_realtime() && self.set.contains(info.signal) {
            return Ok(());
        }
        // A fault's information is never lost: a thread has at most one.
        let fits = self.queue.len() < limit || !info.signal.is_realtime();
        if fits && self.queue.try_reserve(1).is_ok() {
            self.queue.push_back(info);
        } else if info.signal.is_realtime() && info.wants_queue() {
            return Err(Error::new(ErrorKind::WouldBlock, "too many signals are queued"));
        }
        self.set.insert(info.signal);
        Ok(())
    }

    /// Take the first signal of `wanted`, oldest sending first.
    pub fn take(&mut self, wanted: SignalSet) -> Option<SignalInfo> {
        let signal = self.set.intersection(wanted).first()?;
        let index = self.queue.iter().position(|info| info.signal == signal);
        let info = index.and_then(|index| self.queue.remove(index));
        if !self.queue.iter().any(|info| info.signal == signal) {
            self.set.remove(signal);
        }
        Some(info.unwrap_or(SignalInfo { signal, code: 0, detail: Detail::None }))
    }

    /// What is queued.
    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = &mut SignalInfo> {
        self.queue.iter_mut()
    }

    /// Forget all sendings of the signals in `unwanted`.
    pub fn discard(&mut self, unwanted: SignalSet) {
        self.set = self.set.difference(unwanted);
        self.queue.retain(|info| !unwanted.contains(info.signal));
    }

    /// Forget what timers sent that a process makes.
    pub(super) fn discard_timers(&mut self) {
        let mut gone = SignalSet::EMPTY;
        self.queue.retain(|info| {
            let is_timer = matches!(info.detail, Detail::Timer { .. });
            if is_timer {
                gone.insert(info.signal);
            }
            !is_timer
        });
        self.set = self.set.difference(gone);
        for info in &self.queue {
            self.set.insert(info.signal);
        }
    }

    /// Forget all sendings of `signal`.
    pub fn discard_one(&mut self, signal: Signal) {
        self.discard(SignalSet::of(&[signal]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(number: i32, value: u64) -> SignalInfo {
        let detail = Detail::Value { process: 1, user: 0, value };
        SignalInfo { signal: Signal::new(number).unwrap(), code: -1, detail }
    }

    #[test]
    fn realtime_signals_queue_in_order_and_others_merge() {
        let mut pending = Pending::default();
        for entry in [info(34, 1), info(10, 2), info(34, 3), info(10, 4)] {
            pending.push(entry, 8).unwrap();
        }
        assert_eq!(pending.take(SignalSet::ALL), Some(info(10, 2)));
        assert_eq!(pending.take(SignalSet::ALL), Some(info(34, 1)));
        assert_eq!(pending.take(SignalSet::ALL), Some(info(34, 3)));
        assert_eq!(pending.take(SignalSet::ALL), None);
    }

    #[test]
    fn a_full_queue_is_the_senders_error_only_if_it_queued() {
        let mut pending = Pending::default();
        assert_eq!(pending.push(info(40, 1), 0).unwrap_err().kind, ErrorKind::WouldBlock);
        let plain = SignalInfo { detail: Detail::Sender { process: 1, user: 0 }, ..info(40, 0) };
        pending.push(plain, 0).unwrap();
        assert_eq!(pending.take(SignalSet::ALL).map(|info| info.detail), Some(Detail::None));
    }

    #[test]
    fn what_timers_sent_can_be_forgotten() {
        let mut pending = Pending::default();
        let detail = Detail::Timer { timer: 1, overrun: 0, value: 0 };
        for entry in [info(34, 1), SignalInfo { detail, ..info(34, 0) }, SignalInfo { detail, ..info(14, 0) }]
        {
            pending.push(entry, 8).unwrap();
        }
        pending.discard_timers();
        assert_eq!(pending.take(SignalSet::ALL), Some(info(34, 1)));
        assert_eq!(pending.take(SignalSet::ALL), None);
    }
}
