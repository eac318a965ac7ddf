//! Noun *memory*.

mod brk;
mod madvise;
mod mincore;
mod mlock;
mod mmap;
mod mprotect;
mod mremap;
mod msync;
mod munmap;
mod pkey;
mod process_madvise;

pub(crate) use brk::brk;
pub(crate) use madvise::madvise;
pub(crate) use mincore::mincore;
pub(crate) use mlock::{mlock, mlock2, mlockall, munlock, munlockall};
pub(crate) use mmap::mmap;
pub(crate) use mprotect::mprotect;
pub(crate) use mremap::mremap;
pub(crate) use msync::msync;
pub(crate) use munmap::munmap;
pub(crate) use pkey::{pkey_alloc, pkey_free, pkey_mprotect};
pub(crate) use process_madvise::process_madvise;
