//! The start block: all a sandbox is told before its first instruction.
//!
//! The broker encodes a [`Start`] once; the sandbox fetches the bytes in chunks and reads them in place with
//! [`StartView`]. The layout is a fixed part, then the sections in the order of the fields.

use crate::path::is_target;
use crate::wire::{Reader, Wire, length32};
use crate::{MAGIC, ProtocolError, VERSION};
use alloc::vec::Vec;
use bitflags::bitflags;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The longest start block, in bytes: Linux allows a program 6 MiB of arguments and environment (execve(2)).
pub const MAX_START: usize = 8 * 1024 * 1024;

/// The number of resource limits, indexed by `RLIMIT_*` (getrlimit(2)).
pub const LIMIT_COUNT: usize = 16;

/// Who the guest's first process is (credentials(7)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Real user.
    pub uid: u32,
    /// Effective user, and the user for file access.
    pub euid: u32,
    /// Saved user.
    pub suid: u32,
    /// Real group.
    pub gid: u32,
    /// Effective group, and the group for file access.
    pub egid: u32,
    /// Saved group.
    pub sgid: u32,
}

/// One resource limit; `u64::MAX` is "no limit".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The limit in force.
    pub soft: u64,
    /// What the guest may raise it to.
    pub hard: u64,
}

impl Limit {
    /// No limit.
    pub const UNLIMITED: Self = Self { soft: u64::MAX, hard: u64::MAX };
}

bitflags! {
    /// Choices for the whole sandbox.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct StartFlags: u32 {
        /// Print a line for each system call.
        const TRACE = 1;
        /// Never rewrite system call instructions.
        const NO_REWRITE = 2;
        /// Send no diagnostics.
        const QUIET = 4;
        /// Descriptors 0 and 1 are a link to a terminal ([`crate::LinkMessage`]): the program is given a terminal of
        /// the sandbox's own as its descriptors 0 and 1.
        const TERMINAL = 8;
        /// With [`StartFlags::TERMINAL`]: as its descriptor 2 too.
        const TERMINAL_ERROR = 16;
    }

    /// Which of the first three descriptors are terminals.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Terminals: u32 {
        /// Descriptor 0.
        const INPUT = 1;
        /// Descriptor 1.
        const OUTPUT = 2;
        /// Descriptor 2.
        const ERROR = 4;
    }
}

/// How a mount is given to the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum MountMode {
    /// Nothing can be written.
    ReadOnly = 0,
    /// Writes reach the host.
    ReadWrite = 1,
    /// Writes stay in the sandbox's memory.
    Overlay = 2,
}

impl MountMode {
    fn decode(value: u8) -> Result<Self, ProtocolError> {
        match value {
            0 => Ok(Self::ReadOnly),
            1 => Ok(Self::ReadWrite),
            2 => Ok(Self::Overlay),
            _ => Err(ProtocolError::Value("mount mode")),
        }
    }
}

/// One mount of a [`Start`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartMount {
    /// Where the guest sees it: an absolute path.
    pub target: Vec<u8>,
    /// The index that requests name it by.
    pub index: u32,
    /// How it is given.
    pub mode: MountMode,
    /// The device number that the guest sees on its files, `major << 32 | minor`.
    pub device: u64,
}

