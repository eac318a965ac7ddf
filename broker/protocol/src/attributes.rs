//! What is known of a file, and of a file system.

use crate::ProtocolError;
use zerocopy::little_endian::{I64, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// What a file is. The values are those of `d_type` (getdents(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FileKind {
    /// A named pipe.
    Fifo = 1,
    /// A character device.
    CharacterDevice = 2,
    /// A directory.
    Directory = 4,
    /// A block device.
    BlockDevice = 6,
    /// A regular file.
    Regular = 8,
    /// A symbolic link.
    Symlink = 10,
    /// A socket.
    Socket = 12,
}

impl FileKind {
    /// The kind with the `d_type` value `value`.
    #[must_use]
    pub fn from_type(value: u8) -> Option<Self> {
        Some(match value {
            1 => Self::Fifo,
            2 => Self::CharacterDevice,
            4 => Self::Directory,
            6 => Self::BlockDevice,
            8 => Self::Regular,
            10 => Self::Symlink,
            12 => Self::Socket,
            _ => return None,
        })
    }

    /// The kind that the file type bits of `mode` (`S_IFMT`, inode(7)) state.
    #[must_use]
    pub fn from_mode(mode: u32) -> Option<Self> {
        u8::try_from((mode & 0o170_000) >> 12).ok().and_then(Self::from_type)
    }

    /// The file type bits of a mode (`S_IFMT`, inode(7)).
    #[must_use]
    pub fn mode_bits(self) -> u32 {
        u32::from(self as u8) << 12
    }
}

/// A time since 1970-01-01 00:00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Whole seconds, negative before 1970.
    pub seconds: i64,
    /// Nanoseconds after `seconds`, below 1,000,000,000.
    pub nanoseconds: u32,
}

/// What statx(2) says of a file, as the host sees it. The sandbox substitutes its own device numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// What the file is.
    pub kind: FileKind,
    /// Permission, set-id and sticky bits: at most `0o7777`.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// The owning group.
    pub gid: u32,
    /// The number of hard links.
    pub links: u32,
    /// The preferred block size for input and output, in bytes.
    pub block_size: u32,
    /// The inode number on the host.
    pub inode: u64,
    /// The host's device number, `major << 32 | minor`.
    pub device: u64,
    /// The device number that a device file stands for, `major << 32 | minor`.
    pub special_device: u64,
    /// The length, in bytes.
    pub size: u64,
    /// The space taken, in units of 512 bytes.
    pub blocks: u64,
    /// Last access.
    pub accessed: Time,
    /// Last change of the content.
    pub modified: Time,
    /// Last change of the inode.
    pub changed: Time,
    /// Creation, where the file system keeps it; else zero.
    pub created: Time,
}

impl Attributes {
    /// `st_mode`: the kind and the permission bits together.
    #[must_use]
    pub fn full_mode(&self) -> u32 {
        self.kind.mode_bits() | self.mode
    }
}

/// What statfs(2) says of the file system behind a mount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileSystem {
    /// The magic number of the file system's type.
    pub magic: u64,
    /// The block size, in bytes.
    pub block_size: u64,
    /// The fragment size, in bytes.
    pub fragment_size: u64,
    /// All blocks.
    pub blocks: u64,
    /// Free blocks.
    pub blocks_free: u64,
    /// Free blocks an unprivileged user may take.
    pub blocks_available: u64,
    /// All inodes.
    pub inodes: u64,
    /// Free inodes.
    pub inodes_free: u64,
    /// The longest name, in bytes.
    pub name_length: u64,
    /// Mount flags (`ST_*`).
    pub flags: u64,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
pub(crate) struct TimeWire {
    seconds: I64,
    nanoseconds: U32,
}

impl From<Time> for TimeWire {
    fn from(time: Time) -> Self {
        Self { seconds: time.seconds.into(), nanoseconds: time.nanoseconds.into() }
    }
}

impl TimeWire {
    pub(crate) fn decode(&self) -> Result<Time, ProtocolError> {
        let nanoseconds = self.nanoseconds.get();
        if nanoseconds >= 1_000_000_000 {
            return Err(ProtocolError::Value("nanoseconds"));
        }
        Ok(Time { seconds: self.seconds.get(), nanoseconds })
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct AttributesWire {
    mode: U32,
    uid: U32,
    gid: U32,
    links: U32,
    block_size: U32,
    inode: U64,
    device: U64,
    special_device: U64,
    size: U64,
    blocks: U64,
    times: [TimeWire; 4],
}

impl From<&Attributes> for AttributesWire {
    fn from(value: &Attributes) -> Self {
        Self {
            mode: (value.kind.mode_bits() | (value.mode & 0o7777)).into(),
            uid: value.uid.into(),
            gid: value.gid.into(),
            links: value.links.into(),
            block_size: value.block_size.into(),
            inode: value.inode.into(),
            device: value.device.into(),
            special_device: value.special_device.into(),
            size: value.size.into(),
            blocks: value.blocks.into(),
            times: [value.accessed, value.modified, value.changed, value.created].map(TimeWire::from),
        }
    }
}

impl AttributesWire {
    pub(crate) fn decode(&self) -> Result<Attributes, ProtocolError> {
        let mode = self.mode.get();
        if mode > 0o177_777 {
            return Err(ProtocolError::Value("mode"));
        }
        let [accessed, modified, changed, created] = &self.times;
        Ok(Attributes {
            kind: FileKind::from_mode(mode).ok_or(ProtocolError::Value("mode"))?,
            mode: mode & 0o7777,
            uid: self.uid.get(),
            gid: self.gid.get(),
            links: self.links.get(),
            block_size: self.block_size.get(),
            inode: self.inode.get(),
            device: self.device.get(),
            special_device: self.special_device.get(),
            size: self.size.get(),
            blocks: self.blocks.get(),
            accessed: accessed.decode()?,
            modified: modified.decode()?,
            changed: changed.decode()?,
            created: created.decode()?,
        })
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct FileSystemWire([U64; 10]);

impl From<&FileSystem> for FileSystemWire {
    fn from(value: &FileSystem) -> Self {
        Self(
            [
                value.magic,
                value.block_size,
                value.fragment_size,
                value.blocks,
                value.blocks_free,
                value.blocks_available,
                value.inodes,
                value.inodes_free,
                value.name_length,
                value.flags,
            ]
            .map(U64::from),
        )
    }
}

impl From<&FileSystemWire> for FileSystem {
    fn from(wire: &FileSystemWire) -> Self {
        let [magic, block_size, fragment_size, blocks, blocks_free, rest @ ..] = wire.0.map(U64::get);
        let [blocks_available, inodes, inodes_free, name_length, flags] = rest;
        Self {
            magic,
            block_size,
            fragment_size,
            blocks,
            blocks_free,
            blocks_available,
            inodes,
            inodes_free,
            name_length,
            flags,
        }
    }
}
