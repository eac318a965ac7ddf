//! How large queues are.

use crate::error::{Error, ErrorKind, Result};

/// Messages of a queue at most, without privilege (`/proc/sys/fs/mqueue/msg_max`).
pub const MAX_MESSAGES: u64 = 10;
/// Bytes of a message at most, without privilege (`/proc/sys/fs/mqueue/msgsize_max`).
pub const MAX_SIZE: u64 = 8192;
/// Messages of a queue at most (`HARD_MSGMAX`).
pub const HARD_MAX_MESSAGES: u64 = 65_536;
/// Bytes of a message at most (`HARD_MSGSIZEMAX`).
pub const HARD_MAX_SIZE: u64 = 16 << 20;
/// Queues at most, without privilege (`/proc/sys/fs/mqueue/queues_max`).
pub const MAX_QUEUES: usize = 256;
/// Priorities are below this (`MQ_PRIO_MAX`).
pub const PRIORITIES: u32 = 32_768;

/// How large a queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimits {
    /// Messages at most.
    pub messages: u64,
    /// Bytes of a message at most.
    pub size: u64,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self { messages: MAX_MESSAGES, size: MAX_SIZE }
    }
}

impl QueueLimits {
    /// How many bytes such a queue counts as, its bookkeeping included.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it may not be so large.
    pub(super) fn checked(&self, is_privileged: bool) -> Result<u64> {
        /// What Linux counts for each message, and for each priority that may be in use.
        const OVERHEAD: u64 = 48;
        let (messages, size) =
            if is_privileged { (HARD_MAX_MESSAGES, HARD_MAX_SIZE) } else { (MAX_MESSAGES, MAX_SIZE) };
        if !(1..=messages).contains(&self.messages) || !(1..=size).contains(&self.size) {
            return Err(Error::new(ErrorKind::InvalidArgument, "no queue may be so large"));
        }
        let trees = self.messages.min(u64::from(PRIORITIES));
        Ok(self.messages * (self.size + OVERHEAD) + trees * OVERHEAD)
    }
}
