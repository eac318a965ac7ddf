//! Noun *event*: waiting for things to happen.
//!
//! There is one wait. Every blocking operation registers the calling thread's [`Parker`] with the [`WaitQueue`]s
//! of what it waits for, tries, and parks; see [`block`].
//!
//! Lock order: an object's own lock, then its wait queue's. A wait queue's lock is a leaf: waking happens after
//! the entries have been copied out of it.

mod counter;
mod epoll;
mod park;
mod poll;
mod queue;
mod timer;
mod wait;

pub use counter::{EventCounter, Taking};
pub use epoll::{Epoll, Event, Trigger, Watching};
pub use park::{Parker, Wake};
pub use poll::{PollItem, poll};
pub use queue::{Registration, WaitQueue};
pub use timer::{Timer, TimerSetting};
pub use wait::{Streams, Watch, block, block_on_streams, block_watching, watch_streams};

bitflags::bitflags! {
    /// Conditions of an object that a thread can wait for.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct Readiness: u32 {
        /// A read would not block.
        const READ = 1;
        /// Urgent data can be read.
        const PRIORITY = 2;
        /// A write would not block.
        const WRITE = 4;
        /// The object is in error.
        const ERROR = 8;
        /// Both directions are closed.
        const HANG_UP = 16;
        /// The peer will write no more.
        const READ_HANG_UP = 32;
    }
}
