//! A regular file of a tree, open.

use alloc::sync::Arc;
use core::ops::Range;

use litebox_host::file::{Attributes, HostFile};

use super::Node;
use crate::error::Result;
use crate::file::{
    Allocation, File, FileStatus, Location, MountAccess, Opening, RegularFile, SeekTo, Vnode, WholeLock,
};
use crate::user::{Destination, Source};

/// An opening of a regular file.
pub(super) struct TreeFile {
    node: Arc<Node>,
    location: Location,
    /// Whether reading leaves a trace.
    notes_access: bool,
    lock: Option<WholeLock>,
}

impl TreeFile {
    pub(super) fn open(node: Arc<Node>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        node.contents()?.lock().opened();
        let notes_access = !opening.status.contains(FileStatus::NO_ACCESS_TIME)
            && opening.location.mount.access == MountAccess::ReadWrite;
        let lock = node.locks().map(WholeLock::new);
        Ok(Arc::new(Self { node, location: opening.location, notes_access, lock }))
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
        let count = self.node.contents()?.lock().write(self.node.tree(), position.unwrap_or(0), from)?;
        if count > 0 {
            self.node.touch_bytes();
        }
        Ok(count)
    }

    fn append(&self, from: &mut dyn Source) -> Result<(usize, u64)> {
        let mut contents = self.node.contents()?.lock();
        let end = contents.length();
        let count = contents.write(self.node.tree(), end, from)?;
        let end = contents.length();
        drop(contents);
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
        self.node.contents()?.lock().set_size(self.node.tree(), size)?;
        self.node.touch_bytes();
        Ok(())
    }

    fn allocate(&self, range: Range<u64>, how: Allocation) -> Result<()> {
        self.node.contents()?.lock().allocate(self.node.tree(), range, how)?;
        self.node.touch_bytes();
        Ok(())
    }

    fn seek(&self, from: u64, to: SeekTo) -> Result<u64> {
        self.node.contents()?.lock().seek(from, to)
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }
}

impl Drop for TreeFile {
    fn drop(&mut self) {
        if let Ok(contents) = self.node.contents() {
            contents.lock().closed(self.node.tree());
        }
    }
}
