//! All of a sandbox's interprocess communication.

use alloc::sync::Arc;

use super::posix::NamedQueues;
use super::semaphore::Semaphores;
use super::{Messages, Segments};
use crate::file::FileHost;

/// All of a sandbox's interprocess communication.
pub struct Ipc {
    /// System V semaphores.
    pub semaphores: Semaphores,
    /// System V message queues.
    pub messages: Messages,
    /// System V shared memory.
    pub segments: Segments,
    /// POSIX message queues.
    pub queues: NamedQueues,
}

impl Ipc {
    /// Nothing yet; at most `memory` bytes of shared memory at a time. Times are those of `host`.
    pub fn new(host: &Arc<dyn FileHost>, memory: u64) -> Arc<Self> {
        Arc::new(Self {
            semaphores: Semaphores::new(host),
            messages: Messages::new(host),
            segments: Segments::new(host, memory),
            queues: NamedQueues::new(host),
        })
    }
}
