//! Noun *file*: host folders through the broker, bytes of open files by their descriptors.
#![expect(unsafe_code, reason = "bytes are read and written by host calls")]

use alloc::vec::Vec;

use litebox_broker_protocol as protocol;
use litebox_broker_protocol::{
    Access, Changes, RelativePath, RemoveKind, RenameFlags, Reply, Request, TimeChange,
};
use litebox_host::HostError;
use litebox_host::file::{
    AttributeChange, Attributes, Entry, FileBytes, FileKind, FileSystemStatistics, Folder, FolderWrite,
    HostFile, MountIndex, NewObject, OpenAccess, Timestamp, WalkEnd, WalkPurpose,
};

use crate::calls;
use crate::channel::ask;
use crate::error::HostErrno;
use crate::host::LinuxProcess;

fn relative(path: &[u8]) -> Result<RelativePath<'_>, HostError> {
    RelativePath::new(path).map_err(|_| HostError::Invalid)
}

fn kind(kind: protocol::FileKind) -> FileKind {
    match kind {
        protocol::FileKind::Fifo => FileKind::Fifo,
        protocol::FileKind::CharacterDevice => FileKind::CharacterDevice,
        protocol::FileKind::Directory => FileKind::Directory,
        protocol::FileKind::BlockDevice => FileKind::BlockDevice,
        protocol::FileKind::Regular => FileKind::Regular,
        protocol::FileKind::Symlink => FileKind::Symlink,
        protocol::FileKind::Socket => FileKind::Socket,
    }
}

fn timestamp(time: protocol::Time) -> Timestamp {
    Timestamp { seconds: time.seconds, nanoseconds: time.nanoseconds }
}

fn attributes(from: &protocol::Attributes) -> Attributes {
    Attributes {
        kind: kind(from.kind),
        mode: from.mode,
        uid: from.uid,
        gid: from.gid,
        links: u64::from(from.links),
        inode: from.inode,
        device: from.device,
        special: from.special_device,
        size: from.size,
        blocks: from.blocks,
        block_size: from.block_size,
        accessed: timestamp(from.accessed),
        modified: timestamp(from.modified),
        changed: timestamp(from.changed),
        born: timestamp(from.created),
    }
}

/// Attributes of an entry that the broker could list but not look at: it cannot be opened either.
fn bare(from: &protocol::Entry<'_>) -> Attributes {
    let zero = Timestamp::default();
    Attributes {
        kind: kind(from.kind),
        mode: 0,
        uid: u32::MAX,
        gid: u32::MAX,
        links: 1,
        inode: from.inode,
        device: 0,
        special: 0,
        size: 0,
        blocks: 0,
        block_size: 4096,
        accessed: zero,
        modified: zero,
        changed: zero,
        born: zero,
    }
}

/// An answer of a kind that the request cannot have.
const WRONG: HostError = HostError::Unknown;

fn ask_attributes(request: &Request<'_>) -> Result<Attributes, HostError> {
    ask(request, |reply, _| match reply {
        Reply::Attributes(found) => Ok(attributes(&found)),
        _ => Err(WRONG),
    })?
}

fn ask_opened(request: &Request<'_>) -> Result<(HostFile, Attributes), HostError> {
    ask(request, |reply, file| match (reply, file) {
        (Reply::Opened(found), Some(file)) => Ok((file, attributes(&found))),
        (_, Some(file)) => {
            LinuxProcess.close(file);
            Err(WRONG)
        }
        _ => Err(WRONG),
    })?
}

fn ask_done(request: &Request<'_>) -> Result<(), HostError> {
    ask(request, |_, _| ())
}

/// Append what a walk was answered to `steps`; how it ends.
fn take_steps(reply: &Reply<'_>, steps: &mut Vec<Attributes>) -> Result<WalkEnd, HostError> {
    let Reply::Steps { errno, target, steps: told } = reply else { return Err(WRONG) };
    for step in told.iter().filter_map(|step| step.attributes) {
        steps.try_reserve(1).map_err(|_| HostError::NoMemory)?;
        steps.push(attributes(&step));
    }
    Ok(match errno {
        0 if target.is_empty() => WalkEnd::Here,
        0 => WalkEnd::Link(copy_of(target)?),
        _ => WalkEnd::Missing,
    })
}

