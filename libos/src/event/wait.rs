//! The one wait: register, try, park, again.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::console::{Console, StreamWait};
use litebox_host::time::Deadline;

use super::{Readiness, Registration, WaitQueue, Wake};
use crate::error::{Error, ErrorKind, Result};
use crate::thread::Thread;

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
    mut attempt: impl FnMut() -> Result<R>,
) -> Result<R> {
    let first = attempt();
    if !would_block(&first) {
        return first;
    }
    let registered = Registered::new(thread, queues)?;
    loop {
        let outcome = attempt();
        if !would_block(&outcome) {
            return outcome;
        }
        if thread.needs_attention() {
            return Err(INTERRUPTED);
        }
        if registered.thread.parker().park(deadline).is_err() {
            let last = attempt();
            return if would_block(&last) { Err(TIMED_OUT) } else { last };
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
    mut attempt: impl FnMut(&[StreamWait]) -> Result<R>,
) -> Result<R> {
    let _registered = Registered::new(thread, queues)?;
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
        match thread.parker().in_host(|| streams.host.wait(streams.waits, deadline)) {
            Some(Ok(0)) => timed_out = deadline.is_some(),
            None | Some(Ok(_) | Err(HostError::Interrupted)) => {}
            Some(Err(error)) => return Err(error.into()),
        }
    }
}

const INTERRUPTED: Error = Error::new(ErrorKind::Interrupted, "a signal arrived");
const TIMED_OUT: Error = Error::new(ErrorKind::TimedOut, "the time is over");

fn would_block<R>(outcome: &Result<R>) -> bool {
    matches!(outcome, Err(error) if error.kind == ErrorKind::WouldBlock)
}

/// A thread's registrations with some queues, withdrawn on drop.
struct Registered<'a> {
    thread: &'a Thread,
    entries: Vec<(&'a WaitQueue, Registration)>,
}

impl<'a> Registered<'a> {
    fn new(thread: &'a Thread, queues: &[(&'a WaitQueue, Readiness)]) -> Result<Self> {
        let mut registered = Self { thread, entries: Vec::new() };
        registered
            .entries
            .try_reserve_exact(queues.len())
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory to wait for so many objects"))?;
        for (queue, interest) in queues {
            let target: Arc<dyn Wake> = Arc::clone(thread.parker()) as Arc<dyn Wake>;
            registered.entries.push((queue, queue.register(target, *interest)?));
        }
        Ok(registered)
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        for (queue, registration) in &self.entries {
            queue.unregister(*registration);
        }
    }
}
