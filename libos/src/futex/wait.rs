//! Sleeping on futexes.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::time::Deadline;

use super::queue::{Futexes, Key, Ticket};
use crate::error::{Error, ErrorKind, Result};
use crate::thread::Thread;

/// One of the futexes that a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The futex.
    pub key: Key,
    /// Which wake-ups count: those whose mask meets this.
    pub mask: u32,
}

/// Tickets in queues; those still there are withdrawn on drop.
struct Tickets<'a> {
    futexes: &'a Futexes,
    tickets: Vec<Arc<Ticket>>,
}

impl Tickets<'_> {
    fn woken(&self) -> Option<usize> {
        self.tickets.iter().position(|ticket| ticket.is_woken())
    }

    /// Leave all queues; the first that a waker was faster in.
    fn leave(&mut self) -> Option<usize> {
        let mut woken = None;
        for (index, ticket) in self.tickets.drain(..).enumerate() {
            if !self.futexes.withdraw(&ticket) {
                woken.get_or_insert(index);
            }
        }
        woken
    }
}

impl Drop for Tickets<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Futexes {
    /// Block `thread` until a wake-up of `watch`. `is_expected` looks at the word, once, atomically with the
    /// start of the wait.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if the word is not as expected, [`ErrorKind::TimedOut`],
    /// [`ErrorKind::Interrupted`], and whatever `is_expected` answers.
    pub fn wait(
        &self,
        thread: &Thread,
        watch: Watch,
        deadline: Option<Deadline>,
        is_expected: impl FnOnce() -> Result<bool>,
    ) -> Result<()> {
        let mut is_expected = Some(is_expected);
        let look = |_| is_expected.take().map_or(Ok(true), |look| look());
        self.wait_any(thread, &[watch], deadline, look).map(|_| ())
    }

