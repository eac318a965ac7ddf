#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

extern crate alloc;

mod access;
mod attributes;
mod error;
mod fuzz;
mod header;
mod link;
mod list;
mod path;
mod reply;
mod request;
mod start;
mod terminal;
mod wire;

#[cfg(test)]
mod tests;

pub use access::{Access, Changes, RemoveKind, RenameFlags, ReportKind, TimeChange, WalkPurpose};
pub use attributes::{Attributes, FileKind, FileSystem, Time};
pub use error::ProtocolError;
pub use fuzz::{fuzz_reply, fuzz_request, fuzz_start};
pub use header::{HEADER_LENGTH, MAGIC, MAX_DATAGRAM, VERSION};
pub use link::{LinkMessage, MAX_LINK, MAX_LINK_BYTES};
pub use list::{Entries, EntriesIter, EntriesWriter, Entry};
pub use path::{MAX_COMPONENT, MAX_PATH, RelativePath, is_name, is_target};
pub use reply::{MAX_START_CHUNK, Reply, Rule};
pub use request::{MAX_TEXT, Request};
pub use start::{
    ByteStrings, GroupIds, Identity, LIMIT_COUNT, Limit, MAX_START, MountEntries, MountEntry, MountMode,
    Start, StartFlags, StartMount, StartView, Terminals,
};
pub use terminal::{TerminalOperation, Termios, When, WindowSize};
