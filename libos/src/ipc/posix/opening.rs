//! A queue, open.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::Attributes;
use litebox_host::time::Deadline;

use super::queue::Queue;
use super::{Notice, Notification, PRIORITIES, QueueLimits, QueueStatus};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::File;
use crate::process::Process;
use crate::signal::Signal;
use crate::thread::Thread;
use crate::user::Destination;

/// An opening of a queue.
pub struct QueueFile {
    queue: Arc<Queue>,
}

impl QueueFile {
    pub(super) fn new(queue: &Arc<Queue>) -> Arc<Self> {
        Arc::new(Self { queue: Arc::clone(queue) })
    }

    /// How large the queue is.
    pub fn limits(&self) -> QueueLimits {
        self.queue.limits()
    }

    /// What `mq_getattr(3)` tells.
    pub fn status(&self) -> QueueStatus {
        self.queue.status()
    }

    /// Put a message in. `waits` says until when to wait for room, if at all.
    ///
    /// # Errors
    /// Those of `mq_send(3)`.
    pub fn send(
        &self,
        thread: &Thread,
        bytes: Vec<u8>,
        priority: u32,
        waits: Option<Option<Deadline>>,
        notice: Notice,
    ) -> Result<()> {
        if priority >= PRIORITIES {
            return Err(Error::new(ErrorKind::InvalidArgument, "no such priority"));
        }
        self.queue.send(thread, bytes, priority, waits, notice)
    }

    /// Take the oldest message of the highest priority: that and its bytes. `waits` says until when to wait for one,
    /// if at all.
    ///
    /// # Errors
    /// Those of `mq_receive(3)`.
    pub fn receive(&self, thread: &Thread, waits: Option<Option<Deadline>>) -> Result<(u32, Vec<u8>)> {
        self.queue.receive(thread, waits)
    }

    /// Have `process` told of the next message that comes to the empty queue: by `signal`, with a value, or not at all.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] if somebody is to be told already.
    pub fn notify(&self, process: &Arc<Process>, signal: Option<(Signal, u64)>) -> Result<()> {
        self.queue.notify(Notification::new(process, signal, self.id()))
    }

    /// `process` no longer wants to be told.
    pub fn forget(&self, process: &Process) {
        self.queue.forget(|notification| notification.is_of(process));
    }

    fn id(&self) -> usize {
        core::ptr::from_ref(self).addr()
    }
}

impl File for QueueFile {
    /// A line about the queue.
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let (kind, signal, process) = self.queue.told().unwrap_or_default();
        let bytes = self.queue.status().bytes;
        let text = format!("QSIZE:{bytes:<10} NOTIFY:{kind:<5} SIGNO:{signal:<5} NOTIFY_PID:{process:<6}\n");
        let from = usize::try_from(position.unwrap_or(0)).unwrap_or(usize::MAX);
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let count = rest.len().min(to.remaining());
        if count == 0 {
            return Ok(0);
        }
        to.put(rest.get(..count).unwrap_or_default())
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(self.queue.attributes())
    }

    fn is_seekable(&self) -> bool {
        true
    }

    fn readiness(&self) -> Readiness {
        self.queue.readiness()
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.queue.waiters)
    }

    fn label(&self) -> Vec<u8> {
        self.queue.path()
    }
}

impl Drop for QueueFile {
    fn drop(&mut self) {
        let id = self.id();
        self.queue.forget(|notification| notification.is_by(id));
    }
}
