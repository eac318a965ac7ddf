//! One queue: messages by priority.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Reverse;

use litebox_host::file::{Attributes, FileKind, Timestamp};
use litebox_host::sync::{AtomicBool, Mutex, MutexGuard, Ordering};
use litebox_host::time::Deadline;

use super::names::Shares;
use super::{Notice, Notification, OpenQueue, QueueLimits};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue, block};
use crate::file::{FileHost, anonymous_attributes, timestamp};
use crate::identity::Credentials;
use crate::ipc::NO_MEMORY;
use crate::thread::Thread;

/// What is told of a queue (`mq_getattr(3)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStatus {
    /// How large it is.
    pub limits: QueueLimits,
    /// Messages in it.
    pub messages: usize,
    /// Bytes in it.
    pub bytes: u64,
}

/// One queue.
pub(super) struct Queue {
    limits: QueueLimits,
    name: Vec<u8>,
    /// Whether the name is gone.
    unlinked: AtomicBool,
    owner: (u32, u32),
    mode: u32,
    born: Timestamp,
    shares: Arc<Shares>,
    /// Whose share it counts in, and how much.
    share: (u32, u64),
    state: Mutex<State>,
    /// Who waits, for messages and for room.
    pub(super) waiters: WaitQueue,
}

#[derive(Default)]
struct State {
    /// The highest priority first, and the oldest first of one priority.
    messages: BTreeMap<(Reverse<u32>, u64), Vec<u8>>,
    /// Number of the next message.
    next: u64,
    bytes: u64,
    /// Threads that wait for a message.
    receivers: usize,
    notification: Option<Notification>,
}

const EMPTY: Error = Error::new(ErrorKind::WouldBlock, "the queue is empty");
const FULL: Error = Error::new(ErrorKind::WouldBlock, "the queue is full");
const TOO_LONG: Error = Error::new(ErrorKind::MessageTooLong, "longer than a message of the queue");

impl Queue {
    pub(super) fn new(
        host: &Arc<dyn FileHost>,
        shares: &Arc<Shares>,
        name: &[u8],
        how: &OpenQueue,
        bytes: u64,
        credentials: &Credentials,
    ) -> Arc<Self> {
        Arc::new(Self {
            limits: how.limits.unwrap_or_default(),
            name: name.to_vec(),
            unlinked: AtomicBool::new(false),
            owner: (credentials.user.file_system, credentials.group.file_system),
            mode: how.mode,
            born: timestamp(&**host),
            shares: Arc::clone(shares),
            share: (credentials.user.real, bytes),
            state: Mutex::default(),
            waiters: WaitQueue::new(),
        })
    }

    /// What `fstat(2)` tells.
    pub(super) fn attributes(&self) -> Attributes {
        /// Bytes of the text that reading a queue gives.
        const TEXT: u64 = 80;
        let (uid, gid) = self.owner;
        Attributes {
            uid,
            gid,
            size: TEXT,
            accessed: self.born,
            modified: self.born,
            changed: self.born,
            born: self.born,
            ..anonymous_attributes(FileKind::Regular, self.mode, self)
        }
    }

    /// Its path in the file system of queues, which is mounted nowhere.
    pub(super) fn path(&self) -> Vec<u8> {
        let end: &[u8] = if self.unlinked.load(Ordering::Relaxed) { b" (deleted)" } else { b"" };
        [b"/", &*self.name, end].concat()
    }

    /// The name is gone.
    pub(super) fn unlink(&self) {
        self.unlinked.store(true, Ordering::Relaxed);
    }

    pub(super) fn limits(&self) -> QueueLimits {
        self.limits
    }

    pub(super) fn status(&self) -> QueueStatus {
        let state = self.state.lock();
        QueueStatus { limits: self.limits, messages: state.messages.len(), bytes: state.bytes }
    }

    pub(super) fn readiness(&self) -> Readiness {
        let count = self.state.lock().messages.len();
        let mut ready = Readiness::empty();
        ready.set(Readiness::READ, count > 0);
        ready.set(Readiness::WRITE, (count as u64) < self.limits.messages);
        ready
    }

