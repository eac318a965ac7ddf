//! POSIX message queues (`mq_overview(7)`).

mod limits;
mod names;
mod notify;
mod opening;
mod queue;

#[cfg(test)]
mod tests;

pub use limits::{
    HARD_MAX_MESSAGES, HARD_MAX_SIZE, MAX_MESSAGES, MAX_QUEUES, MAX_SIZE, PRIORITIES, QueueLimits,
};
pub use names::{NamedQueues, OpenQueue};
pub use notify::{Notice, Notification};
pub use opening::QueueFile;
pub use queue::QueueStatus;
