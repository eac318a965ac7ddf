//! What a request wants done to a file.

use crate::attributes::TimeWire;
use crate::{ProtocolError, Time};
use bitflags::bitflags;
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

bitflags! {
    /// How a file is opened or created (open(2)). At least one of `READ` and `WRITE`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Access: u32 {
        /// Bytes can be read.
        const READ = 1;
        /// Bytes can be written.
        const WRITE = 2;
        /// Every write goes to the end. Needs `WRITE`.
        const APPEND = 4;
        /// The file is emptied first. Needs `WRITE`.
        const TRUNCATE = 8;
        /// With `Create`: an existing file is an error (EEXIST).
        const EXCLUSIVE = 16;
    }

    /// How an entry is renamed (renameat2(2)).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct RenameFlags: u32 {
        /// An existing target is an error (EEXIST).
        const NO_REPLACE = 1;
        /// Both entries exist and change places.
        const EXCHANGE = 2;
    }
}

impl Access {
    pub(crate) fn decode(bits: u32) -> Result<Self, ProtocolError> {
        let access = Self::from_bits(bits).ok_or(ProtocolError::Value("access"))?;
        let writes = access.intersects(Self::APPEND | Self::TRUNCATE);
        if !access.intersects(Self::READ | Self::WRITE) || (writes && !access.contains(Self::WRITE)) {
            return Err(ProtocolError::Value("access"));
        }
        Ok(access)
    }
}

impl RenameFlags {
    pub(crate) fn decode(bits: u32) -> Result<Self, ProtocolError> {
        let flags = Self::from_bits(bits).ok_or(ProtocolError::Value("rename flags"))?;
        if flags.is_all() { Err(ProtocolError::Value("rename flags")) } else { Ok(flags) }
    }
}

/// What a walk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum WalkPurpose {
    /// To know what stands there.
    Look = 0,
    /// To read the regular file that stands at the path's end.
    Read = 1,
}

impl WalkPurpose {
    pub(crate) fn decode(value: u32) -> Result<Self, ProtocolError> {
        match value {
            0 => Ok(Self::Look),
            1 => Ok(Self::Read),
            _ => Err(ProtocolError::Value("walk purpose")),
        }
    }
}

/// What `Remove` may remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum RemoveKind {
    /// Anything but a directory (unlink(2)).
    File = 0,
    /// An empty directory (rmdir(2)).
    Directory = 1,
}

impl RemoveKind {
    pub(crate) fn decode(value: u32) -> Result<Self, ProtocolError> {
        match value {
            0 => Ok(Self::File),
            1 => Ok(Self::Directory),
            _ => Err(ProtocolError::Value("remove kind")),
        }
    }
}

/// What a `Report` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
pub enum ReportKind {
    /// The guest asked for something that is not supported.
    Unsupported = 0,
    /// The library OS refused something that a policy it was given forbids.
    Denied = 1,
    /// Anything else worth a line.
    Note = 2,
    /// One system call of a sandbox that shows them.
    Trace = 3,
}

impl ReportKind {
    pub(crate) fn decode(value: u32) -> Result<Self, ProtocolError> {
        match value {
            0 => Ok(Self::Unsupported),
            1 => Ok(Self::Denied),
            2 => Ok(Self::Note),
            3 => Ok(Self::Trace),
            _ => Err(ProtocolError::Value("report kind")),
        }
    }
}

/// A new time for a file (utimensat(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChange {
    /// The host's present time.
    Now,
    /// A given time.
    At(Time),
}

/// The attributes that `SetAttributes` changes; what is absent stays. Applied in the order of the fields; the
/// first failure ends the request, and what was applied before it stays, as with the separate system calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// A new length, in bytes; regular files only.
    pub size: Option<u64>,
    /// A new owner.
    pub uid: Option<u32>,
    /// A new owning group.
    pub gid: Option<u32>,
    /// New permission bits, at most `0o7777`; not for symbolic links.
    pub mode: Option<u32>,
    /// A new time of last access.
    pub accessed: Option<TimeChange>,
    /// A new time of last modification.
    pub modified: Option<TimeChange>,
}

bitflags! {
    struct Mask: u32 {
        const SIZE = 1;
        const UID = 2;
        const GID = 4;
        const MODE = 8;
        const ACCESSED = 16;
        const ACCESSED_NOW = 32;
        const MODIFIED = 64;
        const MODIFIED_NOW = 128;
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct ChangesWire {
    mask: U32,
    uid: U32,
    gid: U32,
    mode: U32,
    size: U64,
    accessed: TimeWire,
    modified: TimeWire,
}

/// The mask bits and the time of one optional time change.
fn time_bits(change: Option<TimeChange>, at: Mask, now: Mask) -> (Mask, TimeWire) {
    match change {
        None => (Mask::empty(), Time::default().into()),
        Some(TimeChange::Now) => (now, Time::default().into()),
        Some(TimeChange::At(time)) => (at, time.into()),
    }
}

impl From<&Changes> for ChangesWire {
    fn from(changes: &Changes) -> Self {
        let mut mask = Mask::empty();
        mask.set(Mask::SIZE, changes.size.is_some());
        mask.set(Mask::UID, changes.uid.is_some());
        mask.set(Mask::GID, changes.gid.is_some());
        mask.set(Mask::MODE, changes.mode.is_some());
        let (bits, accessed) = time_bits(changes.accessed, Mask::ACCESSED, Mask::ACCESSED_NOW);
        mask |= bits;
        let (bits, modified) = time_bits(changes.modified, Mask::MODIFIED, Mask::MODIFIED_NOW);
        mask |= bits;
        Self {
            mask: mask.bits().into(),
            uid: changes.uid.unwrap_or(0).into(),
            gid: changes.gid.unwrap_or(0).into(),
            mode: changes.mode.unwrap_or(0).into(),
            size: changes.size.unwrap_or(0).into(),
            accessed,
            modified,
        }
    }
}

impl ChangesWire {
    pub(crate) fn decode(&self) -> Result<Changes, ProtocolError> {
        let mask = Mask::from_bits(self.mask.get()).ok_or(ProtocolError::Value("attribute mask"))?;
        let time = |wire: &TimeWire, at: Mask, now: Mask| match (mask.contains(at), mask.contains(now)) {
            (false, false) => Ok(None),
            (false, true) => Ok(Some(TimeChange::Now)),
            (true, false) => Ok(Some(TimeChange::At(wire.decode()?))),
            (true, true) => Err(ProtocolError::Value("attribute mask")),
        };
        let mode = mask.contains(Mask::MODE).then(|| self.mode.get());
        if mode.is_some_and(|mode| mode > 0o7777) {
            return Err(ProtocolError::Value("mode"));
        }
        Ok(Changes {
            size: mask.contains(Mask::SIZE).then(|| self.size.get()),
            uid: mask.contains(Mask::UID).then(|| self.uid.get()),
            gid: mask.contains(Mask::GID).then(|| self.gid.get()),
            mode,
            accessed: time(&self.accessed, Mask::ACCESSED, Mask::ACCESSED_NOW)?,
            modified: time(&self.modified, Mask::MODIFIED, Mask::MODIFIED_NOW)?,
        })
    }
}
