//! Noun *file*.

mod access;
mod at;
mod close;
mod copy;
mod create;
mod descriptor;
mod directory;
mod dup;
mod fcntl;
mod flock;
mod getdents;
mod ioctl;
mod memfd_create;
mod mode;
mod offset;
mod open;
mod pieces;
mod read;
mod readlink;
mod record_lock;
mod remove;
mod rename;
mod seek;
mod stat;
mod statfs;
mod sync;
mod times;
mod truncate;
mod write;
mod xattr;

pub(crate) use access::{access, faccessat, faccessat2};
pub(crate) use at::{At, Object, caller, install, usable};
pub(crate) use close::{close, close_range};
pub(crate) use copy::{copy_file_range, sendfile};
pub(crate) use create::{link, linkat, mkdir, mkdirat, mknod, mknodat, symlink, symlinkat};
pub(crate) use directory::{chdir, chroot, fchdir, getcwd, umask};
pub(crate) use dup::{dup, dup2, dup3};
pub(crate) use fcntl::fcntl;
pub(crate) use flock::flock;
pub(crate) use getdents::{getdents, getdents64};
pub(crate) use ioctl::ioctl;
pub(crate) use memfd_create::memfd_create;
pub(crate) use mode::{chmod, chown, fchmod, fchmodat, fchmodat2, fchown, fchownat, lchown};
pub(crate) use offset::Offset;
pub(crate) use open::{creat, open, openat, openat2};
pub(crate) use pieces::Pieces;
pub(crate) use read::{pread64, preadv, preadv2, read, readv};
pub(crate) use readlink::{readlink, readlinkat};
pub(crate) use remove::{rmdir, unlink, unlinkat};
pub(crate) use rename::{rename, renameat, renameat2};
pub(crate) use seek::lseek;
pub(crate) use stat::{fstat, lstat, newfstatat, stat, statx};
pub(crate) use statfs::{fstatfs, statfs};
pub(crate) use sync::{fadvise64, fdatasync, fsync, readahead, sync, sync_file_range, syncfs};
pub(crate) use times::{futimesat, utime, utimensat, utimes};
pub(crate) use truncate::{fallocate, ftruncate, truncate};
pub(crate) use write::{pwrite64, pwritev, pwritev2, write, writev, written};
pub(crate) use xattr::{
    fgetxattr, flistxattr, fremovexattr, fsetxattr, getxattr, lgetxattr, listxattr, llistxattr, lremovexattr,
    lsetxattr, removexattr, setxattr,
};
