//! A thread's own word, on which it sleeps.

use alloc::sync::Arc;

use litebox_host::ambient::{self, TimedOut};
use litebox_host::sync::{AtomicU32, AtomicU64, Ordering};
use litebox_host::thread::HostThread;
use litebox_host::time::Deadline;

use super::Readiness;

/// The thread is not blocked.
const RUNNING: u32 = 0;
/// The thread sleeps on the word.
const PARKED: u32 = 1;
/// The thread is blocked in a request of its host and must be kicked out of it.
const IN_HOST: u32 = 2;
/// A wake-up came; the next park returns at once.
const NOTIFIED: u32 = 3;

/// What a wait queue wakes.
pub trait Wake: Send + Sync {
    /// Something became `ready`. Called without locks of the queue held; must not block.
    fn wake(&self, ready: Readiness);
}

/// Where one thread sleeps. Shared with whoever may wake it.
#[derive(Debug, Default)]
pub struct Parker {
    word: AtomicU32,
    thread: AtomicU64,
}

impl Parker {
    /// A parker for a thread that is not running yet.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Say which host thread this is, once it runs.
    pub fn bind(&self, thread: HostThread) {
        self.thread.store(thread.0, Ordering::Release);
    }

    /// The host's name for the thread.
    pub fn host_thread(&self) -> HostThread {
        HostThread(self.thread.load(Ordering::Acquire))
    }

    /// Sleep until [`Parker::unpark`] has been called since the last park returned, or spuriously.
    ///
    /// # Errors
    /// [`TimedOut`] once `deadline` has passed.
    pub fn park(&self, deadline: Option<Deadline>) -> Result<(), TimedOut> {
        if self.word.compare_exchange(RUNNING, PARKED, Ordering::AcqRel, Ordering::Acquire).is_err() {
            self.word.store(RUNNING, Ordering::Release);
            return Ok(());
        }
        let outcome = ambient::wait(&self.word, PARKED, deadline);
        self.word.swap(RUNNING, Ordering::AcqRel);
        outcome
    }

    /// Run `request`, a host request that a kick interrupts, so that [`Parker::unpark`] kicks. `None` if a
    /// wake-up came before.
    pub fn in_host<R>(&self, request: impl FnOnce() -> R) -> Option<R> {
        if self.word.compare_exchange(RUNNING, IN_HOST, Ordering::AcqRel, Ordering::Acquire).is_err() {
            self.word.store(RUNNING, Ordering::Release);
            return None;
        }
        let answer = request();
        self.word.swap(RUNNING, Ordering::AcqRel);
        Some(answer)
    }

    /// Whether the thread is blocked at this moment.
    pub fn is_blocked(&self) -> bool {
        matches!(self.word.load(Ordering::Relaxed), PARKED | IN_HOST)
    }

    /// Wake the thread if it is blocked; else make its next park return at once.
    pub fn unpark(&self) {
        self.notify();
    }

    /// As [`Parker::unpark`], and if the thread runs, kick it out of guest code.
    pub fn interrupt(&self) {
        // A wake-up that no wait has used up says nothing about where the thread is: it may run guest code.
        if matches!(self.notify(), RUNNING | NOTIFIED) {
            ambient::kick(self.host_thread());
        }
    }

    fn notify(&self) -> u32 {
        let before = self.word.swap(NOTIFIED, Ordering::AcqRel);
        match before {
            PARKED => ambient::wake(&self.word, 1),
            IN_HOST => ambient::kick(self.host_thread()),
            _ => {}
        }
        before
    }
}

impl Wake for Parker {
    fn wake(&self, _: Readiness) {
        self.unpark();
    }
}
