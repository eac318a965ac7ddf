//! Noun *file*: what descriptors refer to.

mod object;

pub use object::{File, FileStatus};
