//! `Stat`, `ReadLink` and `StatFileSystem`: what a file, a link and a file system are.

use super::lookup::Mounts;
use crate::refusal::Failure;
use litebox_broker_protocol::{
    Access, Attributes, EntriesWriter, Entry, FileKind, FileSystem, RelativePath, Time, WalkPurpose,
};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{Statx, StatxTimestamp};
use rustix::io::Errno;

/// How a walk ends.
#[derive(Default)]
pub(super) struct WalkEnd {
    /// The target of a link at its end.
    pub(super) target: Vec<u8>,
    /// The number of a step where nothing is, or nothing is to be.
    pub(super) missing: Option<(usize, Failure)>,
    /// The regular file at the path's end, open for reading.
    pub(super) file: Option<OwnedFd>,
}

/// The most steps told in one answer.
const MAX_STEPS: usize = 64;

impl Mounts {
    /// The attributes of a file.
    pub(super) fn stat(&self, mount: u32, path: RelativePath<'_>) -> Result<Attributes, Failure> {
        let object = self.object(self.mount(mount)?, path)?;
        Ok(attributes(&object.status, object.kind))
    }

    /// Packs what stands at each step of `path` from number `from` on, up to what is no directory.
    ///
    /// What is wrong with the first step is an error. Of a later one it is told only that nothing is there, which is so
    /// of hidden names too; what else may be wrong is asked for again, as a first step. A file that cannot be opened is
    /// told of all the same: whoever goes on to open it hears why not.
    pub(super) fn walk(
        &self,
        mount: u32,
        path: RelativePath<'_>,
        from: u32,
        purpose: WalkPurpose,
        writer: &mut EntriesWriter<'_>,
    ) -> Result<WalkEnd, Failure> {
        let mount = self.mount(mount)?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let mut end = WalkEnd::default();
        for (number, name) in path.components().enumerate().skip(from).take(MAX_STEPS) {
            let object = match self.object(mount, path.first(number.saturating_add(1))) {
                Ok(object) => object,
                Err(failure) if number == from => return Err(failure),
                Err(failure) => {
                    end.missing = (failure.errno == Errno::NOENT).then_some((number, failure));
                    break;
                }
            };
            let attributes = attributes(&object.status, object.kind);
            let step =
                Entry { name, inode: attributes.inode, kind: object.kind, attributes: Some(attributes) };
            if writer.push(&step).is_err() {
                break;
            }
            if object.kind == FileKind::Symlink {
                end.target = link_target(object.reference.as_fd())?;
            }
            if purpose == WalkPurpose::Read && path.first(number.saturating_add(1)) == path {
                end.file = self.reopen(&object, Access::READ).ok().map(|(_, file)| file);
            }
            if object.kind != FileKind::Directory {
                break;
            }
        }
        Ok(end)
    }

    /// The target of a symbolic link.
    pub(super) fn read_link(&self, mount: u32, path: RelativePath<'_>) -> Result<Vec<u8>, Failure> {
        let object = self.object(self.mount(mount)?, path)?;
        if object.kind != FileKind::Symlink {
            return Err(Errno::INVAL.into());
        }
        link_target(object.reference.as_fd())
    }

    /// The file system at the root of a mount.
    pub(super) fn stat_file_system(&self, mount: u32) -> Result<FileSystem, Failure> {
        let status = rustix::fs::fstatfs(&self.mount(mount)?.root)?;
        let unsigned = |value: i64| u64::try_from(value).unwrap_or(0);
        Ok(FileSystem {
            magic: unsigned(status.f_type),
            block_size: unsigned(status.f_bsize),
            fragment_size: unsigned(status.f_frsize),
            blocks: status.f_blocks,
            blocks_free: status.f_bfree,
            blocks_available: status.f_bavail,
            inodes: status.f_files,
            inodes_free: status.f_ffree,
            name_length: unsigned(status.f_namelen),
            flags: unsigned(status.f_flags),
        })
    }
}

/// Linux itself keeps targets below 4096 bytes; a longer one is an error of the file system.
fn link_target(link: BorrowedFd<'_>) -> Result<Vec<u8>, Failure> {
    let mut buffer = [0; 4096];
    let length = rustix::fs::readlinkat_raw(link, "", &mut buffer)?;
    let target = buffer.get(..length).unwrap_or_default();
    if litebox_broker_protocol::is_target(target) { Ok(target.to_vec()) } else { Err(Errno::IO.into()) }
}

/// What statx(2) says, as the protocol carries it.
pub(super) fn attributes(status: &Statx, kind: FileKind) -> Attributes {
    Attributes {
        kind,
        mode: u32::from(status.stx_mode) & 0o7777,
        uid: status.stx_uid,
        gid: status.stx_gid,
        links: status.stx_nlink,
        block_size: status.stx_blksize,
        inode: status.stx_ino,
        device: device(status.stx_dev_major, status.stx_dev_minor),
        special_device: device(status.stx_rdev_major, status.stx_rdev_minor),
        size: status.stx_size,
        blocks: status.stx_blocks,
        accessed: time(status.stx_atime),
        modified: time(status.stx_mtime),
        changed: time(status.stx_ctime),
        created: time(status.stx_btime),
    }
}

fn device(major: u32, minor: u32) -> u64 {
    u64::from(major) << 32 | u64::from(minor)
}

/// A file system can hold nonsense; the protocol cannot.
fn time(time: StatxTimestamp) -> Time {
    Time { seconds: time.tv_sec, nanoseconds: time.tv_nsec.min(999_999_999) }
}
