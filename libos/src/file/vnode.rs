//! What every file system is made of: objects, the folders among them, and the file system itself.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

use litebox_host::file::{AttributeChange, Attributes, FileKind, FileSystemStatistics, WalkPurpose};

use super::{Description, File, FileLocks, FileStatus, Location, Users};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Credentials;

/// Who asks. Some answers depend on it: `/proc/self` and `/dev/tty` mean something else to every process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose rights count.
    pub credentials: Credentials,
    /// The number of the asking process.
    pub process: u32,
    /// The number of the asking thread.
    pub thread: u32,
}

/// One object of a file system. There is one value for each object, so identity is that of the `Arc`.
pub trait Vnode: Any + Send + Sync {
    /// What kind of object it is; never changes.
    fn kind(&self) -> FileKind;

    /// What `stat(2)` tells of it.
    ///
    /// # Errors
    /// The file system's own.
    fn attributes(&self) -> Result<Attributes>;

    /// Change attributes. Rights have been checked.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] where the file system keeps no such attribute.
    fn set_attributes(&self, change: &AttributeChange) -> Result<()>;

    /// Open it. Rights have been checked.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchDevice`] if there is nothing behind it.
    fn open(self: Arc<Self>, opening: Opening<'_>) -> Result<Arc<dyn File>>;

    /// Where a symbolic link leads `caller`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is no link.
    fn follow(&self, caller: &Caller) -> Result<Target> {
        let _ = caller;
        Err(Error::new(ErrorKind::InvalidArgument, "the object is no symbolic link"))
    }

    /// Its face as a folder.
    fn directory(&self) -> Option<&dyn Directory> {
        None
    }

    /// The folder it is in and its name there; of what has been removed, the last ones. `None` for a root and for
    /// what never had a name.
    fn place(&self) -> Option<(Arc<dyn Vnode>, Vec<u8>)>;

    /// The file system it belongs to.
    fn file_system(&self) -> &dyn FileSystem;

    /// The whole-file locks on it, for objects that can be locked.
    fn locks(&self) -> Option<&Arc<FileLocks>> {
        None
    }

    /// Who has it open for writing or executes it, for objects that can be in both uses.
    fn users(&self) -> Option<&Users> {
        None
    }

    /// What else of the library OS hangs off it: the pipe of a FIFO, the socket bound to a name.
    fn attachment(&self) -> Option<&Attachment> {
        None
    }
}

/// A folder.
pub trait Directory {
    /// The object called `name`, one plain component.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    fn lookup(&self, name: &[u8]) -> Result<Arc<dyn Vnode>>;

    /// As [`Directory::lookup`], on a walk for `purpose` that goes on with `rest`: what may be learnt of that at once.
    ///
    /// # Errors
    /// As [`Directory::lookup`].
    fn lookup_on(&self, name: &[u8], rest: &[u8], purpose: WalkPurpose) -> Result<Arc<dyn Vnode>> {
        let _ = (rest, purpose);
        self.lookup(name)
    }

    /// Hand the entries after `cookie` (0 at first) to `sink`, until it answers [`Listing::Stop`]. `.` and `..` are
    /// left out. An entry that is there all the time is handed out exactly once, whatever happens to others.
    ///
    /// # Errors
    /// The file system's own.
    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()>;

    /// Make `object` under a name that does not exist.
    ///
    /// # Errors
    /// [`ErrorKind::Exists`], [`ErrorKind::NoSpace`], [`ErrorKind::NotPermitted`] where nothing can be made.
    fn create(&self, name: &[u8], object: NewVnode<'_>, owner: Ownership) -> Result<Arc<dyn Vnode>> {
        let _ = (name, object, owner);
        Err(FIXED)
    }

    /// Give `target`, an object of the same file system, another name.
    ///
    /// # Errors
    /// As [`Directory::create`]; [`ErrorKind::CrossDevice`] if it is of another.
    fn link(&self, name: &[u8], target: &dyn Vnode) -> Result<()> {
        let _ = (name, target);
        Err(FIXED)
    }

    /// Remove a name.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::NotEmpty`], [`ErrorKind::IsDirectory`], [`ErrorKind::NotDirectory`].
    fn remove(&self, name: &[u8], what: Removal) -> Result<()> {
        let _ = (name, what);
        Err(FIXED)
    }

    /// Move an object to `to_name` in the folder `to`.
    ///
    /// # Errors
    /// Those of `rename(2)`.
    fn rename(&self, name: &[u8], to: &dyn Vnode, to_name: &[u8], how: Rename) -> Result<()> {
        let _ = (name, to, to_name, how);
        Err(FIXED)
    }
}

const FIXED: Error = Error::new(ErrorKind::NotPermitted, "the folder's entries are fixed");

/// A file system as a whole.
pub trait FileSystem: Send + Sync {
    /// What sort it is.
    fn kind(&self) -> FileSystemKind;

    /// Its number, by which `stat(2)` tells file systems apart.
    fn device(&self) -> u64;

    /// Figures about it; `kind` is 0 where only the host could tell it.
    ///
    /// # Errors
    /// Those of the host.
    fn statistics(&self) -> Result<FileSystemStatistics>;
}

/// The sorts of file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSystemKind {
    /// Wholly in memory.
    Memory,
    /// A folder of the host that nobody writes.
    Host,
    /// A folder of the host under changes kept in memory.
    Overlay,
    /// A folder of the host that is written.
    Writable,
    /// Devices.
    Device,
    /// Processes.
    Process,
    /// The machine.
    System,
    /// Terminals.
    Terminal,
}

/// What [`Vnode::open`] is told.
pub struct Opening<'a> {
    /// How the object was reached. Its vnode is the one that is opened.
    pub location: Location,
    /// What for.
    pub status: FileStatus,
    /// By whom.
    pub caller: &'a Caller,
}

/// Where a symbolic link leads.
pub enum Target {
    /// To what this path names, seen from the link's folder.
    Path(Vec<u8>),
    /// To an object, whatever its path is by now (the links of `/proc/self`).
    Object(Location),
    /// To what an open file description refers to, which may have no path at all (`/proc/self/fd`).
    Open(Arc<Description>),
}

/// An entry of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'a> {
    /// The name.
    pub name: &'a [u8],
    /// The object's inode number.
    pub inode: u64,
    /// The object's kind.
    pub kind: FileKind,
    /// Where a listing goes on after this entry.
    pub cookie: u64,
}

/// Whether a listing goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// The entry was taken.
    More,
    /// The entry was not taken; no more.
    Stop,
}

/// What [`Directory::create`] makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewVnode<'a> {
    /// An empty regular file.
    Regular,
    /// An empty regular file without a name; `linkable` says whether it may be given one.
    Unnamed {
        /// Whether [`Directory::link`] may name it.
        linkable: bool,
    },
    /// An empty folder.
    Directory,
    /// A symbolic link with this target.
    Symlink(&'a [u8]),
    /// A FIFO.
    Fifo,
    /// The name of a socket.
    Socket,
}

/// Whose a new object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Permission bits, with set-uid, set-gid and sticky.
    pub mode: u32,
    /// The owner.
    pub user: u32,
    /// The group.
    pub group: u32,
}

/// What [`Directory::remove`] must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// An empty folder.
    Directory,
    /// Anything else.
    Other,
}

/// How [`Directory::rename`] treats the new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rename {
    /// It is replaced if it exists.
    Replace,
    /// It must not exist.
    Keep,
    /// It must exist and changes place with the old one.
    Exchange,
}

/// A slot for what another noun hangs off a vnode, filled once.
pub type Attachment = litebox_host::sync::Once<Arc<dyn Any + Send + Sync>>;
