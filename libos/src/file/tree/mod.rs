//! A file system in memory, over a folder of the host or over nothing.
//!
//! One tree of [`Node`]s serves three mounts. Over nothing it is a memory file system. Over a folder of the host it
//! is an overlay: nodes are made when a name is first asked for, and what has once been answered stays, so the tree
//! is the cache of the folder and the place of all changes at once. Mounted read-only it is the folder held constant.
//!
//! So nothing is ever moved "up". A name that the host does not have, and one that was removed, are the same entry:
//! *absent*. A folder that was listed is *complete* and needs the host no more; one that was made here is complete
//! from the start, whatever the host has under its name. A renamed folder keeps the host's path of its entries. A
//! written file keeps the host's bytes in all pages that were not written. The object stays one node throughout, with
//! one inode number, and whoever had it open before a change sees the change.
//!
//! The bytes that are kept lie in pages that can be mapped, so that a mapping of a file and the file are the same
//! memory. Mapping makes the pages: they count as written from then on, holes too.
//!
//! Lock order: [`Tree`]'s topology lock, held by whoever locks two folders; folders; places; contents; attributes.

mod contents;
mod entries;
mod file_system;
mod folder;
mod lower;
mod mapped;
mod node;
mod opened;
mod pages;
mod rename;

pub use file_system::{Tree, TreeOptions};
pub use node::{Node, Special};
