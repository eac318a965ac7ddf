//! `stat(2)`, `statx(2)`, `statfs(2)` and the times of `utimensat(2)`.

use litebox_host::file::{Attributes, FileSystemStatistics, Timestamp};
use litebox_libos::file::FileSystemKind;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::path::kind_bits;
use crate::abi::time::Timespec;

/// `struct stat`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of stat(3type)")]
pub struct Stat {
    pub st_dev: u64,
    pub st_ino: u64,
    pub st_nlink: u64,
    pub st_mode: u32,
    pub st_uid: u32,
    pub st_gid: u32,
    pub padding: u32,
    pub st_rdev: u64,
    pub st_size: u64,
    pub st_blksize: u64,
    pub st_blocks: u64,
    pub st_atim: Timespec,
    pub st_mtim: Timespec,
    pub st_ctim: Timespec,
    pub reserved: [u64; 3],
}

/// `struct statx`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of statx(2)")]
pub struct Statx {
    pub stx_mask: u32,
    pub stx_blksize: u32,
    pub stx_attributes: u64,
    pub stx_nlink: u32,
    pub stx_uid: u32,
    pub stx_gid: u32,
    pub stx_mode: u16,
    pub padding: u16,
    pub stx_ino: u64,
    pub stx_size: u64,
    pub stx_blocks: u64,
    pub stx_attributes_mask: u64,
    pub stx_atime: StatxTimestamp,
    pub stx_btime: StatxTimestamp,
    pub stx_ctime: StatxTimestamp,
    pub stx_mtime: StatxTimestamp,
    pub stx_rdev_major: u32,
    pub stx_rdev_minor: u32,
    pub stx_dev_major: u32,
    pub stx_dev_minor: u32,
    pub stx_mnt_id: u64,
    pub reserved: [u64; 13],
}

/// `struct statx_timestamp`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of statx(2)")]
pub struct StatxTimestamp {
    pub tv_sec: i64,
    pub tv_nsec: u32,
    pub padding: u32,
}

/// `STATX_BASIC_STATS | STATX_BTIME`: always filled.
const STATX_FILLED: u32 = 0xfff;
/// `STATX_MNT_ID`.
const STATX_MNT_ID: u32 = 0x1000;
/// `STATX__RESERVED`: a mask with it is refused.
pub const STATX_RESERVED: u32 = 0x8000_0000;
/// `STATX_ATTR_MOUNT_ROOT`.
pub const STATX_ATTR_MOUNT_ROOT: u64 = 0x2000;

/// Major and minor of a file system's number: all file systems here are without a device, major 0.
pub fn file_system_number(device: u64) -> (u32, u32) {
    (0, u32::try_from(device & 0xf_ffff).unwrap_or(0))
}

/// Major and minor of a device number as `stat(2)` encodes it (`makedev(3)`).
fn device_number(special: u64) -> (u32, u32) {
    let major = (special >> 8) & 0xfff;
    let minor = (special & 0xff) | ((special >> 12) & 0xf_ff00);
    (u32::try_from(major).unwrap_or(0), u32::try_from(minor).unwrap_or(0))
}

/// A device number as `stat(2)` encodes it.
fn encode(major: u32, minor: u32) -> u64 {
    u64::from(minor & 0xff) | (u64::from(major) << 8) | (u64::from(minor & !0xff) << 12)
}

impl From<Timestamp> for Timespec {
    fn from(time: Timestamp) -> Self {
        Self { seconds: time.seconds, nanoseconds: i64::from(time.nanoseconds) }
    }
}

impl From<Timestamp> for StatxTimestamp {
    fn from(time: Timestamp) -> Self {
        Self { tv_sec: time.seconds, tv_nsec: time.nanoseconds, padding: 0 }
    }
}

impl From<&Attributes> for Stat {
    fn from(attributes: &Attributes) -> Self {
        let (major, minor) = file_system_number(attributes.device);
        Self {
            st_dev: encode(major, minor),
            st_ino: attributes.inode,
            st_nlink: attributes.links,
            st_mode: kind_bits(attributes.kind) | attributes.mode,
            st_uid: attributes.uid,
            st_gid: attributes.gid,
            padding: 0,
            st_rdev: attributes.special,
            st_size: attributes.size,
            st_blksize: u64::from(attributes.block_size),
            st_blocks: attributes.blocks,
            st_atim: attributes.accessed.into(),
            st_mtim: attributes.modified.into(),
            st_ctim: attributes.changed.into(),
            reserved: [0; 3],
        }
    }
}

