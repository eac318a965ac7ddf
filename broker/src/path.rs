//! Opening host objects: by path without symbolic links, and by descriptor.

use crate::Refusal;
use litebox_broker_protocol::RelativePath;
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags};
use rustix::io::{Errno, Result};
use std::fmt::Write;

/// The longest real path that is compared with the policy, in bytes; a longer one is treated as hidden.
const MAX_REAL_PATH: usize = 8192;

/// No component may be a symbolic link, and the walk stays below its start (openat2(2)).
const RESOLVE: ResolveFlags =
    ResolveFlags::BENEATH.union(ResolveFlags::NO_SYMLINKS).union(ResolveFlags::NO_MAGICLINKS);

/// Opens the object at `path` below `root` as a mere reference (`O_PATH`): nothing is read, nothing blocks, a device
/// is not touched, and a final symbolic link is referred to, not followed.
pub(crate) fn open_reference(root: BorrowedFd<'_>, path: RelativePath<'_>) -> Result<OwnedFd> {
    if path.is_root() {
        return rustix::io::fcntl_dupfd_cloexec(root, 3);
    }
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    retry(|| rustix::fs::openat2(root, path.as_bytes(), flags, Mode::empty(), RESOLVE))
}

/// Opens a directory that is already referred to, to read its entries.
pub(crate) fn open_directory(reference: BorrowedFd<'_>) -> Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    retry(|| rustix::fs::openat2(reference, ".", flags, Mode::empty(), RESOLVE))
}

/// Creates the regular file `name` in `directory`; it must not exist, not even as a symbolic link.
pub(crate) fn create(directory: BorrowedFd<'_>, name: &[u8], flags: OFlags, mode: Mode) -> Result<OwnedFd> {
    let flags = flags | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NOCTTY;
    retry(|| rustix::fs::openat2(directory, name, flags, mode, RESOLVE))
}

/// Repeats what a signal interrupted.
pub(crate) fn retry<T>(mut call: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

/// The broker's own `/proc/self/fd`: the one way to reopen exactly the object that a descriptor refers to, and to
/// learn its real path.
pub(crate) struct Descriptors(OwnedFd);

impl Descriptors {
    /// # Errors
    /// When the host's `/proc` is not mounted.
    pub(crate) fn open() -> std::result::Result<Self, Refusal> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let descriptors = rustix::fs::openat(CWD, "/proc/self/fd", flags, Mode::empty());
        descriptors.map(Self).map_err(|errno| Refusal {
            rule: "host.proc",
            cause: format!("cannot open /proc/self/fd: {errno}"),
            fix: "mount -t proc proc /proc".into(),
        })
    }

    /// Opens the object that `reference` refers to, whatever its path leads to by now.
    pub(crate) fn reopen(&self, reference: BorrowedFd<'_>, flags: OFlags) -> Result<OwnedFd> {
        let flags = flags | OFlags::CLOEXEC | OFlags::NOCTTY;
        retry(|| rustix::fs::openat(&self.0, name(reference), flags, Mode::empty()))
    }

    /// The present absolute path of the object; empty when it has none that is reachable.
    pub(crate) fn real_path(&self, reference: BorrowedFd<'_>) -> Result<Vec<u8>> {
        let mut buffer = [0; MAX_REAL_PATH];
        let length = rustix::fs::readlinkat_raw(&self.0, name(reference), &mut buffer)?;
        let path = buffer.get(..length).unwrap_or_default();
        let whole = length < MAX_REAL_PATH && path.starts_with(b"/");
        Ok(if whole { path.to_vec() } else { Vec::new() })
    }

    /// The directory and the name under which `reference` stands, for calls that act through it.
    pub(crate) fn place(&self, reference: BorrowedFd<'_>) -> (BorrowedFd<'_>, String) {
        (self.0.as_fd(), name(reference))
    }
}

fn name(descriptor: BorrowedFd<'_>) -> String {
    let mut name = String::new();
    write!(name, "{}", descriptor.as_raw_fd()).unwrap_or_default();
    name
}

/// Joins a real path and one name or relative path.
pub(crate) fn join(directory: &[u8], rest: &[u8]) -> Vec<u8> {
    let mut path = directory.to_vec();
    if !rest.is_empty() {
        if !path.ends_with(b"/") {
            path.push(b'/');
        }
        path.extend_from_slice(rest);
    }
    path
}
