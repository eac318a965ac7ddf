//! From a mount and a path to a host object that the policy shows.

use crate::path::{Descriptors, join, open_reference};
use crate::policy::{Hidden, Policy, Verdict};
use crate::refusal::{Cause, Failure};
use crate::{Refusal, policy};
use litebox_broker_protocol::{FileKind, MountMode, RelativePath};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, Statx, StatxFlags};
use rustix::io::Errno;
use std::os::unix::ffi::OsStrExt;

/// What every look-up asks of statx(2).
const STATX: StatxFlags = StatxFlags::BASIC_STATS.union(StatxFlags::BTIME).union(StatxFlags::MNT_ID);

/// A mount whose source has been opened.
pub(super) struct OpenMount {
    /// `O_PATH` on the source: a directory or a regular file.
    pub(super) root: OwnedFd,
    /// The real path of the source when it was opened.
    pub(super) source: Vec<u8>,
    pub(super) target: Vec<u8>,
    pub(super) mode: MountMode,
    /// Whether the source is a directory.
    pub(super) is_directory: bool,
}

/// A host object that the policy shows, and what it was when it was looked up.
pub(super) struct Object {
    /// `O_PATH`.
    pub(super) reference: OwnedFd,
    pub(super) status: Statx,
    pub(super) kind: FileKind,
    /// The absolute path on the host.
    pub(super) real_path: Vec<u8>,
    pub(super) verdict: Verdict,
}

/// The directory that holds, or is to hold, an entry.
pub(super) struct Parent<'a> {
    pub(super) directory: Object,
    pub(super) name: &'a [u8],
    /// The absolute path of the entry on the host.
    pub(super) real_path: Vec<u8>,
}

/// The open mounts and what is hidden below them.
pub(super) struct Mounts {
    pub(super) table: Vec<OpenMount>,
    pub(super) hidden: Hidden,
    pub(super) descriptors: Descriptors,
}

impl Mounts {
    /// Opens every source of the policy.
    pub(super) fn open(policy: &Policy) -> Result<Self, Refusal> {
        let hidden = Hidden::new(policy);
        let descriptors = Descriptors::open()?;
        let table = policy.mounts.iter().map(|mount| open_mount(mount, &hidden, &descriptors));
        Ok(Self { table: table.collect::<Result<_, _>>()?, hidden, descriptors })
    }

    /// The mount with this index.
    pub(super) fn mount(&self, index: u32) -> Result<&OpenMount, Failure> {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.table.get(index).ok_or(Failure::refused(Errno::BADF, Cause::Malformed))
    }

    /// The mount with this index, if the sandbox may change it.
    pub(super) fn writable(&self, index: u32) -> Result<&OpenMount, Failure> {
        let mount = self.mount(index)?;
        match mount.mode {
            MountMode::ReadWrite => Ok(mount),
            MountMode::ReadOnly | MountMode::Overlay => {
                Err(Failure::refused(Errno::ROFS, Cause::ReadOnlyMount))
            }
        }
    }

    /// Refers to the object at `path`. The path as asked is judged first, so that no error tells of what is hidden;
    /// then the object itself, which is the one the caller goes on to use.
    pub(super) fn object(&self, mount: &OpenMount, path: RelativePath<'_>) -> Result<Object, Failure> {
        if self.hidden.verdict(&join(&mount.source, path.as_bytes())) == Verdict::Hidden {
            return Err(Failure::hidden());
        }
        let reference = open_reference(mount.root.as_fd(), path)?;
        let status = status(reference.as_fd())?;
        let real_path = self.descriptors.real_path(reference.as_fd())?;
        let verdict = self.hidden.verdict(&real_path);
        let kind = kind(&status)?;
        let object = Object { reference, status, kind, real_path, verdict };
        if self.is_hidden(mount, path, &object)? { Err(Failure::hidden()) } else { Ok(object) }
    }

    fn is_hidden(&self, mount: &OpenMount, path: RelativePath<'_>, object: &Object) -> Result<bool, Failure> {
        let by_inode = match object.verdict {
            Verdict::Hidden => true,
            Verdict::Shown | Verdict::Passage => false,
            Verdict::Plain => {
                let by_path = self.hidden.is_path_enough(&object.status);
                self.hidden.has_inode(&object.status) || (!by_path && self.is_below_hidden(mount, path)?)
            }
        };
        Ok(by_inode || is_kernel_state(object.reference.as_fd())?)
    }

