//! Noun *file*: what descriptors refer to.
//!
//! Lock order: a descriptor table's lock or a description's offset, then the object's own locks; record locks are a leaf. What a table
//! gives up is dropped after its lock.

mod description;
pub mod lock;
mod object;
mod stream;
mod table;
pub mod transfer;

pub use description::Description;
pub use object::{File, FileStatus};
pub use stream::StreamFile;
pub use table::{Descriptor, DescriptorTable};
