//! The one wait: register, try, park, again.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::console::{Console, StreamWait};
use litebox_host::time::Deadline;

use super::{Readiness, Registration, WaitQueue, Wake};
use crate::error::{Error, ErrorKind, Result};
use crate::thread::Thread;

/// One queue that a thread waits in.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// The queue.
    pub queue: &'a WaitQueue,
    /// The conditions of interest.
    pub interest: Readiness,
    /// Whether a wake-up needs to reach only one of the threads that wait like this one.
    pub exclusive: bool,
}

impl<'a> Watch<'a> {
    /// Wait in `queue` for `interest`, with every wake-up.
    pub fn new(queue: &'a WaitQueue, interest: Readiness) -> Self {
        Self { queue, interest, exclusive: false }
    }

    /// As [`Watch::new`], where one wake-up is enough for one of all such waiters.
    pub fn exclusive(queue: &'a WaitQueue, interest: Readiness) -> Self {
        Self { queue, interest, exclusive: true }
    }
}

/// Block `thread` until `attempt` answers something other than [`ErrorKind::WouldBlock`].
///
/// `queues` are the queues of what is waited for, each with the conditions of interest. `attempt` is tried again
/// after every wake-up, with the thread already registered, so that no wake-up between try and sleep is lost.
///
/// # Errors
/// Whatever `attempt` answers; [`ErrorKind::Interrupted`] if the thread has to look at its signals first;
/// [`ErrorKind::TimedOut`] once `deadline` has passed.
pub fn block<R>(
    thread: &Thread,
    queues: &[(&WaitQueue, Readiness)],
    deadline: Option<Deadline>,
    attempt: impl FnMut() -> Result<R>,
) -> Result<R> {
    let watches = queues.iter().map(|(queue, interest)| Watch::new(queue, *interest));
    block_watching(thread, watches, deadline, || None, attempt)
}

/// As [`block`], where some of what is waited for comes by the mere passing of time: `alarm` is the earliest
/// such time as known after an attempt, past or future, or `None`. It is asked before every sleep.
///
/// # Errors
/// As [`block`].
pub fn block_watching<'a, R>(
    thread: &Thread,
    watches: impl ExactSizeIterator<Item = Watch<'a>>,
    deadline: Option<Deadline>,
    alarm: impl Fn() -> Option<Deadline>,
    mut attempt: impl FnMut() -> Result<R>,
) -> Result<R> {
    let first = attempt();
    if !would_block(&first) {
        return first;
    }
    if deadline == Some(Deadline(0)) {
        return Err(TIMED_OUT);
    }
    let registered = Registered::new(thread, watches)?;
    loop {
        let outcome = attempt();
        if !would_block(&outcome) {
            return outcome;
        }
        if thread.needs_attention() {
            return Err(INTERRUPTED);
        }
        let until = Until::new(deadline, alarm());
        if thread.park(until.time).is_err() && until.is_final {
            let last = attempt();
            return if would_block(&last) { Err(TIMED_OUT) } else { last };
        }
        registered.rearm();
    }
}

/// When a sleep ends, and whether the wait ends with it.
struct Until {
    time: Option<Deadline>,
    is_final: bool,
}

impl Until {
    fn new(deadline: Option<Deadline>, alarm: Option<Deadline>) -> Self {
        match (deadline, alarm) {
            (Some(deadline), Some(alarm)) if alarm < deadline => Self { time: Some(alarm), is_final: false },
            (Some(deadline), _) => Self { time: Some(deadline), is_final: true },
            (None, alarm) => Self { time: alarm, is_final: false },
        }
    }
}

/// Streams of the host to be waited for together with wait queues.
pub struct Streams<'a, H> {
    /// Whose streams.
    pub host: &'a H,
    /// Which, and for what; the answers are left here.
    pub waits: &'a mut [StreamWait],
}

/// As [`block`], where some of what is waited for are streams of the host. `attempt` sees the streams' answers.
///
/// # Errors
/// As [`block`].
pub fn block_on_streams<H: Console, R>(
    thread: &Thread,
    queues: &[(&WaitQueue, Readiness)],
    streams: Streams<'_, H>,
    deadline: Option<Deadline>,
    attempt: impl FnMut(&[StreamWait]) -> Result<R>,
) -> Result<R> {
    let watches = queues.iter().map(|(queue, interest)| Watch::new(queue, *interest));
    watch_streams(thread, watches, streams, deadline, || None, attempt)
}

