//! Files and folders of a writable folder, open.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::HostError;
use litebox_host::file::{Attributes, Entry, HostFile, OpenAccess};
use litebox_host::sync::Mutex;

use super::folder::list_entries;
use super::node::HostNode;
use crate::error::{Error, ErrorKind, Result};
use crate::file::location::NOT_DIRECTORY;
use crate::file::opened::list_dots;
use crate::file::{
    Allocation, FIRST_COOKIE, File, FileStatus, InUse, Listed, Listing, Location, OpenFolder, Opening,
    RegularFile, SeekTo, Use, Vnode, WholeLock,
};
use crate::memory::buffer;
use crate::user::{Destination, Source};

/// Bytes handed to or had from the host in one request.
const CHUNK: usize = 64 << 10;

/// A regular file of the host's, open.
pub(super) struct HostRegularFile {
    node: Arc<HostNode>,
    location: Location,
    file: HostFile,
    /// Held while something is written at the end.
    end: Mutex<()>,
    lock: Option<WholeLock>,
    /// While the file is open for writing.
    _written: Option<InUse>,
}

impl HostRegularFile {
    pub(super) fn open(node: Arc<HostNode>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        let mut access = OpenAccess::empty();
        access.set(OpenAccess::READ, opening.status.contains(FileStatus::READ));
        access.set(OpenAccess::WRITE, opening.status.contains(FileStatus::WRITE));
        let writes = opening.status.contains(FileStatus::WRITE);
        let written = if writes { InUse::begin(&opening.location.vnode, Use::Writing)? } else { None };
        let file = match node.take_made() {
            Some(file) => file,
            None => node.folder.host.open(node.folder.mount, &node.path()?, access)?.0,
        };
        let lock = node.locks().map(WholeLock::new);
        let location = opening.location;
        Ok(Arc::new(Self { node, location, file, end: Mutex::new(()), lock, _written: written }))
    }

    fn buffer(wanted: usize) -> Result<Vec<u8>> {
        buffer::zeroed(wanted.min(CHUNK))
    }

    /// Pass one buffer on to the reader; how many bytes of how many wanted.
    fn read_piece(&self, at: u64, to: &mut dyn Destination, buffer: &mut [u8]) -> Result<(usize, usize)> {
        let wanted = to.remaining().min(buffer.len());
        let part = buffer.get_mut(..wanted).unwrap_or_default();
        let count = self.node.folder.host.read_at(self.file, at, part)?.min(wanted);
        Ok((to.put(part.get(..count).unwrap_or_default())?, wanted))
    }

    /// Pass one buffer on from the writer; how many bytes of how many wanted.
    fn write_piece(&self, at: u64, from: &mut dyn Source, buffer: &mut [u8]) -> Result<(usize, usize)> {
        let wanted = from.remaining().min(buffer.len());
        let taken = from.take(buffer.get_mut(..wanted).unwrap_or_default())?;
        let part = buffer.get(..taken).unwrap_or_default();
        let count = self.node.folder.host.write_at(self.file, at, part)?;
        Ok((count.min(taken), wanted))
    }
}

