//! POSIX message queues (`mq_overview(7)`).

mod names;
mod notify;
mod opening;
mod queue;

#[cfg(test)]
mod tests;

pub use names::{NamedQueues, OpenQueue};
pub use notify::{Notice, Notification};
pub use opening::QueueFile;
pub use queue::{QueueLimits, QueueStatus};

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
