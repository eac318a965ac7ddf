//! Noun *memory*: the address space of a guest process.
//!
//! An [`AddressSpace`] is a map from addresses to [`Area`]s, and the only one who asks the host for pages in the
//! guest's range. The map is what the guest was told; the host's pages follow it. Every operation checks its
//! arguments, the limits and the room in the map first, then asks the host, then writes the map, so that a
//! refusal changes nothing.
//!
//! Lock order: the address space's lock is taken before a file's, and that before any lock inside the host. Of a
//! file, only its pages are asked for while it is held; files are read and dropped outside it.
//!
//! A file whose bytes lie in shared pages is mapped page by page: what the file has is mapped, what lies beyond its
//! end raises a bus error, and when it is cut or grows its mappings follow ([`Mapper`](crate::file::Mapper)). Shared
//! anonymous memory is such a file without a name.
//!
//! What differs from a kernel: mapping makes the pages, so that a hole that is mapped counts as written; and pages cut
//! off a file stay mapped in other processes until those touch nothing of it any more.

mod advice;
mod area;
mod brk;
pub mod buffer;
mod fault;
mod fork;
mod limits;
mod lock;
mod map;
mod pages;
mod place;
mod protect;
mod remap;
mod rewrite;
mod shared;
mod site;
mod space;

pub use advice::Advice;
pub use area::{Area, AreaFlags, Backing};
pub use limits::{Limits, Usage};
pub use map::MAX_AREAS;
pub use pages::{MINIMUM_ADDRESS, round_up};
pub use place::Placement;
pub use protect::Span;
pub use remap::{Old, Remap, Target};
pub use shared::MemoryHost;
pub use space::{AddressSpace, Layout, MapRequest};

#[cfg(test)]
mod tests;
