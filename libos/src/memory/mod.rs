//! Noun *memory*: the address space of a guest process.
//!
//! An [`AddressSpace`] is a map from addresses to [`Area`]s, and the only one who asks the host for pages in the
//! guest's range. The map is what the guest was told; the host's pages follow it. Every operation checks its
//! arguments, the limits and the room in the map first, then asks the host, then writes the map, so that a
//! refusal changes nothing.
//!
//! Lock order: the address space's lock is taken before any lock inside the host, and no file is called while it
//! is held: files are read and dropped outside it.
//!
//! What differs from a kernel: shared anonymous memory is private pages, so it is shared by the threads of one
//! process only; a file whose bytes are the library OS's own is copied when it is mapped and does not follow
//! later writes, and reads as zeros beyond its end.

mod advice;
mod area;
mod brk;
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
mod space;

pub use advice::Advice;
pub use area::{Area, AreaFlags, Backing};
pub use limits::{Limits, Usage};
pub use map::MAX_AREAS;
pub use pages::{MINIMUM_ADDRESS, round_up};
pub use place::Placement;
pub use protect::Span;
pub use remap::{Old, Remap, Target};
pub use space::{AddressSpace, Layout, MapRequest};

#[cfg(test)]
mod tests;
