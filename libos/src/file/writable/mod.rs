//! A folder of the host that is written.
//!
//! Nothing is remembered but which objects are in use: every answer is the host's at that moment, so that changes
//! made on either side are seen on the other. An object is known by its path; a rename moves the paths of all
//! objects in use with it. Bytes of an open file go through the host's handle and survive the name.
//!
//! Lock order: the file system's table of objects; an object's path.

mod file;
mod file_system;
mod folder;
mod node;

pub use file_system::WritableFolder;