impl Statx {
    /// The attributes of an object reached through the mount numbered `mount`.
    pub fn new(attributes: &Attributes, mount: Option<u32>) -> Self {
        let (rdev_major, rdev_minor) = device_number(attributes.special);
        let (dev_major, dev_minor) = file_system_number(attributes.device);
        let mode = kind_bits(attributes.kind) | attributes.mode;
        Self {
            stx_mask: STATX_FILLED | if mount.is_some() { STATX_MNT_ID } else { 0 },
            stx_blksize: attributes.block_size,
            stx_attributes_mask: STATX_ATTR_MOUNT_ROOT,
            stx_nlink: u32::try_from(attributes.links).unwrap_or(u32::MAX),
            stx_uid: attributes.uid,
            stx_gid: attributes.gid,
            stx_mode: u16::try_from(mode).unwrap_or(0),
            stx_ino: attributes.inode,
            stx_size: attributes.size,
            stx_blocks: attributes.blocks,
            stx_atime: attributes.accessed.into(),
            stx_btime: attributes.born.into(),
            stx_ctime: attributes.changed.into(),
            stx_mtime: attributes.modified.into(),
            stx_rdev_major: rdev_major,
            stx_rdev_minor: rdev_minor,
            stx_dev_major: dev_major,
            stx_dev_minor: dev_minor,
            stx_mnt_id: mount.map_or(0, u64::from),
            ..Self::default()
        }
    }
}

/// `struct statfs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of statfs(2)")]
pub struct Statfs {
    pub f_type: u64,
    pub f_bsize: u64,
    pub f_blocks: u64,
    pub f_bfree: u64,
    pub f_bavail: u64,
    pub f_files: u64,
    pub f_ffree: u64,
    pub f_fsid: [u32; 2],
    pub f_namelen: u64,
    pub f_frsize: u64,
    pub f_flags: u64,
    pub f_spare: [u64; 4],
}

/// `ST_VALID`: the flags are filled in.
pub const ST_VALID: u64 = 0x20;
/// `ST_RDONLY`.
pub const ST_RDONLY: u64 = 1;

/// The magic number of a sort of file system (`statfs(2)`).
const fn magic(kind: FileSystemKind) -> u64 {
    match kind {
        FileSystemKind::Memory | FileSystemKind::Device => 0x0102_1994,
        FileSystemKind::Overlay | FileSystemKind::Host | FileSystemKind::Writable => 0x794c_7630,
        FileSystemKind::Process => 0x9fa0,
        FileSystemKind::System => 0x6265_6572,
        FileSystemKind::Terminal => 0x1cd1,
    }
}

impl Statfs {
    /// Figures about the file system numbered `device`.
    pub fn new(figures: &FileSystemStatistics, kind: FileSystemKind, device: u64, flags: u64) -> Self {
        Self {
            f_type: if figures.kind == 0 { magic(kind) } else { figures.kind },
            f_bsize: figures.block_size,
            f_blocks: figures.blocks,
            f_bfree: figures.blocks_free,
            f_bavail: figures.blocks_available,
            f_files: figures.files,
            f_ffree: figures.files_free,
            f_fsid: [u32::try_from(device).unwrap_or(0), 0],
            f_namelen: figures.name_length,
            f_frsize: figures.block_size,
            f_flags: flags | ST_VALID,
            f_spare: [0; 4],
        }
    }
}

/// `UTIME_NOW` of `utimensat(2)`, in place of nanoseconds.
pub const UTIME_NOW: i64 = 0x3fff_ffff;
/// `UTIME_OMIT` of `utimensat(2)`, in place of nanoseconds.
pub const UTIME_OMIT: i64 = 0x3fff_fffe;

/// `struct timeval`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct FileTimeval {
    /// Whole seconds.
    pub seconds: i64,
    /// 0 to 999,999.
    pub microseconds: i64,
}

/// `struct utimbuf`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Utimbuf {
    /// Access time in seconds.
    pub accessed: i64,
    /// Modification time in seconds.
    pub modified: i64,
}