impl Folder for LinuxProcess {
    fn attributes(&self, mount: MountIndex, path: &[u8]) -> Result<Attributes, HostError> {
        ask_attributes(&Request::Stat { mount: mount.0, path: relative(path)? })
    }

    fn walk(
        &self,
        mount: MountIndex,
        path: &[u8],
        from: usize,
        purpose: WalkPurpose,
        steps: &mut Vec<Attributes>,
    ) -> Result<WalkEnd, HostError> {
        let from = u32::try_from(from).map_err(|_| HostError::Invalid)?;
        let wanted = match purpose {
            WalkPurpose::Look => protocol::WalkPurpose::Look,
            WalkPurpose::Read => protocol::WalkPurpose::Read,
        };
        let request = Request::Walk { mount: mount.0, path: relative(path)?, from, purpose: wanted };
        ask(&request, |reply, file| match (take_steps(&reply, steps), file) {
            (Ok(WalkEnd::Here), Some(file)) if purpose == WalkPurpose::Read => Ok(WalkEnd::Open(file)),
            (end, Some(file)) => {
                LinuxProcess.close(file);
                end
            }
            (end, None) => end,
        })?
    }

    fn read_link(&self, mount: MountIndex, path: &[u8]) -> Result<Vec<u8>, HostError> {
        ask(&Request::ReadLink { mount: mount.0, path: relative(path)? }, |reply, _| match reply {
            Reply::Target(target) => copy_of(target),
            _ => Err(WRONG),
        })?
    }

    fn list(
        &self,
        mount: MountIndex,
        path: &[u8],
        cookie: u64,
        entries: &mut Vec<Entry>,
    ) -> Result<Option<u64>, HostError> {
        let request = Request::List { mount: mount.0, path: relative(path)?, cookie };
        ask(&request, |reply, _| match reply {
            Reply::Entries { next, entries: listed } => {
                for entry in listed.iter() {
                    entries.try_reserve(1).map_err(|_| HostError::NoMemory)?;
                    let attributes = entry.attributes.as_ref().map_or_else(|| bare(&entry), attributes);
                    entries.push(Entry { name: copy_of(entry.name)?, attributes });
                }
                Ok(next)
            }
            _ => Err(WRONG),
        })?
    }

    fn open(
        &self,
        mount: MountIndex,
        path: &[u8],
        access: OpenAccess,
    ) -> Result<(HostFile, Attributes), HostError> {
        let mut asked = Access::empty();
        asked.set(Access::READ, access.contains(OpenAccess::READ));
        asked.set(Access::WRITE, access.contains(OpenAccess::WRITE));
        asked.set(Access::TRUNCATE, access.contains(OpenAccess::TRUNCATE));
        ask_opened(&Request::Open { mount: mount.0, path: relative(path)?, access: asked })
    }

    fn statistics(&self, mount: MountIndex) -> Result<FileSystemStatistics, HostError> {
        ask(&Request::StatFileSystem { mount: mount.0 }, |reply, _| match reply {
            Reply::FileSystem(found) => Ok(FileSystemStatistics {
                kind: found.magic,
                block_size: found.block_size,
                blocks: found.blocks,
                blocks_free: found.blocks_free,
                blocks_available: found.blocks_available,
                files: found.inodes,
                files_free: found.inodes_free,
                name_length: found.name_length,
            }),
            _ => Err(WRONG),
        })?
    }
}

fn copy_of(bytes: &[u8]) -> Result<Vec<u8>, HostError> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).map_err(|_| HostError::NoMemory)?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

