//! `fcntl(2)`, `ioctl(2)`, `dup(2)`, `close_range(2)`.

use litebox_libos::file::{FileStatus, Seals};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

crate::flag_argument! {
    /// Status flags as `open(2)` and `fcntl(2)` spell them.
    pub struct StatusFlags: u32 {
        /// Only writes. Together with the next one: a number, not flags.
        const O_WRONLY = 0o1;
        /// Reads and writes.
        const O_RDWR = 0o2;
        /// Every write goes to the end.
        const O_APPEND = 0o2000;
        /// Operations do not block.
        const O_NONBLOCK = 0o4000;
        /// Data is on storage when a write returns.
        const O_DSYNC = 0o10000;
        /// Signals tell of input.
        const O_ASYNC = 0o20000;
        /// Direct I/O, or packet mode of a pipe.
        const O_DIRECT = 0o40000;
        /// Offsets have 64 bits.
        const O_LARGEFILE = 0o100000;
        /// Only a folder.
        const O_DIRECTORY = 0o200000;
        /// The access time stays.
        const O_NOATIME = 0o1000000;
        /// Closed when a new program is started.
        const O_CLOEXEC = 0o2000000;
        /// With `O_DSYNC`, attributes too.
        const SYNC_TOO = 0o4000000;
        /// Only a name.
        const O_PATH = 0o10000000;
    }
}

/// Flags that have a status of their own.
const PAIRS: [(StatusFlags, FileStatus); 8] = [
    (StatusFlags::O_APPEND, FileStatus::APPEND),
    (StatusFlags::O_NONBLOCK, FileStatus::NONBLOCK),
    (StatusFlags::O_DSYNC, FileStatus::SYNC),
    (StatusFlags::O_ASYNC, FileStatus::ASYNC),
    (StatusFlags::O_DIRECT, FileStatus::DIRECT),
    (StatusFlags::O_DIRECTORY, FileStatus::DIRECTORY),
    (StatusFlags::O_NOATIME, FileStatus::NO_ACCESS_TIME),
    (StatusFlags::O_PATH, FileStatus::PATH),
];

impl StatusFlags {
    /// What `F_SETFL` changes.
    pub const CHANGEABLE: FileStatus = FileStatus::APPEND
        .union(FileStatus::ASYNC)
        .union(FileStatus::DIRECT)
        .union(FileStatus::NO_ACCESS_TIME)
        .union(FileStatus::NONBLOCK);

    /// The status without the access mode.
    pub fn status(self) -> FileStatus {
        let chosen = PAIRS.iter().filter(|(flag, _)| self.contains(*flag));
        chosen.fold(FileStatus::empty(), |status, (_, bit)| status | *bit)
    }
}

impl From<FileStatus> for StatusFlags {
    fn from(status: FileStatus) -> Self {
        let both = FileStatus::READ | FileStatus::WRITE;
        let mut flags = Self::empty();
        flags.set(Self::O_RDWR, status.contains(both));
        flags.set(Self::O_WRONLY, status & both == FileStatus::WRITE);
        flags.set(Self::SYNC_TOO, status.contains(FileStatus::SYNC));
        for (flag, bit) in PAIRS {
            flags.set(flag, flags.contains(flag) || status.contains(bit));
        }
        flags
    }
}

crate::flag_argument! {
    /// Flags of `close_range(2)`.
    pub struct CloseRangeFlags: u32 {
        /// The table is no longer shared first.
        const CLOSE_RANGE_UNSHARE = 2;
        /// Only mark them to be closed at exec.
        const CLOSE_RANGE_CLOEXEC = 4;
    }
}

crate::flag_argument! {
    /// Seals of `F_ADD_SEALS` and `F_GET_SEALS` (`fcntl(2)`).
    pub struct SealFlags: u32 {
        /// No more seals.
        const F_SEAL_SEAL = 0x1;
        /// It is not cut.
        const F_SEAL_SHRINK = 0x2;
        /// It is not made longer.
        const F_SEAL_GROW = 0x4;
        /// Its bytes stay.
        const F_SEAL_WRITE = 0x8;
        /// Its bytes are changed only by mappings that exist.
        const F_SEAL_FUTURE_WRITE = 0x10;
        /// It stays executable, or not.
        const F_SEAL_EXEC = 0x20;
    }
}

