//! Calls by path: `AT_*`, access modes, kinds of file, renames, locks, directory entries.

use alloc::vec::Vec;

use litebox_host::file::FileKind;
use litebox_libos::file::Listed;

/// The directory descriptor that stands for the working directory.
pub const AT_FDCWD: i32 = -100;

crate::flag_argument! {
    /// Flags of the calls that take a directory descriptor. Each call knows some of them.
    pub struct AtFlags: u32 {
        /// A final symbolic link is the object itself.
        const AT_SYMLINK_NOFOLLOW = 0x100;
        /// `faccessat2(2)`: the effective user counts. `unlinkat(2)` has `AT_REMOVEDIR` here.
        const AT_EACCESS = 0x200;
        /// `linkat(2)`: a final symbolic link is followed.
        const AT_SYMLINK_FOLLOW = 0x400;
        /// Nothing is mounted on the way.
        const AT_NO_AUTOMOUNT = 0x800;
        /// An empty path is the descriptor's own object.
        const AT_EMPTY_PATH = 0x1000;
        /// `statx(2)`: the attributes must be fresh.
        const AT_STATX_FORCE_SYNC = 0x2000;
        /// `statx(2)`: the attributes may be old.
        const AT_STATX_DONT_SYNC = 0x4000;
    }
}

impl AtFlags {
    /// `unlinkat(2)`: the name is a folder's.
    pub const AT_REMOVEDIR: Self = Self::AT_EACCESS;
}

/// `access(2)`: may it be run, written, read; the same bits as permission classes have.
pub const ACCESS_MASK: u32 = 7;

/// `S_IFMT`: the bits of a mode that say what kind of object it is.
pub const S_IFMT: u32 = 0o170_000;

/// The kind's bits of a mode (`inode(7)`).
pub const fn kind_bits(kind: FileKind) -> u32 {
    match kind {
        FileKind::Fifo => 0o010_000,
        FileKind::CharacterDevice => 0o020_000,
        FileKind::Directory => 0o040_000,
        FileKind::BlockDevice => 0o060_000,
        FileKind::Regular => 0o100_000,
        FileKind::Symlink => 0o120_000,
        FileKind::Socket => 0o140_000,
    }
}

/// `DT_*` of a directory entry: the kind's bits moved down (`readdir(3)`).
#[expect(clippy::cast_possible_truncation, reason = "the largest kind is 0o14")]
const fn entry_kind(kind: FileKind) -> u8 {
    (kind_bits(kind) >> 12) as u8
}

crate::flag_argument! {
    /// Flags of `renameat2(2)`.
    pub struct RenameFlags: u32 {
        /// The new name must not exist.
        const RENAME_NOREPLACE = 1;
        /// The two names change place.
        const RENAME_EXCHANGE = 2;
        /// A whiteout is left at the old name.
        const RENAME_WHITEOUT = 4;
    }
}

/// `flock(2)`: with others.
pub const LOCK_SH: i32 = 1;
/// `flock(2)`: alone.
pub const LOCK_EX: i32 = 2;
/// `flock(2)`: fail instead of waiting.
pub const LOCK_NB: i32 = 4;
/// `flock(2)`: let go.
pub const LOCK_UN: i32 = 8;

/// How directory entries are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryLayout {
    /// `struct linux_dirent` of `getdents(2)`: the kind is the last byte.
    Old,
    /// `struct linux_dirent64`: the kind comes before the name.
    New,
}

impl EntryLayout {
    /// Bytes before the name.
    const fn header(self) -> usize {
        match self {
            Self::Old => 18,
            Self::New => 19,
        }
    }

    /// The size of an entry with a name of `length` bytes: a multiple of 8.
    pub const fn size(self, length: usize) -> usize {
        // The name's NUL, and with the old layout the kind after it.
        let tail = match self {
            Self::Old => 2,
            Self::New => 1,
        };
        (self.header() + length + tail).next_multiple_of(8)
    }

    /// Append `entry` to `bytes`.
    pub fn append(self, entry: &Listed<'_>, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        let size = self.size(entry.name.len());
        bytes.extend_from_slice(&entry.inode.to_le_bytes());
        bytes.extend_from_slice(&entry.cookie.to_le_bytes());
        // A name has at most 255 bytes.
        bytes.extend_from_slice(&u16::try_from(size).unwrap_or(u16::MAX).to_le_bytes());
        if self == Self::New {
            bytes.push(entry_kind(entry.kind));
        }
        bytes.extend_from_slice(entry.name);
        bytes.resize(start + size, 0);
        if self == Self::Old
            && let Some(last) = bytes.last_mut()
        {
            *last = entry_kind(entry.kind);
        }
    }
}