impl FolderWrite for LinuxProcess {
    fn create(
        &self,
        mount: MountIndex,
        path: &[u8],
        object: NewObject<'_>,
        mode: u32,
    ) -> Result<Attributes, HostError> {
        let (mount, path) = (mount.0, relative(path)?);
        match object {
            NewObject::Regular => {
                let access = Access::READ | Access::WRITE | Access::EXCLUSIVE;
                let (file, attributes) = ask_opened(&Request::Create { mount, path, mode, access })?;
                self.close(file);
                Ok(attributes)
            }
            NewObject::Directory => ask_attributes(&Request::MakeDirectory { mount, path, mode }),
            NewObject::Symlink(target) => ask_attributes(&Request::MakeSymlink { mount, path, target }),
            NewObject::Link(from) => {
                ask_attributes(&Request::Link { mount, from: relative(from)?, to: path })
            }
        }
    }

    fn remove(&self, mount: MountIndex, path: &[u8], kind: FileKind) -> Result<(), HostError> {
        let kind = if kind == FileKind::Directory { RemoveKind::Directory } else { RemoveKind::File };
        ask_done(&Request::Remove { mount: mount.0, path: relative(path)?, kind })
    }

    fn rename(&self, mount: MountIndex, from: &[u8], to: &[u8], flags: u32) -> Result<(), HostError> {
        let flags = RenameFlags::from_bits(flags).ok_or(HostError::Invalid)?;
        ask_done(&Request::Rename { mount: mount.0, from: relative(from)?, to: relative(to)?, flags })
    }

    fn set_attributes(
        &self,
        mount: MountIndex,
        path: &[u8],
        change: &AttributeChange,
    ) -> Result<(), HostError> {
        let at = |time: Timestamp| {
            TimeChange::At(protocol::Time { seconds: time.seconds, nanoseconds: time.nanoseconds })
        };
        let changes = Changes {
            size: change.size,
            uid: change.uid,
            gid: change.gid,
            mode: change.mode,
            accessed: change.accessed.map(at),
            modified: change.modified.map(at),
        };
        ask_done(&Request::SetAttributes { mount: mount.0, path: relative(path)?, changes })
    }
}

/// A position as the calls take it.
fn position(offset: u64) -> Result<usize, HostError> {
    usize::try_from(offset).ok().filter(|offset| isize::try_from(*offset).is_ok()).ok_or(HostError::Invalid)
}

impl FileBytes for LinuxProcess {
    fn read_at(&self, file: HostFile, offset: u64, bytes: &mut [u8]) -> Result<usize, HostError> {
        let offset = position(offset)?;
        loop {
            let (buffer, length) = (bytes.as_mut_ptr().addr(), bytes.len());
            // SAFETY: the kernel writes at most `length` bytes to the buffer.
            match unsafe { calls::pread64(file.0 as usize, buffer, length, offset) } {
                Err(HostErrno::EINTR) => {}
                outcome => return Ok(outcome?),
            }
        }
    }

    fn write_at(&self, file: HostFile, offset: u64, bytes: &[u8]) -> Result<usize, HostError> {
        let offset = position(offset)?;
        loop {
            // SAFETY: the kernel reads the bytes.
            let outcome =
                unsafe { calls::pwrite64(file.0 as usize, bytes.as_ptr().addr(), bytes.len(), offset) };
            match outcome {
                Err(HostErrno::EINTR) => {}
                outcome => return Ok(outcome?),
            }
        }
    }

    fn size(&self, file: HostFile) -> Result<u64, HostError> {
        /// `SEEK_END`: the offset is nobody's; reads and writes here name their own.
        const END: usize = 2;
        // SAFETY: moves an offset that nothing relies on.
        let size = unsafe { calls::lseek(file.0 as usize, 0, END) }?;
        Ok(size as u64)
    }

    fn set_size(&self, file: HostFile, size: u64) -> Result<(), HostError> {
        // SAFETY: changes the file, not this process.
        unsafe { calls::ftruncate(file.0 as usize, position(size)?) }?;
        Ok(())
    }

    fn sync(&self, file: HostFile) -> Result<(), HostError> {
        // SAFETY: concerns the file only.
        unsafe { calls::fsync(file.0 as usize) }?;
        Ok(())
    }

    fn close(&self, file: HostFile) {
        // SAFETY: the descriptor was the caller's alone. Linux frees it even when it answers an error.
        let _ = unsafe { calls::close(file.0 as usize) };
    }
}