/// Each seal of Linux and of the library OS.
const SEALS: [(SealFlags, Seals); 6] = [
    (SealFlags::F_SEAL_SEAL, Seals::SEAL),
    (SealFlags::F_SEAL_SHRINK, Seals::SHRINK),
    (SealFlags::F_SEAL_GROW, Seals::GROW),
    (SealFlags::F_SEAL_WRITE, Seals::WRITE),
    (SealFlags::F_SEAL_FUTURE_WRITE, Seals::FUTURE_WRITE),
    (SealFlags::F_SEAL_EXEC, Seals::EXECUTE),
];

impl From<SealFlags> for Seals {
    fn from(flags: SealFlags) -> Self {
        SEALS.iter().filter(|(flag, _)| flags.contains(*flag)).map(|(_, seal)| *seal).collect()
    }
}

impl From<Seals> for SealFlags {
    fn from(seals: Seals) -> Self {
        SEALS.iter().filter(|(_, seal)| seals.contains(*seal)).map(|(flag, _)| *flag).collect()
    }
}

/// `FD_CLOEXEC`.
pub const FD_CLOEXEC: u64 = 1;

/// Commands of `fcntl(2)`.
#[expect(missing_docs, reason = "the names are those of fcntl(2)")]
pub mod command {
    pub const F_DUPFD: i32 = 0;
    pub const F_GETFD: i32 = 1;
    pub const F_SETFD: i32 = 2;
    pub const F_GETFL: i32 = 3;
    pub const F_SETFL: i32 = 4;
    pub const F_GETLK: i32 = 5;
    pub const F_SETLK: i32 = 6;
    pub const F_SETLKW: i32 = 7;
    pub const F_SETOWN: i32 = 8;
    pub const F_GETOWN: i32 = 9;
    pub const F_SETSIG: i32 = 10;
    pub const F_GETSIG: i32 = 11;
    pub const F_SETOWN_EX: i32 = 15;
    pub const F_GETOWN_EX: i32 = 16;
    pub const F_OFD_GETLK: i32 = 36;
    pub const F_OFD_SETLK: i32 = 37;
    pub const F_OFD_SETLKW: i32 = 38;
    pub const F_SETLEASE: i32 = 1024;
    pub const F_GETLEASE: i32 = 1025;
    pub const F_NOTIFY: i32 = 1026;
    pub const F_DUPFD_QUERY: i32 = 1027;
    pub const F_DUPFD_CLOEXEC: i32 = 1030;
    pub const F_SETPIPE_SZ: i32 = 1031;
    pub const F_GETPIPE_SZ: i32 = 1032;
    pub const F_ADD_SEALS: i32 = 1033;
    pub const F_GET_SEALS: i32 = 1034;
}

/// `F_RDLCK`, in a lock or a lease.
pub const F_RDLCK: i16 = 0;
/// `F_WRLCK`.
pub const F_WRLCK: i16 = 1;
/// `F_UNLCK`.
pub const F_UNLCK: i16 = 2;

/// `struct flock`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Flock {
    /// `F_RDLCK`, `F_WRLCK` or `F_UNLCK`.
    pub kind: i16,
    /// What `start` counts from: `SEEK_SET`, `SEEK_CUR` or `SEEK_END`.
    pub whence: i16,
    padding: [u8; 4],
    /// First byte.
    pub start: i64,
    /// Bytes; 0 for all to come, negative for those before `start`.
    pub length: i64,
    /// Who holds a lock.
    pub process: i32,
    more_padding: [u8; 4],
}

/// `struct f_owner_ex`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Owner {
    /// [`Owner::THREAD`], [`Owner::PROCESS`] or [`Owner::GROUP`].
    pub kind: i32,
    /// Its number.
    pub id: i32,
}

impl Owner {
    /// `F_OWNER_TID`.
    pub const THREAD: i32 = 0;
    /// `F_OWNER_PID`.
    pub const PROCESS: i32 = 1;
    /// `F_OWNER_PGRP`.
    pub const GROUP: i32 = 2;
}

/// `FIOCLEX`: close on exec.
pub const FIOCLEX: u32 = 0x5451;
/// `FIONCLEX`: not so.
pub const FIONCLEX: u32 = 0x5450;
/// `FIONREAD`: how many bytes can be read.
pub const FIONREAD: u32 = 0x541b;
/// `FIONBIO`: set or clear non-blocking mode.
pub const FIONBIO: u32 = 0x5421;
/// `FIOASYNC`: set or clear signals for input.
pub const FIOASYNC: u32 = 0x5452;