    /// Block `thread` until a wake-up of one of `watches`; which. `is_expected` looks at the word of each.
    ///
    /// # Errors
    /// As [`Futexes::wait`].
    pub fn wait_any(
        &self,
        thread: &Thread,
        watches: &[Watch],
        deadline: Option<Deadline>,
        mut is_expected: impl FnMut(usize) -> Result<bool>,
    ) -> Result<usize> {
        let mut tickets = Tickets { futexes: self, tickets: Vec::new() };
        tickets
            .tickets
            .try_reserve_exact(watches.len())
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for futex waiters"))?;
        for (index, watch) in watches.iter().enumerate() {
            let ticket = Ticket::new(thread.parker(), watch.key);
            let queued = self.enqueue(watch.key, watch.mask, Arc::clone(&ticket), || is_expected(index));
            match queued {
                Ok(()) => tickets.tickets.push(ticket),
                Err(error) => return tickets.leave().ok_or(error),
            }
        }
        loop {
            if let Some(index) = tickets.woken() {
                return Ok(index);
            }
            if thread.needs_attention() {
                return tickets.leave().ok_or(Error::new(ErrorKind::Interrupted, "a signal arrived"));
            }
            if thread.park(deadline).is_err() {
                return tickets.leave().ok_or(Error::new(ErrorKind::TimedOut, "the time is over"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use litebox_host_fake::{FakeHost, wakes_by_this_thread};
    use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

    use super::*;

    const KEY: Key = Key::Private { space: 1, address: 64 };
    const OTHER: Key = Key::Private { space: 1, address: 128 };

    fn watch(key: Key) -> Watch {
        Watch { key, mask: u32::MAX }
    }

    /// Run `count` threads that wait for `KEY` while the word is 0; wait until all are queued.
    fn waiters(
        host: &FakeHost,
        futexes: &Arc<Futexes>,
        count: u32,
    ) -> Vec<std::thread::JoinHandle<Result<()>>> {
        let queued = Arc::new(AtomicU32::new(0));
        let threads = (0..count)
            .map(|id| {
                let (host, futexes, queued) = (host.clone(), Arc::clone(futexes), Arc::clone(&queued));
                std::thread::spawn(move || {
                    let _attached = host.attach();
                    let thread = Thread::new(id + 1);
                    futexes.wait(&thread, watch(KEY), None, || {
                        queued.fetch_add(1, Ordering::SeqCst);
                        Ok(true)
                    })
                })
            })
            .collect();
        while queued.load(Ordering::SeqCst) < count {
            std::thread::yield_now();
        }
        threads
    }

    #[test]
    fn waking_nobody_asks_nothing_of_the_host() {
        let _host = FakeHost::new();
        let before = wakes_by_this_thread();
        assert_eq!(Futexes::new().wake(KEY, u32::MAX, usize::MAX), 0);
        assert_eq!(wakes_by_this_thread(), before);
    }

    #[test]
    fn every_waiter_wakes() {
        let host = FakeHost::new();
        let futexes = Futexes::new();
        let threads = waiters(&host, &futexes, 20);
        assert_eq!(futexes.wake(OTHER, u32::MAX, 5), 0);
        assert_eq!(futexes.wake(KEY, u32::MAX, 1), 1);
        assert_eq!(futexes.wake(KEY, u32::MAX, usize::MAX), 19);
        for thread in threads {
            assert_eq!(thread.join().unwrap(), Ok(()));
        }
    }

    #[test]
    fn requeued_waiters_wake_at_their_new_futex() {
        let host = FakeHost::new();
        let futexes = Futexes::new();
        let threads = waiters(&host, &futexes, 5);
        assert_eq!(futexes.requeue(KEY, OTHER, 1, 3, || Ok(true)), Ok((1, 3)));
        assert_eq!(futexes.wake(KEY, u32::MAX, usize::MAX), 1);
        assert_eq!(futexes.wake(OTHER, u32::MAX, usize::MAX), 3);
        for thread in threads {
            assert_eq!(thread.join().unwrap(), Ok(()));
        }
    }

    #[test]
    fn a_changed_word_a_timeout_and_a_signal_end_a_wait() {
        let _host = FakeHost::new();
        let futexes = Futexes::new();
        let thread = Thread::new(1);
        let kind = |outcome: Result<()>| outcome.unwrap_err().kind;
        let no = futexes.wait(&thread, watch(KEY), None, || Ok(false));
        assert_eq!(kind(no), ErrorKind::WouldBlock);
        let late = futexes.wait(&thread, watch(KEY), Some(Deadline(1 << 60)), || Ok(true));
        assert_eq!(kind(late), ErrorKind::TimedOut);
        thread.note_attention();
        let interrupted = futexes.wait(&thread, watch(KEY), None, || Ok(true));
        assert_eq!(kind(interrupted), ErrorKind::Interrupted);
        assert_eq!(futexes.wake(KEY, u32::MAX, usize::MAX), 0);
    }

    /// A token goes round: each thread waits until the word is its number, then passes it on. A lost wake-up
    /// hangs this test.
    #[test]
    fn no_wake_up_is_lost() {
        const THREADS: u32 = 3;
        const ROUNDS: u32 = 2000;
        let host = FakeHost::new();
        let futexes = Futexes::new();
        let word = Arc::new(AtomicU32::new(0));
        let done = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = (0..THREADS)
            .map(|me| {
                let (host, futexes, word, done) =
                    (host.clone(), Arc::clone(&futexes), Arc::clone(&word), Arc::clone(&done));
                std::thread::spawn(move || {
                    let _attached = host.attach();
                    let thread = Thread::new(me + 1);
                    for _ in 0..ROUNDS {
                        loop {
                            let seen = word.load(Ordering::SeqCst);
                            if seen % THREADS == me {
                                break;
                            }
                            let same = || Ok(word.load(Ordering::SeqCst) == seen);
                            let _ = futexes.wait(&thread, watch(KEY), None, same);
                        }
                        word.fetch_add(1, Ordering::SeqCst);
                        futexes.wake(KEY, u32::MAX, usize::MAX);
                    }
                    done.fetch_add(1, Ordering::SeqCst);
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(done.load(Ordering::SeqCst), THREADS as usize);
    }
}