/// As [`block_watching`], where some of what is waited for are streams of the host.
///
/// # Errors
/// As [`block`].
pub fn watch_streams<'a, H: Console, R>(
    thread: &Thread,
    watches: impl ExactSizeIterator<Item = Watch<'a>>,
    streams: Streams<'_, H>,
    deadline: Option<Deadline>,
    alarm: impl Fn() -> Option<Deadline>,
    mut attempt: impl FnMut(&[StreamWait]) -> Result<R>,
) -> Result<R> {
    let registered = Registered::new(thread, watches)?;
    let mut timed_out = false;
    loop {
        let outcome = attempt(streams.waits);
        if !would_block(&outcome) {
            return outcome;
        }
        if timed_out {
            return Err(TIMED_OUT);
        }
        if thread.needs_attention() {
            return Err(INTERRUPTED);
        }
        let until = Until::new(deadline, alarm());
        match thread.in_host(|| streams.host.wait(streams.waits, until.time)) {
            Some(Ok(0)) => timed_out = until.is_final,
            None | Some(Ok(_) | Err(HostError::Interrupted)) => {}
            Some(Err(error)) => return Err(error.into()),
        }
        registered.rearm();
    }
}

const INTERRUPTED: Error = Error::new(ErrorKind::Interrupted, "a signal arrived");
const TIMED_OUT: Error = Error::new(ErrorKind::TimedOut, "the time is over");

fn would_block<R>(outcome: &Result<R>) -> bool {
    matches!(outcome, Err(error) if error.kind == ErrorKind::WouldBlock)
}

/// A thread's registrations with some queues, withdrawn on drop.
struct Registered<'a> {
    entries: Vec<(Watch<'a>, Registration)>,
}

impl<'a> Registered<'a> {
    fn new(thread: &Thread, watches: impl ExactSizeIterator<Item = Watch<'a>>) -> Result<Self> {
        let mut registered = Self { entries: Vec::new() };
        registered
            .entries
            .try_reserve_exact(watches.len())
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory to wait for so many objects"))?;
        for watch in watches {
            let target: Arc<dyn Wake> = Arc::clone(thread.parker()) as Arc<dyn Wake>;
            let registration = if watch.exclusive {
                watch.queue.register_exclusive(target, watch.interest)?
            } else {
                watch.queue.register(target, watch.interest)?
            };
            registered.entries.push((watch, registration));
        }
        Ok(registered)
    }

    /// The thread is about to look again: wake-ups from now on count anew.
    fn rearm(&self) {
        for (watch, registration) in self.entries.iter().filter(|(watch, _)| watch.exclusive) {
            watch.queue.rearm(*registration);
        }
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        for (watch, registration) in &self.entries {
            // A wake-up that came since the last look may be for something that came after it, even if that look
            // found what it wanted: whoever waits next looks too.
            if watch.queue.unregister(*registration) {
                watch.queue.pass_on(watch.interest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use litebox_host::sync::{AtomicU32, Ordering};
    use litebox_host_fake::FakeHost;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Wake for Count {
        fn wake(&self, _: Readiness) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_wake_up_for_two_conditions_reaches_a_waiter_for_each() {
        let _host = FakeHost::new();
        let queue = WaitQueue::new();
        let wait = |interest| {
            let waiter = Arc::new(Count::default());
            queue.register_exclusive(Arc::<Count>::clone(&waiter), interest).unwrap();
            waiter
        };
        let waiters = [Readiness::WRITE, Readiness::WRITE, Readiness::READ].map(wait);
        queue.wake(Readiness::READ | Readiness::WRITE);
        assert_eq!(waiters.map(|waiter| waiter.0.load(Ordering::SeqCst)), [1, 0, 1]);
    }

    #[test]
    fn a_wake_up_after_the_last_look_reaches_the_next_waiter() {
        let _host = FakeHost::new();
        let (thread, queue, next) = (Thread::new(1), WaitQueue::new(), Arc::new(Count::default()));
        let mut looks = 0;
        let watches = [Watch::exclusive(&queue, Readiness::WRITE)];
        let outcome = block_watching(
            &thread,
            watches.into_iter(),
            None,
            || None,
            || {
                looks += 1;
                if looks < 2 {
                    return Err(Error::new(ErrorKind::WouldBlock, "full"));
                }
                // What was waited for is there; then another one waits, and there is something for that one too.
                queue.register_exclusive(Arc::<Count>::clone(&next), Readiness::WRITE)?;
                queue.wake(Readiness::WRITE);
                Ok(())
            },
        );
        assert!(outcome.is_ok());
        assert_eq!(next.0.load(Ordering::SeqCst), 1);
    }
}
