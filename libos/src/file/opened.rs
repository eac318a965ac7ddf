//! Open objects that are the same for all file systems: folders, and files opened for their name alone.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::{AttributeChange, Attributes, FileKind};

use super::location::NOT_DIRECTORY;
use super::{
    Description, File, FileStatus, FileSystem, Listed, Listing, Location, OpenFolder, Opening, Vnode,
    WholeLock,
};
use crate::error::{Error, ErrorKind, Result};
use crate::pipe::{PipeEnd, Side};
use crate::user::{Destination, Source};

/// The entries `.` and `..` come before all others, under these cookies.
const COOKIE_SELF: u64 = 1;
const COOKIE_PARENT: u64 = 2;
/// The first cookie that a file system may give an entry.
pub const FIRST_COOKIE: u64 = 3;

/// An open folder.
pub struct FolderFile {
    location: Location,
    lock: Option<WholeLock>,
}

impl FolderFile {
    /// The folder at `opening`.
    pub fn open(opening: Opening<'_>) -> Arc<dyn File> {
        let lock = opening.location.vnode.locks().map(WholeLock::new);
        Arc::new(Self { location: opening.location, lock })
    }
}

const IS_DIRECTORY: Error = Error::new(ErrorKind::IsDirectory, "the object is a folder");

impl File for FolderFile {
    fn read(&self, _: Option<u64>, _: &mut dyn Destination) -> Result<usize> {
        Err(IS_DIRECTORY)
    }

    fn write(&self, _: Option<u64>, _: &mut dyn Source) -> Result<usize> {
        Err(IS_DIRECTORY)
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

impl OpenFolder for FolderFile {
    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()> {
        list_dots(&self.location, cookie, sink, |cookie, sink| {
            self.location.vnode.directory().ok_or(NOT_DIRECTORY)?.list(cookie, sink)
        })
    }
}

/// Hand out `.` and `..` of the folder at `location`, then what `rest` hands out.
pub(super) fn list_dots(
    location: &Location,
    cookie: u64,
    sink: &mut dyn FnMut(Listed<'_>) -> Listing,
    rest: impl FnOnce(u64, &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()>,
) -> Result<()> {
    let own = location.vnode.attributes()?;
    if own.links == 0 {
        return Err(Error::new(ErrorKind::NotFound, "the folder has been removed"));
    }
    if cookie < COOKIE_SELF {
        let dot = Listed { name: b".", inode: own.inode, kind: own.kind, cookie: COOKIE_SELF };
        if sink(dot) == Listing::Stop {
            return Ok(());
        }
    }
    if cookie < COOKIE_PARENT {
        let inode = match location.vnode.place() {
            Some((parent, _)) => parent.attributes()?.inode,
            None => own.inode,
        };
        let dots = Listed { name: b"..", inode, kind: own.kind, cookie: COOKIE_PARENT };
        if sink(dots) == Listing::Stop {
            return Ok(());
        }
    }
    rest(cookie.max(COOKIE_PARENT), sink)
}

/// A file that is only a name (`O_PATH`).
pub struct PathFile {
    location: Location,
}

impl PathFile {
    /// The object at `location`.
    pub fn new(location: Location) -> Self {
        Self { location }
    }
}

impl File for PathFile {
    fn attributes(&self) -> Result<Attributes> {
        self.location.vnode.attributes()
    }

    fn location(&self) -> Option<&Location> {
        Some(&self.location)
    }
}

/// An open object without a location, as a link of `/proc/self/fd` leads to it: opening it
/// gives the object itself, or another end of a pipe.
pub(super) struct OpenObject {
    file: Arc<dyn File>,
    kind: FileKind,
    /// The link, which says what file system this counts as.
    link: Arc<dyn Vnode>,
}

impl OpenObject {
    /// The object of `description`, reached through `link`.
    pub(super) fn at(link: &Location, description: &Description) -> Location {
        let file = Arc::clone(description.file());
        // What tells no attributes has no kind of its own: as Linux shows its anonymous inodes.
        let kind = file.attributes().map_or(FileKind::Regular, |attributes| attributes.kind);
        let vnode = Arc::new(Self { file, kind, link: Arc::clone(&link.vnode) });
        Location { mount: Arc::clone(&link.mount), vnode }
    }
}

impl Vnode for OpenObject {
    fn kind(&self) -> FileKind {
        self.kind
    }

    fn attributes(&self) -> Result<Attributes> {
        self.file.attributes()
    }

    fn set_attributes(&self, _: &AttributeChange) -> Result<()> {
        Err(Error::new(ErrorKind::NotPermitted, "the object's attributes are fixed"))
    }

    fn open(self: Arc<Self>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        let any: &dyn core::any::Any = &*self.file;
        let Some(end) = any.downcast_ref::<PipeEnd>() else {
            return match self.kind {
                FileKind::Socket => {
                    Err(Error::new(ErrorKind::NoSuchDevice, "a socket is not opened by path"))
                }
                _ => Ok(Arc::clone(&self.file)),
            };
        };
        // As with a FIFO, either end can be opened, whichever the link is of.
        let access = opening.status & (FileStatus::READ | FileStatus::WRITE);
        if access == FileStatus::READ {
            Ok(end.reopen(Side::Read))
        } else if access == FileStatus::WRITE {
            Ok(end.reopen(Side::Write))
        } else {
            Err(Error::new(ErrorKind::NotSupported, "a pipe is not opened for both directions"))
        }
    }

    fn place(&self) -> Option<(Arc<dyn Vnode>, Vec<u8>)> {
        None
    }

    fn file_system(&self) -> &dyn FileSystem {
        self.link.file_system()
    }
}