    /// Whether a directory on the way is a hidden one under another name. Each step is opened from the step before.
    fn is_below_hidden(&self, mount: &OpenMount, path: RelativePath<'_>) -> Result<bool, Failure> {
        let mut directory = open_reference(mount.root.as_fd(), RelativePath::ROOT)?;
        for name in path.components() {
            let step = RelativePath::new(name).map_err(|_| Failure::from(Errno::INVAL))?;
            directory = open_reference(directory.as_fd(), step)?;
            if self.hidden.has_inode(&status(directory.as_fd())?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Refers to the directory of an entry that is to be made, removed or renamed, and judges the entry's name:
    /// a hidden name cannot be used, whether or not something has it.
    pub(super) fn parent<'a>(
        &self,
        mount: &OpenMount,
        path: RelativePath<'a>,
    ) -> Result<Parent<'a>, Failure> {
        let (above, name) = path.split_last().ok_or(Failure::from(Errno::BUSY))?;
        let directory = self.object(mount, above)?;
        match directory.kind {
            FileKind::Directory => {}
            // As when the link stands further up: the sandbox reads it and asks again.
            FileKind::Symlink => return Err(Errno::LOOP.into()),
            _ => return Err(Errno::NOTDIR.into()),
        }
        let real_path = join(&directory.real_path, name);
        match self.hidden.verdict(&real_path) {
            Verdict::Hidden | Verdict::Passage => Err(Failure::refused(Errno::ACCESS, Cause::Hidden)),
            Verdict::Plain | Verdict::Shown => Ok(Parent { directory, name, real_path }),
        }
    }
}

fn open_mount(
    mount: &policy::Mount,
    hidden: &Hidden,
    descriptors: &Descriptors,
) -> Result<OpenMount, Refusal> {
    let shown = mount.source.display();
    let failed = |errno: Errno| Refusal {
        rule: "mount.source",
        cause: format!("cannot mount {shown}: {errno}"),
        fix: "name a directory or regular file that exists and that you can read".into(),
    };
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let root = rustix::fs::openat(CWD, &mount.source, flags, Mode::empty()).map_err(failed)?;
    let status = status(root.as_fd()).map_err(failed)?;
    let source = descriptors.real_path(root.as_fd()).map_err(failed)?;
    let covered =
        hidden.verdict(&source) == Verdict::Hidden || is_kernel_state(root.as_fd()).map_err(failed)?;
    if covered {
        return Err(Refusal {
            rule: "hidden",
            cause: format!("cannot mount {shown}: it is hidden from sandboxes"),
            fix: format!("if it is not below /proc, /sys or /dev: --see {shown}"),
        });
    }
    let is_directory = match FileKind::from_mode(u32::from(status.stx_mode)) {
        Some(FileKind::Directory) => true,
        Some(FileKind::Regular) => false,
        _ => return Err(failed(Errno::NOTSUP)),
    };
    let target = mount.target.as_os_str().as_bytes().to_vec();
    Ok(OpenMount { root, source, target, mode: mount.mode, is_directory })
}

/// The attributes of what is referred to.
pub(super) fn status(reference: BorrowedFd<'_>) -> rustix::io::Result<Statx> {
    rustix::fs::statx(reference, "", AtFlags::EMPTY_PATH | AtFlags::NO_AUTOMOUNT, STATX)
}

/// The attributes of an entry of a directory, not following it.
pub(super) fn entry_status(directory: BorrowedFd<'_>, name: &std::ffi::CStr) -> rustix::io::Result<Statx> {
    rustix::fs::statx(directory, name, AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT, STATX)
}

/// What statx(2) says the object is.
pub(super) fn kind(status: &Statx) -> Result<FileKind, Failure> {
    FileKind::from_mode(u32::from(status.stx_mode)).ok_or(Failure::from(Errno::IO))
}

/// Whether the object is on a file system that shows the kernel's state, such as a second `/proc`.
pub(super) fn is_kernel_state(reference: BorrowedFd<'_>) -> rustix::io::Result<bool> {
    Ok(policy::is_kernel_file_system(rustix::fs::fstatfs(reference)?.f_type))
}
