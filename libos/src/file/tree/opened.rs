//! A regular file of a tree, open.

use alloc::sync::Arc;
use core::ops::Range;

use litebox_host::file::{Attributes, HostFile};
use litebox_host::memory::SharedPage;

use super::Node;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{
    Allocation, File, FileStatus, FileSystem, FileSystemKind, InUse, Location, Mapper, MountAccess, Opening,
    PagedFile, RegularFile, Seals, SeekTo, Use, Vnode, WholeLock,
};
use crate::user::{Destination, Source};

/// An opening of a regular file.
pub(super) struct TreeFile {
    node: Arc<Node>,
    location: Location,
    /// Whether reading leaves a trace.
    notes_access: bool,
    lock: Option<WholeLock>,
    /// While the file is open for writing.
    _written: Option<InUse>,
}

impl TreeFile {
    pub(super) fn open(node: Arc<Node>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        let writes = opening.status.contains(FileStatus::WRITE);
        let written = if writes { InUse::begin(&opening.location.vnode, Use::Writing)? } else { None };
        node.contents()?.lock().opened();
        let notes_access = !opening.status.contains(FileStatus::NO_ACCESS_TIME)
            && opening.location.mount.access == MountAccess::ReadWrite;
        let lock = node.locks().map(WholeLock::new);
        Ok(Arc::new(Self { node, location: opening.location, notes_access, lock, _written: written }))
    }
}

impl File for TreeFile {
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let count = self.node.contents()?.lock().read(self.node.tree(), position.unwrap_or(0), to)?;
        if self.notes_access {
            self.node.touch_access();
        }
        Ok(count)
    }

    fn write(&self, position: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        let count =
            self.node.change(|contents| contents.write(self.node.tree(), position.unwrap_or(0), from))?;
        if count > 0 {
            self.node.touch_bytes();
        }
        Ok(count)
    }

    fn append(&self, from: &mut dyn Source) -> Result<(usize, u64)> {
        let (count, end) = self.node.change(|contents| {
            let count = contents.write(self.node.tree(), contents.length(), from)?;
            Ok((count, contents.length()))
        })?;
        if count > 0 {
            self.node.touch_bytes();
        }
        Ok((count, end))
    }

    fn attributes(&self) -> Result<Attributes> {
        self.node.attributes()
    }

    fn is_seekable(&self) -> bool {
        true
    }

    fn host_file(&self) -> Option<HostFile> {
        self.node.contents().ok()?.lock().host_file(self.node.tree())
    }

    fn paged(&self) -> Option<&dyn PagedFile> {
        Some(self)
    }

    fn location(&self) -> Option<&Location> {
        Some(&self.location)
    }

    fn regular(&self) -> Option<&dyn RegularFile> {
        Some(self)
    }

    fn whole_lock(&self) -> Option<&WholeLock> {
        self.lock.as_ref()
    }
}

impl RegularFile for TreeFile {
    fn set_size(&self, size: u64) -> Result<()> {
        self.node.change(|contents| contents.set_size(self.node.tree(), size))?;
        self.node.touch_bytes();
        Ok(())
    }

    fn allocate(&self, range: Range<u64>, how: Allocation) -> Result<()> {
        self.node.change(|contents| contents.allocate(self.node.tree(), range, how))?;
        self.node.touch_bytes();
        Ok(())
    }

    fn seek(&self, from: u64, to: SeekTo) -> Result<u64> {
        self.node.contents()?.lock().seek(from, to)
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn seals(&self) -> Option<Seals> {
        // As in Linux, where they belong to tmpfs.
        let sealable = self.node.tree().kind() == FileSystemKind::Memory;
        if sealable { Some(self.node.contents().ok()?.lock().seals()) } else { None }
    }

    fn add_seals(&self, seals: Seals) -> Result<()> {
        if self.seals().is_none() {
            return Err(Error::new(ErrorKind::InvalidArgument, "the file cannot be sealed"));
        }
        let mut contents = self.node.contents()?.lock();
        if contents.seals().contains(Seals::SEAL) {
            return Err(Error::new(ErrorKind::NotPermitted, "the file can no longer be sealed"));
        }
        if seals.contains(Seals::WRITE) && contents.mapped().has_writers() {
            return Err(Error::new(ErrorKind::Busy, "the file is mapped for writing"));
        }
        let all = contents.seals() | seals;
        contents.set_seals(all);
        Ok(())
    }
}

impl PagedFile for TreeFile {
    fn object(&self) -> u64 {
        self.node.object()
    }

    fn attach(&self, space: Arc<dyn Mapper>, writes: bool) -> Result<()> {
        let mut contents = self.node.contents()?.lock();
        if writes && contents.seals().intersects(Seals::WRITE | Seals::FUTURE_WRITE) {
            return Err(Error::new(ErrorKind::NotPermitted, "the file is sealed against writing"));
        }
        contents.mapped().attach(space, writes)
    }

    fn detach(&self, space: &Arc<dyn Mapper>, writes: bool) {
        if let Ok(contents) = self.node.contents() {
            contents.lock().mapped().detach(self.node.tree(), space, writes);
        }
    }

    fn pages(
        &self,
        pages: Range<u64>,
        sink: &mut dyn FnMut(u64, SharedPage, usize) -> Result<()>,
    ) -> Result<()> {
        self.node.contents()?.lock().map_pages(self.node.tree(), pages, sink)
    }
}

impl Drop for TreeFile {
    fn drop(&mut self) {
        if let Ok(contents) = self.node.contents() {
            contents.lock().closed(self.node.tree());
        }
    }
}