/// Move pieces until one falls short or `left` has nothing more.
fn pieces<T: ?Sized>(
    stream: &mut T,
    left: impl Fn(&T) -> usize,
    mut piece: impl FnMut(&mut T, u64) -> Result<(usize, usize)>,
) -> Result<usize> {
    let mut done = 0;
    while left(stream) > 0 {
        match piece(stream, done as u64) {
            Ok((count, wanted)) => {
                done += count;
                if count < wanted {
                    break;
                }
            }
            Err(_) if done > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

impl File for HostRegularFile {
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let start = position.unwrap_or(0);
        let mut buffer = Self::buffer(to.remaining())?;
        pieces(
            to,
            |to| to.remaining(),
            |to, done| self.read_piece(start.saturating_add(done), to, &mut buffer),
        )
    }

    fn write(&self, position: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        let start = position.unwrap_or(0);
        let mut buffer = Self::buffer(from.remaining())?;
        pieces(
            from,
            |from| from.remaining(),
            |from, done| self.write_piece(start.saturating_add(done), from, &mut buffer),
        )
    }

    fn append(&self, from: &mut dyn Source) -> Result<(usize, u64)> {
        let _end = self.end.lock();
        let at = self.node.folder.host.size(self.file)?;
        let count = self.write(Some(at), from)?;
        Ok((count, at.saturating_add(count as u64)))
    }

    fn attributes(&self) -> Result<Attributes> {
        self.node.attributes_with(|| self.node.folder.host.size(self.file).ok())
    }

    fn is_seekable(&self) -> bool {
        true
    }

    fn host_file(&self) -> Option<HostFile> {
        Some(self.file)
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

impl RegularFile for HostRegularFile {
    fn set_size(&self, size: u64) -> Result<()> {
        Ok(self.node.folder.host.set_size(self.file, size)?)
    }

    fn allocate(&self, range: Range<u64>, how: Allocation) -> Result<()> {
        match how {
            // The host is not asked to set room aside: the promise is only the length.
            Allocation::Extend => {
                let size = self.node.folder.host.size(self.file)?;
                if range.end > size { self.set_size(range.end) } else { Ok(()) }
            }
            _ => Err(Error::new(ErrorKind::NotSupported, "the host's files cannot be punched")),
        }
    }

    fn seek(&self, from: u64, to: SeekTo) -> Result<u64> {
        let size = self.node.folder.host.size(self.file)?;
        match to {
            _ if from >= size => Err(Error::new(ErrorKind::NoSuchDevice, "beyond the end of the file")),
            SeekTo::Data => Ok(from),
            SeekTo::Hole => Ok(size),
        }
    }

    fn sync(&self) -> Result<()> {
        match self.node.folder.host.sync(self.file) {
            Ok(()) | Err(HostError::NotSupported) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for HostRegularFile {
    fn drop(&mut self) {
        self.node.folder.host.close(self.file);
    }
}

/// A folder of the host's, open. Its entries are those of the moment when the listing began.
pub(super) struct HostFolderFile {
    location: Location,
    entries: Mutex<Option<Vec<Entry>>>,
    lock: Option<WholeLock>,
}

impl HostFolderFile {
    pub(super) fn open(opening: Opening<'_>) -> Arc<dyn File> {
        let lock = opening.location.vnode.locks().map(WholeLock::new);
        Arc::new(Self { location: opening.location, entries: Mutex::new(None), lock })
    }

    fn node(&self) -> Result<&HostNode> {
        let vnode: &dyn core::any::Any = &*self.location.vnode;
        vnode.downcast_ref().ok_or(NOT_DIRECTORY)
    }
}

impl File for HostFolderFile {
    fn read(&self, _: Option<u64>, _: &mut dyn Destination) -> Result<usize> {
        Err(Error::new(ErrorKind::IsDirectory, "the object is a folder"))
    }

    fn attributes(&self) -> Result<Attributes> {
        self.location.vnode.attributes()
    }

    fn is_seekable(&self) -> bool {
        true
    }

    fn location(&self) -> Option<&Location> {
        Some(&self.location)
    }

    fn folder(&self) -> Option<&dyn OpenFolder> {
        Some(self)
    }

    fn whole_lock(&self) -> Option<&WholeLock> {
        self.lock.as_ref()
    }
}

impl OpenFolder for HostFolderFile {
    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()> {
        let mut entries = self.entries.lock();
        if cookie < FIRST_COOKIE || entries.is_none() {
            *entries = Some(self.node()?.snapshot()?);
        }
        let entries = entries.as_deref().unwrap_or_default();
        list_dots(&self.location, cookie, sink, |cookie, sink| {
            list_entries(entries, cookie, sink);
            Ok(())
        })
    }
}
