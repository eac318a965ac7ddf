//! What open objects can do beyond reading and writing: the faces of regular files and of folders.

use core::ops::Range;

use super::{Listed, Listing, Seals};
use crate::error::{Error, ErrorKind, Result};

/// What can be done with the bytes of a regular file, apart from reading and writing them.
pub trait RegularFile {
    /// Cut the file or make it longer, with zeros.
    ///
    /// # Errors
    /// [`FileTooBig`](crate::ErrorKind::FileTooBig), [`NoSpace`](crate::ErrorKind::NoSpace).
    fn set_size(&self, size: u64) -> Result<()>;

    /// Change how a range of the file is kept.
    ///
    /// # Errors
    /// [`NotSupported`](crate::ErrorKind::NotSupported), [`FileTooBig`](crate::ErrorKind::FileTooBig), [`NoSpace`](crate::ErrorKind::NoSpace).
    fn allocate(&self, range: Range<u64>, how: Allocation) -> Result<()>;

    /// The first offset from `from` on that lies in data, or in a hole; the end of the file counts as a hole.
    ///
    /// # Errors
    /// [`NoSuchDevice`](crate::ErrorKind::NoSuchDevice) (as `lseek(2)` has it) if there is none.
    fn seek(&self, from: u64, to: SeekTo) -> Result<u64>;

    /// Return when what was written is on storage.
    ///
    /// # Errors
    /// [`InputOutput`](crate::ErrorKind::InputOutput), [`NoSpace`](crate::ErrorKind::NoSpace).
    fn sync(&self) -> Result<()>;

    /// What can no longer be done with the file; `None` where files cannot be sealed.
    fn seals(&self) -> Option<Seals> {
        None
    }

    /// Add seals.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) where files cannot be sealed;
    /// [`NotPermitted`](ErrorKind::NotPermitted) if this one can no longer be; [`Busy`](ErrorKind::Busy) for
    /// [`Seals::WRITE`] while a mapping can write.
    fn add_seals(&self, seals: Seals) -> Result<()> {
        let _ = seals;
        Err(Error::new(ErrorKind::InvalidArgument, "the file cannot be sealed"))
    }
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
    /// [`NotFound`](crate::ErrorKind::NotFound) if the folder has been removed.
    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()>;
}
