//! Changes to read-write mounts. Every change acts on an open parent directory and one plain name, or on the very
//! object that was looked up.

use super::lookup::{Mounts, Object, Parent};
use super::stat::attributes;
use crate::refusal::{Cause, Failure};
use litebox_broker_protocol::{
    Access, Attributes, Changes, FileKind, RelativePath, RemoveKind, RenameFlags, Time, TimeChange,
};
use rustix::fd::{AsFd, BorrowedFd};
use rustix::fs::{AtFlags, Gid, Mode, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, Uid};
use rustix::io::Errno;

impl Mounts {
    /// Makes a directory.
    pub(super) fn make_directory(
        &self,
        mount: u32,
        path: RelativePath<'_>,
        mode: u32,
    ) -> Result<Attributes, Failure> {
        let parent = self.parent(self.writable(mount)?, path)?;
        rustix::fs::mkdirat(parent.fd(), parent.name, Mode::from_raw_mode(mode))?;
        self.stat(mount, path)
    }

    /// Makes a symbolic link. Its target is only data: no request ever follows it.
    pub(super) fn make_symlink(
        &self,
        mount: u32,
        path: RelativePath<'_>,
        target: &[u8],
    ) -> Result<Attributes, Failure> {
        let parent = self.parent(self.writable(mount)?, path)?;
        rustix::fs::symlinkat(target, parent.fd(), parent.name)?;
        self.stat(mount, path)
    }

    /// Gives a regular file or symbolic link a second name.
    pub(super) fn link(
        &self,
        mount: u32,
        from: RelativePath<'_>,
        to: RelativePath<'_>,
    ) -> Result<Attributes, Failure> {
        let open = self.writable(mount)?;
        let object = self.object(open, from)?;
        match object.kind {
            FileKind::Regular | FileKind::Symlink => {}
            FileKind::Directory => return Err(Errno::PERM.into()),
            FileKind::Fifo | FileKind::Socket | FileKind::CharacterDevice | FileKind::BlockDevice => {
                return Err(Failure::refused(Errno::PERM, Cause::SpecialFile));
            }
        }
        let parent = self.parent(open, to)?;
        let (descriptors, name) = self.descriptors.place(object.reference.as_fd());
        rustix::fs::linkat(descriptors, name, parent.fd(), parent.name, AtFlags::SYMLINK_FOLLOW)?;
        self.stat(mount, to)
    }

    /// Renames an entry. A directory above something hidden stays where it is: elsewhere it would not be hidden.
    pub(super) fn rename(
        &self,
        mount: u32,
        from: RelativePath<'_>,
        to: RelativePath<'_>,
        flags: RenameFlags,
    ) -> Result<(), Failure> {
        let open = self.writable(mount)?;
        self.object(open, from)?;
        let (from, to) = (self.parent(open, from)?, self.parent(open, to)?);
        for path in [&from.real_path, &to.real_path] {
            if self.hidden.hides_below(path) {
                return Err(Failure::refused(Errno::ACCESS, Cause::HiddenBelow));
            }
        }
        let mut host_flags = rustix::fs::RenameFlags::empty();
        host_flags.set(rustix::fs::RenameFlags::NOREPLACE, flags.contains(RenameFlags::NO_REPLACE));
        host_flags.set(rustix::fs::RenameFlags::EXCHANGE, flags.contains(RenameFlags::EXCHANGE));
        rustix::fs::renameat_with(from.fd(), from.name, to.fd(), to.name, host_flags)?;
        Ok(())
    }

    /// Removes an entry.
    pub(super) fn remove(&self, mount: u32, path: RelativePath<'_>, kind: RemoveKind) -> Result<(), Failure> {
        let open = self.writable(mount)?;
        self.object(open, path)?;
        let parent = self.parent(open, path)?;
        let flags = match kind {
            RemoveKind::File => AtFlags::empty(),
            RemoveKind::Directory => AtFlags::REMOVEDIR,
        };
        rustix::fs::unlinkat(parent.fd(), parent.name, flags)?;
        Ok(())
    }

    /// Changes attributes, in the order of [`Changes`].
    pub(super) fn set_attributes(
        &self,
        mount: u32,
        path: RelativePath<'_>,
        changes: &Changes,
    ) -> Result<Attributes, Failure> {
        let object = self.object(self.writable(mount)?, path)?;
        check_changes(&object, changes)?;
        let reference = object.reference.as_fd();
        if let Some(size) = changes.size {
            let (_, file) = self.reopen(&object, Access::WRITE)?;
            rustix::fs::ftruncate(&file, size)?;
        }
        if changes.uid.is_some() || changes.gid.is_some() {
            let (uid, gid) = (changes.uid.map(Uid::from_raw), changes.gid.map(Gid::from_raw));
            rustix::fs::chownat(reference, "", uid, gid, AtFlags::EMPTY_PATH)?;
        }
        if let Some(mode) = changes.mode {
            let (descriptors, name) = self.descriptors.place(reference);
            rustix::fs::chmodat(descriptors, name, Mode::from_raw_mode(mode), AtFlags::empty())?;
        }
        if changes.accessed.is_some() || changes.modified.is_some() {
            let times = Timestamps {
                last_access: timespec(changes.accessed),
                last_modification: timespec(changes.modified),
            };
            rustix::fs::utimensat(reference, "", &times, AtFlags::EMPTY_PATH)?;
        }
        let status = super::lookup::status(reference)?;
        Ok(attributes(&status, object.kind))
    }
}

impl Parent<'_> {
    fn fd(&self) -> BorrowedFd<'_> {
        self.directory.reference.as_fd()
    }
}

/// Refuses what would give a file of the host more rights than its writer has, or touch a device.
fn check_changes(object: &Object, changes: &Changes) -> Result<(), Failure> {
    let foreign = Failure::refused(Errno::PERM, Cause::Attribute);
    let (is_symlink, is_directory) = match object.kind {
        FileKind::Regular => (false, false),
        FileKind::Directory => (false, true),
        FileKind::Symlink => (true, false),
        FileKind::Fifo | FileKind::Socket | FileKind::CharacterDevice | FileKind::BlockDevice => {
            return Err(Failure::refused(Errno::PERM, Cause::SpecialFile));
        }
    };
    if changes.mode.is_some() && is_symlink {
        return Err(Errno::OPNOTSUPP.into());
    }
    // The set-group-id bit of a directory only hands its group down (inode(7)).
    let refused_bits = if is_directory { 0o4000 } else { 0o6000 };
    if changes.mode.is_some_and(|mode| mode & refused_bits != 0) {
        return Err(foreign);
    }
    if changes.uid.is_some_and(|uid| uid != object.status.stx_uid && uid != own_uid()) {
        return Err(foreign);
    }
    match changes.gid {
        Some(gid) if gid != object.status.stx_gid && !is_own_group(gid) => Err(foreign),
        _ => Ok(()),
    }
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn is_own_group(gid: u32) -> bool {
    let groups = rustix::process::getgroups().unwrap_or_default();
    gid == rustix::process::getegid().as_raw() || groups.iter().any(|group| group.as_raw() == gid)
}

/// As utimensat(2) wants a time.
fn timespec(change: Option<TimeChange>) -> Timespec {
    match change {
        None => Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        Some(TimeChange::Now) => Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
        Some(TimeChange::At(Time { seconds, nanoseconds })) => {
            Timespec { tv_sec: seconds, tv_nsec: i64::from(nanoseconds) }
        }
    }
}
