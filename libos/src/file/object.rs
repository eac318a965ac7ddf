//! The open object behind a descriptor.

use alloc::vec::Vec;
use core::any::Any;
use core::time::Duration;

use litebox_host::console::Stream;
use litebox_host::file::{Attributes, FileKind, HostFile, Timestamp};
use litebox_host::time::Deadline;

use super::{Location, OpenFolder, PagedFile, PersonalFile, RegularFile, WholeLock};
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
        /// It was opened as a folder only: kept for whoever asks.
        const DIRECTORY = 512;
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

    /// Whether `lseek(2)` succeeds without effect and answers 0: an object whose position means nothing.
    fn ignores_seek(&self) -> bool {
        false
    }

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

    /// Its face as a file whose bytes lie in shared pages, for mapping them.
    fn paged(&self) -> Option<&dyn PagedFile> {
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

    /// Whether [`File::deadline`] may ever answer a time.
    fn is_timed(&self) -> bool {
        false
    }

    /// Whether a blocking write goes on until all bytes are written: pipes and stream sockets. Other objects take
    /// what they take in one operation.
    fn is_byte_stream(&self) -> bool {
        false
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

    /// Bytes that can be read now (`FIONREAD`); `None` if the object does not count them.
    fn available(&self) -> Option<usize> {
        None
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

    /// Its face as an object that depends on who uses it.
    fn personal(&self) -> Option<&dyn PersonalFile> {
        None
    }

    /// The whole-file lock that this opening of the object may hold.
    fn whole_lock(&self) -> Option<&WholeLock> {
        None
    }

    /// What `/proc/self/fd` shows of an object without a path, as in `pipe:[7]`.
    fn label(&self) -> Vec<u8> {
        b"anon_inode:[file]".to_vec()
    }
}

/// The attributes of an object of `kind` that lies in no folder. Its identity is the address of `object`, which is
/// its alone while it is open.
pub fn anonymous_attributes<T>(kind: FileKind, mode: u32, object: &T) -> Attributes {
    Attributes {
        kind,
        mode,
        uid: 0,
        gid: 0,
        links: 1,
        inode: (core::ptr::from_ref(object).addr() >> 3) as u64,
        device: ANONYMOUS_DEVICE,
        special: 0,
        size: 0,
        blocks: 0,
        block_size: 4096,
        accessed: Timestamp::default(),
        modified: Timestamp::default(),
        changed: Timestamp::default(),
        born: Timestamp::default(),
    }
}

/// The label of an object of a `class` of objects, by its own `attributes`.
pub fn anonymous_label(class: &str, attributes: Result<Attributes>) -> Vec<u8> {
    let inode = attributes.map_or(0, |attributes| attributes.inode);
    alloc::format!("{class}:[{inode}]").into_bytes()
}

/// The device number of objects that lie in no folder.
const ANONYMOUS_DEVICE: u64 = 15;
