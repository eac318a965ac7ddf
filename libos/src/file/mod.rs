//! Noun *file*: what descriptors refer to, and the tree of names that leads to it.
//!
//! | file | what |
//! |---|---|
//! | [`table`](DescriptorTable), [`description`](Description), [`object`](File) | descriptor → open file description → open object |
//! | [`vnode`](Vnode) | what every file system is made of: objects and folders |
//! | [`location`](Location), [`namespace`](Namespace), [`place`](Place) | mounts, the tree they make, where a process stands in it |
//! | `walk`, [`permission`](check_access) | from a path to an object, component by component |
//! | [`operation`](View) | what calls do with paths |
//! | [`tree`] | a file system in memory, over a folder of the host or over nothing |
//! | [`writable`] | a folder of the host that is written |
//! | [`pseudo`] | `/dev`, `/proc`, `/sys` |
//!
//! Lock order: a descriptor table's lock or a description's offset, then the object's own locks; record locks are
//! a leaf. What a table gives up is dropped after its lock.

mod description;
mod faces;
mod fifo;
mod host;
mod location;
mod lock;
mod mapping;
mod namespace;
mod object;
mod opened;
mod operation;
mod permission;
mod personal;
mod place;
pub mod pseudo;
pub mod record;
mod stream;
mod table;
#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests;
pub mod transfer;
pub mod tree;
mod usage;
mod vnode;
mod walk;
pub mod writable;

pub use description::Description;
pub use faces::{Allocation, OpenFolder, RegularFile, SeekTo};
pub use fifo::FifoFile;
pub use host::FileHost;
pub(crate) use host::timestamp;
pub use location::{Location, Mount, MountAccess, Path, Reach};
pub use lock::{FileLocks, WholeLock};
pub use mapping::{Hold, Mapper, PagedFile, Seals};
pub use namespace::{MountMode, MountRequest, Namespace, NamespaceOptions};
pub use object::{File, FileStatus, anonymous_attributes, anonymous_label};
pub use opened::{FIRST_COOKIE, FolderFile, PathFile};
pub use operation::{
    Create, OpenRequest, Program, SetTime, View, change_mode, change_owner, change_times, check_rights,
    check_size_change,
};
pub use permission::{Access, MODE_MASK, SET_GROUP, SET_USER, STICKY, check_access, check_owner};
pub(crate) use personal::Used;
pub use personal::{Asker, PersonalFile};
pub use place::Place;
pub use stream::StreamFile;
pub use table::{Descriptor, DescriptorTable};
pub use usage::{InUse, Use, Users};
pub use vnode::{
    Attachment, Caller, Directory, FileSystem, FileSystemKind, Listed, Listing, NewVnode, Opening, Ownership,
    Removal, Rename, Target, Vnode,
};
pub use walk::{LastLink, MAX_NAME, MAX_PATH, WalkLimits};