/// The start block, owned. The broker's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The program to run, as the guest names it.
    pub executable: Vec<u8>,
    /// The working directory: an absolute path in the guest.
    pub directory: Vec<u8>,
    /// The host name that uname(2) gives, at most 64 bytes.
    pub hostname: Vec<u8>,
    /// The arguments, the program's own name first.
    pub arguments: Vec<Vec<u8>>,
    /// The environment, as `NAME=value`.
    pub environment: Vec<Vec<u8>>,
    /// Users and groups.
    pub identity: Identity,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// The file creation mask, at most `0o777`.
    pub umask: u32,
    /// Memory for the guest and the library OS, in bytes.
    pub memory_limit: u64,
    /// The number of processors the guest sees.
    pub cpus: u32,
    /// The number of processes and threads the guest may have.
    pub pids: u32,
    /// Choices.
    pub flags: StartFlags,
    /// The terminals.
    pub terminals: Terminals,
    /// The mounts, in the order in which they are mounted: a later one covers an earlier one.
    pub mounts: Vec<StartMount>,
    /// The resource limits.
    pub limits: [Limit; LIMIT_COUNT],
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct LimitWire {
    soft: U64,
    hard: U64,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct StartWire {
    magic: [u8; 4],
    version: U32,
    identity: [U32; 6],
    umask: U32,
    cpus: U32,
    pids: U32,
    flags: U32,
    terminals: U32,
    memory_limit: U64,
    limits: [LimitWire; LIMIT_COUNT],
}

/// A list section: `count` items in `length` bytes.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct SectionWire {
    count: U32,
    length: U32,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct MountWire {
    device: U64,
    index: U32,
    target_length: U16,
    mode: u8,
}

/// Adds a structure to the block.
fn push<T: Wire>(block: &mut Vec<u8>, value: &T) {
    block.extend_from_slice(value.as_bytes());
}

/// Adds a string with its length.
fn push_string(block: &mut Vec<u8>, bytes: &[u8]) -> Result<(), ProtocolError> {
    push(block, &U32::from(length32(bytes.len())?));
    block.extend_from_slice(bytes);
    Ok(())
}

/// Adds a section of `count` items packed in `items`.
fn push_section(block: &mut Vec<u8>, count: usize, items: &[u8]) -> Result<(), ProtocolError> {
    push(block, &SectionWire { count: length32(count)?.into(), length: length32(items.len())?.into() });
    block.extend_from_slice(items);
    Ok(())
}

fn push_strings(block: &mut Vec<u8>, strings: &[Vec<u8>]) -> Result<(), ProtocolError> {
    let mut items = Vec::new();
    for string in strings {
        push_string(&mut items, string)?;
    }
    push_section(block, strings.len(), &items)
}

impl Start {
    /// The block's bytes.
    ///
    /// # Errors
    /// [`ProtocolError`] when a field has no meaning or the block is longer than [`MAX_START`].
    pub fn encode(&self) -> Result<Vec<u8>, ProtocolError> {
        let mut block = Vec::new();
        push(&mut block, &self.fixed_part());
        for string in [&self.executable, &self.directory, &self.hostname] {
            push_string(&mut block, string)?;
        }
        push_strings(&mut block, &self.arguments)?;
        push_strings(&mut block, &self.environment)?;
        let groups: Vec<u8> = self.groups.iter().flat_map(|group| group.to_le_bytes()).collect();
        push_section(&mut block, self.groups.len(), &groups)?;
        push_section(&mut block, self.mounts.len(), &self.packed_mounts()?)?;
        StartView::decode(&block)?;
        Ok(block)
    }

    fn fixed_part(&self) -> StartWire {
        let Identity { uid, euid, suid, gid, egid, sgid } = self.identity;
        StartWire {
            magic: MAGIC,
            version: u32::from(VERSION).into(),
            identity: [uid, euid, suid, gid, egid, sgid].map(U32::from),
            umask: self.umask.into(),
            cpus: self.cpus.into(),
            pids: self.pids.into(),
            flags: self.flags.bits().into(),
            terminals: self.terminals.bits().into(),
            memory_limit: self.memory_limit.into(),
            limits: self.limits.map(|limit| LimitWire { soft: limit.soft.into(), hard: limit.hard.into() }),
        }
    }

    fn packed_mounts(&self) -> Result<Vec<u8>, ProtocolError> {
        let mut items = Vec::new();
        for mount in &self.mounts {
            let target_length = u16::try_from(mount.target.len()).map_err(|_| ProtocolError::Space)?;
            push(
                &mut items,
                &MountWire {
                    device: mount.device.into(),
                    index: mount.index.into(),
                    target_length: target_length.into(),
                    mode: mount.mode as u8,
                },
            );
            items.extend_from_slice(&mount.target);
        }
        Ok(items)
    }
}

/// The start block, read in place. The sandbox's side. Every list has been checked, so its iterator gives exactly
/// the stated number of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartView<'a> {
    /// See [`Start::executable`].
    pub executable: &'a [u8],
    /// See [`Start::directory`].
    pub directory: &'a [u8],
    /// See [`Start::hostname`].
    pub hostname: &'a [u8],
    /// See [`Start::arguments`].
    pub arguments: ByteStrings<'a>,
    /// See [`Start::environment`].
    pub environment: ByteStrings<'a>,
    /// See [`Start::identity`].
    pub identity: Identity,
    /// See [`Start::groups`].
    pub groups: GroupIds<'a>,
    /// See [`Start::umask`].
    pub umask: u32,
    /// See [`Start::memory_limit`].
    pub memory_limit: u64,
    /// See [`Start::cpus`].
    pub cpus: u32,
    /// See [`Start::pids`].
    pub pids: u32,
    /// See [`Start::flags`].
    pub flags: StartFlags,
    /// See [`Start::terminals`].
    pub terminals: Terminals,
    /// See [`Start::mounts`].
    pub mounts: MountEntries<'a>,
    /// See [`Start::limits`].
    pub limits: [Limit; LIMIT_COUNT],
}

