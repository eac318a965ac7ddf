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
mod readiness;
mod timer;
mod wait;

pub use counter::{EventCounter, Taking};
pub use epoll::{Epoll, Event, Trigger, Watching};
pub use park::{Parker, Wake};
pub use poll::{PollItem, poll};
pub use queue::{Registration, WaitQueue};
pub use readiness::Readiness;
pub use timer::{Timer, TimerSetting};
pub use wait::{Streams, Watch, block, block_on_streams, block_watching, watch_streams};
