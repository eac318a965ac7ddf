//! `Open` and `Create`: handing out descriptors of regular files.

use super::lookup::{Mounts, Object, OpenMount, kind, status};
use super::stat::attributes;
use crate::refusal::{Cause, Failure};
use litebox_broker_protocol::{Access, Attributes, FileKind, RelativePath};
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

/// How often `Create` starts again when its file is made and removed by someone else in between.
const CREATE_ATTEMPTS: usize = 8;

/// A file and its descriptor.
pub(super) type Opened = (Attributes, OwnedFd);

impl Mounts {
    /// Opens an existing regular file.
    pub(super) fn open_file(
        &self,
        mount: u32,
        path: RelativePath<'_>,
        access: Access,
    ) -> Result<Opened, Failure> {
        let mount = if access.contains(Access::WRITE) { self.writable(mount)? } else { self.mount(mount)? };
        self.open_existing(mount, path, access)
    }

    fn open_existing(
        &self,
        mount: &OpenMount,
        path: RelativePath<'_>,
        access: Access,
    ) -> Result<Opened, Failure> {
        let object = self.object(mount, path)?;
        self.reopen(&object, access)
    }

    /// Opens the object that was looked up, and no other: only a regular file gets here, so that opening neither
    /// waits nor does anything to a device.
    pub(super) fn reopen(&self, object: &Object, access: Access) -> Result<Opened, Failure> {
        match object.kind {
            FileKind::Regular => {}
            FileKind::Directory => return Err(Errno::ISDIR.into()),
            FileKind::Symlink => return Err(Errno::LOOP.into()),
            FileKind::Fifo | FileKind::Socket | FileKind::CharacterDevice | FileKind::BlockDevice => {
                return Err(Failure::refused(Errno::ACCESS, Cause::SpecialFile));
            }
        }
        let flags = open_flags(access) | OFlags::NONBLOCK;
        let file = self.descriptors.reopen(object.reference.as_fd(), flags)?;
        let status = status(file.as_fd())?;
        Ok((attributes(&status, kind(&status)?), file))
    }

    /// Creates a regular file, or opens the one that exists.
    pub(super) fn create_file(
        &self,
        mount: u32,
        path: RelativePath<'_>,
        mode: u32,
        access: Access,
    ) -> Result<Opened, Failure> {
        let mount = self.writable(mount)?;
        for _ in 0..CREATE_ATTEMPTS {
            let parent = self.parent(mount, path)?;
            let (directory, flags) = (parent.directory.reference.as_fd(), open_flags(access));
            match crate::path::create(directory, parent.name, flags, Mode::from_raw_mode(mode)) {
                Ok(file) => {
                    let status = status(file.as_fd())?;
                    return Ok((attributes(&status, kind(&status)?), file));
                }
                Err(Errno::EXIST) if !access.contains(Access::EXCLUSIVE) => {}
                Err(errno) => return Err(errno.into()),
            }
            match self.open_existing(mount, path, access) {
                Err(Failure { errno: Errno::NOENT, cause: None }) => {}
                result => return result,
            }
        }
        Err(Errno::AGAIN.into())
    }
}

fn open_flags(access: Access) -> OFlags {
    let mut flags = match (access.contains(Access::READ), access.contains(Access::WRITE)) {
        (true, true) => OFlags::RDWR,
        (false, true) => OFlags::WRONLY,
        (_, false) => OFlags::RDONLY,
    };
    flags.set(OFlags::APPEND, access.contains(Access::APPEND));
    flags.set(OFlags::TRUNC, access.contains(Access::TRUNCATE));
    flags
}
