//! `open(2)`, `openat2(2)`.

use litebox_libos::file::{FileStatus, WalkLimits};

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::descriptor::StatusFlags;

bitflags::bitflags! {
    /// Flags of `open(2)`. `open` and `openat` ignore unknown bits, `openat2` refuses them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct OpenFlags: u32 {
        /// Only writes. Together with the next one: a number, not flags.
        const O_WRONLY = 0o1;
        /// Reads and writes.
        const O_RDWR = 0o2;
        /// The file is made if it does not exist.
        const O_CREAT = 0o100;
        /// With `O_CREAT`: it must not exist.
        const O_EXCL = 0o200;
        /// A terminal does not become the controlling one.
        const O_NOCTTY = 0o400;
        /// The file is cut to nothing.
        const O_TRUNC = 0o1000;
        /// Every write goes to the end.
        const O_APPEND = 0o2000;
        /// Operations do not block.
        const O_NONBLOCK = 0o4000;
        /// Data is on storage when a write returns.
        const O_DSYNC = 0o10000;
        /// Signals tell of input.
        const O_ASYNC = 0o20000;
        /// Direct I/O.
        const O_DIRECT = 0o40000;
        /// Offsets have 64 bits.
        const O_LARGEFILE = 0o100000;
        /// Only a folder.
        const O_DIRECTORY = 0o200000;
        /// Not through a symbolic link at the end.
        const O_NOFOLLOW = 0o400000;
        /// The access time stays.
        const O_NOATIME = 0o1000000;
        /// Closed when a new program is started.
        const O_CLOEXEC = 0o2000000;
        /// With `O_DSYNC`, attributes too (`O_SYNC`).
        const SYNC_TOO = 0o4000000;
        /// Only a name.
        const O_PATH = 0o10000000;
        /// With `O_DIRECTORY`, a file without a name (`O_TMPFILE`).
        const TMPFILE_TOO = 0o20000000;
    }
}

/// The flags that count with `O_PATH`; all others are ignored.
const PATH_FLAGS: OpenFlags =
    OpenFlags::O_PATH.union(OpenFlags::O_DIRECTORY).union(OpenFlags::O_NOFOLLOW).union(OpenFlags::O_CLOEXEC);

impl OpenFlags {
    /// What is left of the flags with `O_PATH`.
    #[must_use]
    pub fn effective(self) -> Self {
        if self.contains(Self::O_PATH) { self & PATH_FLAGS } else { self }
    }

    /// The status of the new description. The access mode 3 is for device controls alone: neither reads nor writes.
    pub fn status(self) -> FileStatus {
        if self.contains(Self::O_PATH) {
            return FileStatus::PATH;
        }
        let access = match (self.contains(Self::O_WRONLY), self.contains(Self::O_RDWR)) {
            (false, false) => FileStatus::READ,
            (true, false) => FileStatus::WRITE,
            (false, true) => FileStatus::READ | FileStatus::WRITE,
            (true, true) => FileStatus::empty(),
        };
        access | StatusFlags::from_bits_truncate(self.bits()).status()
    }
}

/// `struct open_how`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct OpenHow {
    /// [`OpenFlags`].
    pub flags: u64,
    /// Permission bits of a new file; 0 where none is made.
    pub mode: u64,
    /// [`ResolveFlags`].
    pub resolve: u64,
}

bitflags::bitflags! {
    /// Where `openat2(2)` may not lead.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct ResolveFlags: u64 {
        /// Into another mount.
        const RESOLVE_NO_XDEV = 0x1;
        /// Through links to objects.
        const RESOLVE_NO_MAGICLINKS = 0x2;
        /// Through symbolic links.
        const RESOLVE_NO_SYMLINKS = 0x4;
        /// Out of the starting folder.
        const RESOLVE_BENEATH = 0x8;
        /// The starting folder is the root.
        const RESOLVE_IN_ROOT = 0x10;
        /// Fail rather than ask a device: nothing here is slow enough to refuse.
        const RESOLVE_CACHED = 0x20;
    }
}

impl ResolveFlags {
    /// The same in the words of the library OS.
    pub fn limits(self) -> WalkLimits {
        let mut limits = WalkLimits::empty();
        for (flag, limit) in [
            (Self::RESOLVE_NO_XDEV, WalkLimits::SAME_MOUNT),
            (Self::RESOLVE_NO_MAGICLINKS, WalkLimits::NO_OBJECT_LINKS),
            (Self::RESOLVE_NO_SYMLINKS, WalkLimits::NO_LINKS),
            (Self::RESOLVE_BENEATH, WalkLimits::BENEATH),
            (Self::RESOLVE_IN_ROOT, WalkLimits::IN_ROOT),
        ] {
            limits.set(limit, self.contains(flag));
        }
        limits
    }
}

crate::flag_argument! {
    /// Flags of `memfd_create(2)`.
    pub struct MemfdFlags: u32 {
        /// Closed when a new program is started.
        const MFD_CLOEXEC = 0x1;
        /// Seals may be added.
        const MFD_ALLOW_SEALING = 0x2;
        /// In huge pages.
        const MFD_HUGETLB = 0x4;
        /// Not to be run, for good.
        const MFD_NOEXEC_SEAL = 0x8;
        /// May be run.
        const MFD_EXEC = 0x10;
    }
}
