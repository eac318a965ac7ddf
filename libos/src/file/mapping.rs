//! Files in address spaces: what a file whose bytes lie in shared pages is to those who map it.

use alloc::sync::Arc;
use core::ops::Range;

use litebox_host::memory::SharedPage;

use super::File;
use crate::error::{Error, ErrorKind, Result};

bitflags::bitflags! {
    /// What can no longer be done with a file (`fcntl(2)`, `F_ADD_SEALS`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct Seals: u32 {
        /// Adding seals.
        const SEAL = 1;
        /// Cutting it.
        const SHRINK = 2;
        /// Making it longer.
        const GROW = 4;
        /// Changing its bytes.
        const WRITE = 8;
        /// Changing its bytes, but by mappings that exist.
        const FUTURE_WRITE = 16;
        /// Making it executable or not.
        const EXECUTE = 32;
    }
}

/// An address space that files are mapped into.
pub trait Mapper: Send + Sync {
    /// The pages `pages` of file `object` came or went: have its mappings follow. Whether that is done, so that no
    /// page that went is mapped any more.
    fn refresh(&self, object: u64, pages: Range<u64>) -> bool;
}

/// A regular file whose bytes lie in shared pages, or can.
///
/// Lock order: an address space, then the file. A file calls [`Mapper::refresh`] with no lock held.
pub trait PagedFile {
    /// A number of the file, which no other file has while this one exists.
    fn object(&self) -> u64;
    /// The file is mapped once more in `space`; `writes` says whether its bytes may be changed by it.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`]; [`ErrorKind::NotPermitted`] if a seal forbids it.
    fn attach(&self, space: Arc<dyn Mapper>, writes: bool) -> Result<()>;
    /// One such mapping is gone.
    fn detach(&self, space: &Arc<dyn Mapper>, writes: bool);
    /// Hand those of `pages` that lie within the file to `sink`, in order and in runs: a page's number in the file,
    /// the page, and how many follow one another in memory from there.
    ///
    /// # Errors
    /// [`ErrorKind::NoSpace`] or [`ErrorKind::NoMemory`] if a page cannot be made; those of `sink`.
    fn pages(
        &self,
        pages: Range<u64>,
        sink: &mut dyn FnMut(u64, SharedPage, usize) -> Result<()>,
    ) -> Result<()>;
}

/// A mapping of a file: it exists for as long as this value.
pub struct Hold {
    file: Arc<dyn File>,
    space: Arc<dyn Mapper>,
    writes: bool,
}

impl Hold {
    /// A mapping of `file` in `space`.
    ///
    /// # Errors
    /// [`ErrorKind::NotADevice`] if the file has no pages; those of [`PagedFile::attach`].
    pub fn new(file: Arc<dyn File>, space: Arc<dyn Mapper>, writes: bool) -> Result<Arc<Self>> {
        const NO_PAGES: Error = Error::new(ErrorKind::NotADevice, "the file has no pages to map");
        file.paged().ok_or(NO_PAGES)?.attach(Arc::clone(&space), writes)?;
        Ok(Arc::new(Self { file, space, writes }))
    }

    /// The same mapping in another address space, a copy of this one's.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn copied(&self, space: Arc<dyn Mapper>) -> Result<Arc<Self>> {
        Self::new(Arc::clone(&self.file), space, self.writes)
    }

    /// The file's number.
    pub fn object(&self) -> u64 {
        self.file.paged().map_or(0, PagedFile::object)
    }

    /// The file's pages; see [`PagedFile::pages`].
    ///
    /// # Errors
    /// Those of [`PagedFile::pages`].
    pub fn pages(
        &self,
        pages: Range<u64>,
        sink: &mut dyn FnMut(u64, SharedPage, usize) -> Result<()>,
    ) -> Result<()> {
        self.file.paged().map_or(Ok(()), |paged| paged.pages(pages, sink))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(paged) = self.file.paged() {
            paged.detach(&self.space, self.writes);
        }
    }
}
