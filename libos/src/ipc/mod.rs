//! Noun *ipc*: what processes meet at by a number or a name: System V semaphores, message queues and shared memory
//! (`sysvipc(7)`), and POSIX message queues (`mq_overview(7)`).
//!
//! One [`Ipc`] serves a sandbox: it hangs off the tree of files, which shows it in `/proc`. Numbers and keys of each
//! kind of object are in one [`Objects`] table.
//!
//! Lock order: a table of objects, then an object's own state; a semaphore set, then a list of what is to be undone.
//! An object that goes takes itself out of its table with its own state unlocked. An address space comes before the
//! segments attached to it.

mod common;
mod message;
mod namespace;
mod objects;
mod permission;
pub mod posix;
mod segment;
pub mod semaphore;
#[cfg(test)]
mod tests;
mod text;

pub use message::{
    MAX_BYTES, MAX_MESSAGE, MAX_QUEUES, MessageQueue, MessageQueueStatus, Messages, Room, Selection,
};
pub use namespace::Ipc;
pub use objects::{Creation, Objects};
pub use permission::{Change, Permission};
pub use segment::{MAX_SEGMENTS, SegmentStatus, Segments, SharedSegment};
pub use text::SysvTable;

use common::{NO_MEMORY, REMOVED, now};
