//! The thread of an instance, as others know it, and the watch over it.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::time::Duration;

use litebox_host::ambient;
use litebox_host::sync::{AtomicBool, AtomicU64, Mutex, Ordering};
use litebox_host::thread::HostThread;
use litebox_host::time::{Alarm, Clock, Deadline, Ring, Time};
use litebox_libos::event::{Readiness, WaitQueue, block};
use litebox_libos::thread::Thread;
use litebox_libos::{Error, ErrorKind, Result};

use super::call::Job;

const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a call");

/// A thread that instances live on, one at a time.
pub struct Worker {
    mailbox: Mutex<VecDeque<Job>>,
    queue: WaitQueue,
}

impl Worker {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { mailbox: Mutex::new(VecDeque::new()), queue: WaitQueue::new() })
    }

    /// Give it something to do, after what it has to do already.
    ///
    /// # Errors
    /// The job, if there is no memory for it.
    pub(crate) fn post(&self, job: Job) -> core::result::Result<(), Job> {
        let mut mailbox = self.mailbox.lock();
        if mailbox.try_reserve(1).is_err() {
            return Err(job);
        }
        mailbox.push_back(job);
        drop(mailbox);
        self.queue.wake(Readiness::READ);
        Ok(())
    }

    /// What to do next; waits until there is something.
    pub(crate) fn take(&self, thread: &Thread) -> Job {
        const NOTHING: Error = Error::new(ErrorKind::WouldBlock, "nothing to do");
        loop {
            let attempt = || self.mailbox.lock().pop_front().ok_or(NOTHING);
            // Whatever else wakes it, there is nothing else to do.
            if let Ok(job) = block(thread, &[(&self.queue, Readiness::READ)], None, attempt) {
                return job;
            }
        }
    }
}

/// Ends calls that take too long: once a call's time is over its thread is kicked, and looks at the time itself.
pub struct Watchdog<H> {
    host: H,
    /// The longest time that a call may take.
    limit: Duration,
    /// When the running call is to have ended, in nanoseconds; 0 while none runs.
    deadline: AtomicU64,
    /// Whether the alarm is set. It then rings for ever, so that calls do not have to set it.
    armed: AtomicBool,
    thread: HostThread,
}

/// How long a thread is given to notice that it was kicked.
const PATIENCE: u64 = 20_000_000;

impl<H: Time + Alarm + Send + Sync + 'static> Watchdog<H> {
    /// The watch over `thread`.
    pub(crate) fn new(host: H, limit: Duration, thread: HostThread) -> Arc<Self> {
        let (deadline, armed) = (AtomicU64::new(0), AtomicBool::new(false));
        Arc::new(Self { host, limit, deadline, armed, thread })
    }

    /// A call begins.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`] if the host has no timer: then no call is made, for none could be ended.
    pub(crate) fn begin(self: &Arc<Self>) -> Result<()> {
        let deadline = self.now().saturating_add(nanoseconds(self.limit)).max(1);
        self.deadline.store(deadline, Ordering::Release);
        if !self.armed.load(Ordering::Acquire) {
            let alarm: Arc<dyn Ring> = self.clone();
            self.host.set_alarm(&alarm, Some(Deadline(deadline))).map_err(|_| NO_MEMORY)?;
            self.armed.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// It has ended.
    pub(crate) fn end(&self) {
        self.deadline.store(0, Ordering::Release);
    }

    /// When the running call is to end at the latest.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline(self.deadline.load(Ordering::Acquire))
    }

    /// Whether the running call has taken too long.
    pub(crate) fn is_over(&self) -> bool {
        let Deadline(deadline) = self.deadline();
        deadline != 0 && self.now() >= deadline
    }

    fn now(&self) -> u64 {
        nanoseconds(self.host.now(Clock::Monotonic))
    }
}

impl<H: Time + Alarm + Send + Sync + 'static> Ring for Watchdog<H> {
    fn ring(&self) -> Option<Deadline> {
        let now = self.now();
        match self.deadline().0 {
            0 => Some(Deadline(now.saturating_add(nanoseconds(self.limit)))),
            deadline if deadline > now => Some(Deadline(deadline)),
            _ => {
                ambient::kick(self.thread);
                Some(Deadline(now.saturating_add(PATIENCE)))
            }
        }
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