impl<'a> StartView<'a> {
    /// Reads a whole block.
    ///
    /// # Errors
    /// What is wrong with it; no bytes make this panic.
    pub fn decode(block: &'a [u8]) -> Result<Self, ProtocolError> {
        if block.len() > MAX_START {
            return Err(ProtocolError::Space);
        }
        let mut reader = Reader::new(block);
        let fixed: &StartWire = reader.take()?;
        check_fixed(fixed)?;
        let [uid, euid, suid, gid, egid, sgid] = fixed.identity.map(U32::get);
        let view = Self {
            executable: take_string(&mut reader)?,
            directory: take_string(&mut reader)?,
            hostname: take_string(&mut reader)?,
            arguments: ByteStrings::decode(&mut reader)?,
            environment: ByteStrings::decode(&mut reader)?,
            groups: GroupIds::decode(&mut reader)?,
            mounts: MountEntries::decode(&mut reader)?,
            identity: Identity { uid, euid, suid, gid, egid, sgid },
            umask: fixed.umask.get(),
            memory_limit: fixed.memory_limit.get(),
            cpus: fixed.cpus.get(),
            pids: fixed.pids.get(),
            flags: StartFlags::from_bits(fixed.flags.get()).ok_or(ProtocolError::Value("start flags"))?,
            terminals: Terminals::from_bits(fixed.terminals.get())
                .ok_or(ProtocolError::Value("terminals"))?,
            limits: fixed.limits.each_ref().map(|l| Limit { soft: l.soft.get(), hard: l.hard.get() }),
        };
        reader.finish()?;
        view.check()?;
        Ok(view)
    }

    fn check(&self) -> Result<(), ProtocolError> {
        let absolute = |path: &[u8]| path.starts_with(b"/") && is_target(path);
        if !is_target(self.executable) {
            return Err(ProtocolError::Value("executable"));
        }
        if !absolute(self.directory) {
            return Err(ProtocolError::Value("directory"));
        }
        if self.hostname.len() > 64 || self.hostname.contains(&0) {
            return Err(ProtocolError::Value("hostname"));
        }
        if self.mounts.iter().any(|mount| !absolute(mount.target)) {
            return Err(ProtocolError::Value("mount target"));
        }
        Ok(())
    }
}

fn check_fixed(fixed: &StartWire) -> Result<(), ProtocolError> {
    if fixed.magic != MAGIC {
        return Err(ProtocolError::Magic);
    }
    if fixed.version.get() != u32::from(VERSION) {
        return Err(ProtocolError::Version(u16::try_from(fixed.version.get()).unwrap_or(u16::MAX)));
    }
    if fixed.umask.get() > 0o777 {
        return Err(ProtocolError::Value("umask"));
    }
    if fixed.limits.iter().any(|limit| limit.soft.get() > limit.hard.get()) {
        return Err(ProtocolError::Value("limits"));
    }
    Ok(())
}