    /// Put a message in, and wait for room until `deadline` if `waits`. Whoever asked to be told is.
    pub(super) fn send(
        &self,
        thread: &Thread,
        bytes: Vec<u8>,
        priority: u32,
        waits: Option<Option<Deadline>>,
        notice: Notice,
    ) -> Result<()> {
        if bytes.len() as u64 > self.limits.size {
            return Err(TOO_LONG);
        }
        let mut bytes = Some(bytes);
        let mut attempt = || {
            let mut state = self.state.lock();
            if state.messages.len() as u64 >= self.limits.messages {
                return Err(FULL);
            }
            let bytes = bytes.take().ok_or(NO_MEMORY)?;
            Ok(state.put(priority, bytes))
        };
        let notification = match waits {
            None => attempt()?,
            Some(deadline) => block(thread, &[(&self.waiters, Readiness::WRITE)], deadline, attempt)?,
        };
        self.waiters.wake(Readiness::READ);
        if let Some(notification) = notification {
            notification.tell(notice);
        }
        Ok(())
    }

    /// Take the first message of the highest priority, and wait for one until `deadline` if `waits`.
    pub(super) fn receive(&self, thread: &Thread, waits: Option<Option<Deadline>>) -> Result<(u32, Vec<u8>)> {
        let taken = match waits {
            None => self.state.lock().take()?,
            Some(deadline) => {
                let _waiting = Receiver::enter(self);
                let attempt = || self.state.lock().take();
                block(thread, &[(&self.waiters, Readiness::READ)], deadline, attempt)?
            }
        };
        self.waiters.wake(Readiness::WRITE);
        Ok(taken)
    }

    /// Have `notification` told of the next message that comes to the empty queue.
    pub(super) fn notify(&self, notification: Notification) -> Result<()> {
        let mut state = self.state.lock();
        if state.notification.as_ref().is_some_and(Notification::is_alive) {
            return Err(Error::new(ErrorKind::Busy, "another process is told already"));
        }
        state.notification = Some(notification);
        Ok(())
    }

    /// Forget who is to be told, if `is_meant` says so.
    pub(super) fn forget(&self, is_meant: impl FnOnce(&Notification) -> bool) {
        let mut state = self.state.lock();
        let forgotten = state.notification.take_if(|notification| is_meant(notification));
        drop(state);
        drop(forgotten);
    }

    /// What is said of who is to be told, by `read(2)`: kind, signal and process.
    pub(super) fn told(&self) -> Option<(i32, i32, u32)> {
        self.lock().notification.as_ref().filter(|one| one.is_alive()).map(Notification::summary)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl State {
    /// Who is to be told of it.
    fn put(&mut self, priority: u32, bytes: Vec<u8>) -> Option<Notification> {
        let was_empty = self.messages.is_empty();
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        self.messages.insert((Reverse(priority), self.next), bytes);
        self.next += 1;
        // A message that somebody waits for does not arrive in an empty queue (mq_notify(3)).
        if was_empty && self.receivers == 0 { self.notification.take() } else { None }
    }

    fn take(&mut self) -> Result<(u32, Vec<u8>)> {
        let ((Reverse(priority), _), bytes) = self.messages.pop_first().ok_or(EMPTY)?;
        self.bytes = self.bytes.saturating_sub(bytes.len() as u64);
        Ok((priority, bytes))
    }
}

/// A thread that waits for a message, counted while this exists.
struct Receiver<'a>(&'a Queue);

impl<'a> Receiver<'a> {
    fn enter(queue: &'a Queue) -> Self {
        queue.lock().receivers += 1;
        Self(queue)
    }
}

impl Drop for Receiver<'_> {
    fn drop(&mut self) {
        self.0.lock().receivers -= 1;
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        let (user, bytes) = self.share;
        self.shares.release(user, bytes);
    }
}
