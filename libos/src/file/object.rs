//! The open object behind a descriptor.

use alloc::vec::Vec;
use core::any::Any;
use core::ops::Range;
use core::time::Duration;

use litebox_host::console::Stream;
use litebox_host::file::{Attributes, HostFile};
use litebox_host::time::Deadline;

use super::{Listed, Listing, Location};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::user::{Destination, Source};

bitflags::bitflags! {
    /// The status flags of an open file description, shared by all descriptors that refer to it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct FileStatus: u32 {
        /// Reads are allowed.
        const READ = 1;
        /// Writes are allowed.
        const WRITE = 2;
        /// Every write goes to the end.
        const APPEND = 4;
        /// Operations fail instead of blocking.
        const NONBLOCK = 8;
        /// Writes return when the bytes are on storage.
        const SYNC = 16;
        /// Direct I/O, or packet mode of a pipe.
        const DIRECT = 32;
        /// The file is only a name: no reading or writing.
        const PATH = 64;
        /// The access time stays.
        const NO_ACCESS_TIME = 128;
        /// A signal is sent when input arrives.
        const ASYNC = 256;
    }
}

/// An open object: a file, a folder, a pipe end, a socket, an event counter, a stream of the host.
///
/// Operations never block. Where they would, they answer [`ErrorKind::WouldBlock`], and the caller waits through
/// [`File::queue`] or [`File::stream`] (see [`crate::event::block`]).
pub trait File: Any + Send + Sync {
    /// Read at `position`, which is `None` for objects without one. 0 is the end.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] and the object's own.
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let _ = (position, to);
        Err(Error::new(ErrorKind::InvalidArgument, "the object cannot be read"))
    }

    /// Write at `position`, which is `None` for objects without one.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] and the object's own.
    fn write(&self, position: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        let _ = (position, from);
        Err(Error::new(ErrorKind::InvalidArgument, "the object cannot be written"))
    }

    /// Write at the end, in one step with finding it. How much was written, and where the end is then.
    ///
    /// # Errors
    /// Those of [`File::write`].
    fn append(&self, from: &mut dyn Source) -> Result<(usize, u64)> {
        let end = self.attributes()?.size;
        let count = self.write(Some(end), from)?;
        Ok((count, end.saturating_add(count as u64)))
    }

    /// What `fstat(2)` tells of it.
    ///
    /// # Errors
    /// The object's own.
    fn attributes(&self) -> Result<Attributes>;

    /// Whether the object has a position, so that descriptions of it carry an offset.
    fn is_seekable(&self) -> bool {
        false
    }

    /// What is ready now. Always-ready objects keep this default.
    fn readiness(&self) -> Readiness {
        Readiness::READ | Readiness::WRITE
    }

    /// Where changes of [`File::readiness`] are announced; `None` if it never changes.
    fn queue(&self) -> Option<&WaitQueue> {
        None
    }

    /// The host's file with the object's bytes, for mapping it into memory; `None` if its bytes are here.
    fn host_file(&self) -> Option<HostFile> {
        None
    }

    /// The stream of the host behind the object, whose readiness only the host knows.
    fn stream(&self) -> Option<Stream> {
        None
    }

    /// When [`File::readiness`] gains [`Readiness::READ`] by the mere passing of time: the first such moment after
    /// `after` (if `None`: since the object was last read), past or future. `None` if time alone changes nothing.
    fn deadline(&self, after: Option<Deadline>) -> Option<Deadline> {
        let _ = after;
        None
    }

    /// How long an operation that waits for `interest` may block before it answers [`ErrorKind::WouldBlock`];
    /// `None` for as long as it takes.
    fn patience(&self, interest: Readiness) -> Option<Duration> {
        let _ = interest;
        None
    }

    /// Whether readiness can be watched at all: not that of regular files and folders (`epoll_ctl(2)`, EPERM).
    fn is_watchable(&self) -> bool {
        self.queue().is_some() || self.stream().is_some()
    }

    /// How the object was reached, for objects that were opened by path.
    fn location(&self) -> Option<&Location> {
        None
    }

    /// Its face as a regular file.
    fn regular(&self) -> Option<&dyn RegularFile> {
        None
    }

    /// Its face as a folder.
    fn folder(&self) -> Option<&dyn OpenFolder> {
        None
    }

    /// What `/proc/self/fd` shows of an object without a location, as in `pipe:[7]`.
    fn label(&self) -> Vec<u8> {
        b"anon_inode:[file]".to_vec()
    }
}

/// What can be done with the bytes of a regular file, apart from reading and writing them.
pub trait RegularFile {
    /// Cut the file or make it longer, with zeros.
    ///
    /// # Errors
    /// [`ErrorKind::FileTooBig`], [`ErrorKind::NoSpace`].
    fn set_size(&self, size: u64) -> Result<()>;

    /// Change how a range of the file is kept.
    ///
    /// # Errors
    /// [`ErrorKind::NotSupported`], [`ErrorKind::FileTooBig`], [`ErrorKind::NoSpace`].
    fn allocate(&self, range: Range<u64>, how: Allocation) -> Result<()>;

    /// The first offset from `from` on that lies in data, or in a hole; the end of the file counts as a hole.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchDevice`] (as `lseek(2)` has it) if there is none.
    fn seek(&self, from: u64, to: SeekTo) -> Result<u64>;

    /// Return when what was written is on storage.
    ///
    /// # Errors
    /// [`ErrorKind::InputOutput`], [`ErrorKind::NoSpace`].
    fn sync(&self) -> Result<()>;
}

/// What [`RegularFile::allocate`] does to a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// Make sure that writing it will find room, and make the file at least so long.
    Extend,
    /// As [`Allocation::Extend`], with the file's length left alone.
    Reserve,
    /// Make a hole of it.
    Punch,
    /// Make it zeros, and the file at least so long.
    Zero,
    /// As [`Allocation::Zero`], with the file's length left alone.
    ZeroInside,
}

/// What [`RegularFile::seek`] looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeekTo {
    /// Bytes that are kept.
    Data,
    /// Bytes that are not, and read as zeros.
    Hole,
}

/// An open folder.
pub trait OpenFolder {
    /// Hand the entries after `cookie` (0 at first) to `sink`, until it answers [`Listing::Stop`]; `.` and `..` come
    /// first.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if the folder has been removed.
    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()>;
}