fn take_string<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ProtocolError> {
    let length = reader.take::<U32>()?.get();
    reader.bytes(usize::try_from(length).map_err(|_| ProtocolError::Space)?)
}

/// The count and the bytes of a section.
fn take_section<'a>(reader: &mut Reader<'a>) -> Result<(usize, &'a [u8]), ProtocolError> {
    let section: &SectionWire = reader.take()?;
    let count = usize::try_from(section.count.get()).map_err(|_| ProtocolError::Space)?;
    let length = usize::try_from(section.length.get()).map_err(|_| ProtocolError::Space)?;
    Ok((count, reader.bytes(length)?))
}

/// Checks that `items` hold exactly `count` items.
fn check_items<'a, T>(
    count: usize,
    items: &'a [u8],
    take: impl Fn(&mut Reader<'a>) -> Result<T, ProtocolError>,
) -> Result<(), ProtocolError> {
    let mut reader = Reader::new(items);
    let mut found = 0_usize;
    while !reader.is_empty() {
        take(&mut reader)?;
        found = found.saturating_add(1);
    }
    if found == count { Ok(()) } else { Err(ProtocolError::Value("item count")) }
}

/// A list of byte strings without NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteStrings<'a> {
    count: usize,
    items: &'a [u8],
}

impl<'a> ByteStrings<'a> {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, ProtocolError> {
        let (count, items) = take_section(reader)?;
        check_items(count, items, |reader| match take_string(reader)? {
            string if string.contains(&0) => Err(ProtocolError::Value("string with NUL")),
            string => Ok(string),
        })?;
        Ok(Self { count, items })
    }

    /// The number of strings.
    #[must_use]
    pub fn len(self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.count == 0
    }

    /// The strings, in order.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let mut reader = Reader::new(self.items);
        core::iter::from_fn(move || take_string(&mut reader).ok())
    }
}

/// The supplementary groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupIds<'a>(&'a [u8]);

impl<'a> GroupIds<'a> {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, ProtocolError> {
        let (count, items) = take_section(reader)?;
        check_items(count, items, |reader| reader.take::<U32>().map(|group| group.get()))?;
        Ok(Self(items))
    }

    /// The groups, in order.
    pub fn iter(self) -> impl Iterator<Item = u32> + 'a {
        let mut reader = Reader::new(self.0);
        core::iter::from_fn(move || reader.take::<U32>().ok().map(|group| group.get()))
    }
}

/// One mount of a [`StartView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MountEntry<'a> {
    /// See [`StartMount::target`].
    pub target: &'a [u8],
    /// See [`StartMount::index`].
    pub index: u32,
    /// See [`StartMount::mode`].
    pub mode: MountMode,
    /// See [`StartMount::device`].
    pub device: u64,
}

fn take_mount<'a>(reader: &mut Reader<'a>) -> Result<MountEntry<'a>, ProtocolError> {
    let wire: &MountWire = reader.take()?;
    Ok(MountEntry {
        target: reader.bytes(usize::from(wire.target_length.get()))?,
        index: wire.index.get(),
        mode: MountMode::decode(wire.mode)?,
        device: wire.device.get(),
    })
}

/// The mounts, in the order in which they are mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MountEntries<'a>(&'a [u8]);

impl<'a> MountEntries<'a> {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, ProtocolError> {
        let (count, items) = take_section(reader)?;
        check_items(count, items, take_mount)?;
        Ok(Self(items))
    }

    /// The mounts, in order.
    pub fn iter(self) -> impl Iterator<Item = MountEntry<'a>> {
        let mut reader = Reader::new(self.0);
        core::iter::from_fn(move || take_mount(&mut reader).ok())
    }
}
