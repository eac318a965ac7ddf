//! The path-based calls of noun file, with the answers that Linux 6.18 gave to the same calls on tmpfs, as root.

#[path = "support/guest.rs"]
mod common;

use common::{DATA, get, put_bytes, run, start_thread};
use litebox_host_fake::Guest;

/// An argument of a call.
#[derive(Clone, Copy)]
enum Arg {
    /// A number.
    N(i64),
    /// The address of a string.
    S(&'static str),
    /// The address of room for an answer.
    B,
}
use Arg::{B, N, S};

/// Where strings and answers go.
const STRINGS: u64 = DATA + 0x1_0000;
const ANSWER: u64 = DATA + 0x2_0000;

const READ: u64 = 0;
const WRITE: u64 = 1;
const OPEN: u64 = 2;
const CLOSE: u64 = 3;
const STAT: u64 = 4;
const FSTAT: u64 = 5;
const LSTAT: u64 = 6;
const LSEEK: u64 = 8;
const PREAD: u64 = 17;
const PWRITE: u64 = 18;
const READV: u64 = 19;
const ACCESS: u64 = 21;
const SENDFILE: u64 = 40;
const FLOCK: u64 = 73;
const FSYNC: u64 = 74;
const TRUNCATE: u64 = 76;
const FTRUNCATE: u64 = 77;
const GETCWD: u64 = 79;
const CHDIR: u64 = 80;
const FCHDIR: u64 = 81;
const RENAME: u64 = 82;
const MKDIR: u64 = 83;
const RMDIR: u64 = 84;
const CREAT: u64 = 85;
const LINK: u64 = 86;
const UNLINK: u64 = 87;
const SYMLINK: u64 = 88;
const READLINK: u64 = 89;
const CHMOD: u64 = 90;
const FCHMOD: u64 = 91;
const CHOWN: u64 = 92;
const LCHOWN: u64 = 94;
const UMASK: u64 = 95;
const EXIT: u64 = 60;
const MKNOD: u64 = 133;
const FSTATFS: u64 = 138;
const GETXATTR: u64 = 191;
const LISTXATTR: u64 = 194;
const GETDENTS64: u64 = 217;
const FADVISE: u64 = 221;
const EXIT_GROUP: u64 = 231;
const OPENAT: u64 = 257;
const NEWFSTATAT: u64 = 262;
const UNLINKAT: u64 = 263;
const LINKAT: u64 = 265;
const READLINKAT: u64 = 267;
const FACCESSAT: u64 = 269;
const UTIMENSAT: u64 = 280;
const FALLOCATE: u64 = 285;
const PREADV: u64 = 295;
const RENAMEAT2: u64 = 316;
const MEMFD_CREATE: u64 = 319;
const COPY_FILE_RANGE: u64 = 326;
const STATX: u64 = 332;
const FACCESSAT2: u64 = 439;

const CWD: Arg = N(-100);
const EPERM: i64 = -1;
const ENOENT: i64 = -2;
const ENXIO: i64 = -6;
const EBADF: i64 = -9;
const EAGAIN: i64 = -11;
const EFAULT: i64 = -14;
const EBUSY: i64 = -16;
const EEXIST: i64 = -17;
const ENOTDIR: i64 = -20;
const EISDIR: i64 = -21;
const EINVAL: i64 = -22;
const EFBIG: i64 = -27;
const ESPIPE: i64 = -29;
const ERANGE: i64 = -34;
const ENAMETOOLONG: i64 = -36;
const ENOTEMPTY: i64 = -39;
const ELOOP: i64 = -40;
const ENODATA: i64 = -61;
const EOPNOTSUPP: i64 = -95;

/// Calls and their answers, in order. They begin in an empty folder, with descriptors 0 to 2 open.
const CALLS: &[(u64, &[Arg], i64)] = &[
    (UMASK, &[N(0o22)], 0o22),
    (MKDIR, &[S("a"), N(0o777)], 0),
    (MKDIR, &[S("a"), N(0o777)], EEXIST),
    (MKDIR, &[S("a/b/"), N(0o777)], 0),
    (MKDIR, &[S("x/y"), N(0o777)], ENOENT),
    (MKDIR, &[S("."), N(0o777)], EEXIST),
    (MKDIR, &[S(""), N(0o777)], ENOENT),
    // Opening.
    (OPEN, &[S("a/f"), N(0o102), N(0o644)], 3),
    (OPEN, &[S("a/f"), N(0o302), N(0o644)], EEXIST),
    (OPEN, &[S("a/f/"), N(0)], ENOTDIR),
    (OPEN, &[S("a/f/"), N(0o101), N(0o644)], EISDIR),
    (OPEN, &[S("a/f"), N(0o200_000)], ENOTDIR),
    (OPEN, &[S("a"), N(1)], EISDIR),
    (OPEN, &[S("a"), N(0o100), N(0o644)], EISDIR),
    (OPEN, &[S("a"), N(0o200_100), N(0o644)], EINVAL),
    (OPEN, &[S("none"), N(0)], ENOENT),
    (OPEN, &[S("a"), N(0x4000_0000)], 4),
    // Reading and writing.
    (WRITE, &[N(3), S("hello"), N(5)], 5),
    (WRITE, &[N(3), N(8), N(5)], EFAULT),
    (WRITE, &[N(3), N(8), N(0)], 0),
    (WRITE, &[N(4), S("x"), N(1)], EBADF),
    (READ, &[N(4), B, N(1)], EISDIR),
    (READ, &[N(99), B, N(0)], EBADF),
    (PREAD, &[N(3), B, N(9), N(1)], 4),
    (PREAD, &[N(3), B, N(9), N(-1)], EINVAL),
    (PWRITE, &[N(3), S("J"), N(1), N(0)], 1),
    (LSEEK, &[N(3), N(0), N(1)], 5),
    (LSEEK, &[N(3), N(-6), N(1)], EINVAL),
    (LSEEK, &[N(3), N(10), N(2)], 15),
    (LSEEK, &[N(3), N(i64::MAX), N(1)], EINVAL),
    (LSEEK, &[N(3), N(0), N(9)], EINVAL),
    (LSEEK, &[N(3), N(0), N(3)], 0),
    (LSEEK, &[N(3), N(0), N(4)], 5),
    (LSEEK, &[N(3), N(5), N(3)], ENXIO),
    (READV, &[N(3), B, N(0)], 0),
    (READV, &[N(3), B, N(1025)], EINVAL),
    (PREADV, &[N(3), B, N(0), N(-1)], EINVAL),
    (FTRUNCATE, &[N(3), N(-1)], EINVAL),
    (FTRUNCATE, &[N(3), N(9000)], 0),
    (FTRUNCATE, &[N(4), N(0)], EINVAL),
    (TRUNCATE, &[S("a"), N(0)], EISDIR),
    (TRUNCATE, &[S("a/f"), N(7)], 0),
    (FALLOCATE, &[N(3), N(0), N(0), N(0)], EINVAL),
    (FALLOCATE, &[N(3), N(0), N(0), N(8192)], 0),
    (FALLOCATE, &[N(3), N(2), N(0), N(4096)], EOPNOTSUPP),
    (FALLOCATE, &[N(3), N(3), N(0), N(4096)], 0),
    (FALLOCATE, &[N(3), N(0), N(i64::MAX), N(1)], EFBIG),
    (SENDFILE, &[N(3), N(3), N(0), N(0)], 0),
    (COPY_FILE_RANGE, &[N(3), N(0), N(3), N(0), N(100), N(0)], EINVAL),
    (COPY_FILE_RANGE, &[N(3), N(0), N(3), N(0), N(100), N(1)], EINVAL),
    (COPY_FILE_RANGE, &[N(4), N(0), N(3), N(0), N(100), N(0)], EISDIR),
    (FSYNC, &[N(3)], 0),
    (FSYNC, &[N(4)], 0),
    (FADVISE, &[N(3), N(0), N(0), N(9)], EINVAL),
    (FADVISE, &[N(3), N(0), N(0), N(4)], 0),
    (FLOCK, &[N(3), N(2 | 4)], 0),
    (FLOCK, &[N(3), N(7)], EINVAL),
    (FLOCK, &[N(3), N(8)], 0),
    // Attributes.
    (STAT, &[S("a/f"), B], 0),
    (STAT, &[S("a/f"), N(8)], EFAULT),
    (STAT, &[S("none"), B], ENOENT),
    (FSTAT, &[N(99), B], EBADF),
    (NEWFSTATAT, &[N(4), S("f"), B, N(0)], 0),
    (NEWFSTATAT, &[N(3), S("f"), B, N(0)], ENOTDIR),
    (NEWFSTATAT, &[N(99), S("f"), B, N(0)], EBADF),
    (NEWFSTATAT, &[N(3), S(""), B, N(0x1000)], 0),
    (NEWFSTATAT, &[N(3), S(""), B, N(0)], ENOENT),
    (NEWFSTATAT, &[CWD, S("a"), B, N(1)], EINVAL),
    (STATX, &[CWD, S("a"), N(0), N(0x7ff), B], 0),
    (STATX, &[CWD, S("a"), N(0x6000), N(0x7ff), B], EINVAL),
    (STATX, &[CWD, S("a"), N(0), N(0x8000_0000), B], EINVAL),
    (FSTATFS, &[N(3), B], 0),
    (CHMOD, &[S("a/f"), N(0)], 0),
    (ACCESS, &[S("a/f"), N(6)], 0),
    (ACCESS, &[S("a/f"), N(1)], -13),
    (ACCESS, &[S("a/f"), N(8)], EINVAL),
    (FACCESSAT, &[N(4), S("f"), N(0)], 0),
    (FACCESSAT2, &[N(4), S("f"), N(0), N(1)], EINVAL),
    (FCHMOD, &[N(3), N(0o644)], 0),
    (CHOWN, &[S("a/f"), N(5), N(-1)], 0),
    (UTIMENSAT, &[CWD, S("a/f"), N(0), N(0)], 0),
    (UTIMENSAT, &[N(3), N(0), N(0), N(0)], 0),
    (GETXATTR, &[S("a/f"), S("user.x"), N(0), N(0)], ENODATA),
    (GETXATTR, &[S("a/f"), S("x"), N(0), N(0)], EOPNOTSUPP),
    (GETXATTR, &[S("a/f"), S(""), N(0), N(0)], ERANGE),
    (LISTXATTR, &[S("a/f"), N(0), N(0)], 0),
    // Links.
    (SYMLINK, &[S("f"), S("a/s")], 0),
    (SYMLINK, &[S(""), S("a/t")], ENOENT),
    (SYMLINK, &[S("f"), S("a/s")], EEXIST),
    (SYMLINK, &[S("loop"), S("loop")], 0),
    (STAT, &[S("loop"), B], ELOOP),
    (LSTAT, &[S("loop"), B], 0),
    (OPEN, &[S("a/s"), N(0o400_000)], ELOOP),
    (OPEN, &[S("a/s"), N(0o600_000)], ENOTDIR),
    (READLINK, &[S("a/s"), B, N(10)], 1),
    (READLINK, &[S("a/s"), B, N(0)], EINVAL),
    (READLINK, &[S("a/f"), B, N(10)], EINVAL),
    (READLINKAT, &[N(4), S(""), B, N(10)], ENOENT),
    (LCHOWN, &[S("a/s"), N(5), N(5)], 0),
    (LINK, &[S("a/f"), S("a/g")], 0),
    (LINK, &[S("a/f"), S("a/g")], EEXIST),
    (LINK, &[S("a"), S("z")], EPERM),
    (LINK, &[S("a/f"), S("z/")], ENOENT),
    (LINKAT, &[CWD, S("a/f"), CWD, S("z"), N(1)], EINVAL),
    (MKNOD, &[S("p"), N(0o010_644), N(0)], 0),
    (OPEN, &[S("p"), N(0o4001)], ENXIO),
    (OPEN, &[S("p"), N(0o4000)], 5),
    (READ, &[N(5), B, N(9)], 0),
    (OPEN, &[S("p"), N(1)], 6),
    (READ, &[N(5), B, N(9)], EAGAIN),
    (WRITE, &[N(6), S("pipe"), N(4)], 4),
    (READ, &[N(5), B, N(9)], 4),
    (LSEEK, &[N(5), N(0), N(0)], ESPIPE),
    (WRITE, &[N(6), S("lost"), N(4)], 4),
    (CLOSE, &[N(5)], 0),
    (CLOSE, &[N(6)], 0),
    (OPEN, &[S("p"), N(0o4002)], 5),
    (READ, &[N(5), B, N(9)], EAGAIN),
    (CLOSE, &[N(5)], 0),
    (MKNOD, &[S("q"), N(0o040_644), N(0)], EPERM),
    (MKNOD, &[S("q"), N(0o170_644), N(0)], EINVAL),
    // Removing and renaming.
    (UNLINK, &[S("a")], EISDIR),
    (UNLINK, &[S("a/f/")], ENOTDIR),
    (UNLINK, &[S("none")], ENOENT),
    (RMDIR, &[S("a")], ENOTEMPTY),
    (RMDIR, &[S("a/f")], ENOTDIR),
    (RMDIR, &[S("a/.")], EINVAL),
    (RMDIR, &[S("a/b/..")], ENOTEMPTY),
    (RMDIR, &[S("/")], EBUSY),
    (UNLINKAT, &[CWD, S("a/g"), N(1)], EINVAL),
    (UNLINKAT, &[N(4), S("g"), N(0)], 0),
    (RENAME, &[S("a"), S("a/b/c")], EINVAL),
    (RENAME, &[S("a/b"), S("a")], ENOTEMPTY),
    (RENAME, &[S("a/f"), S("a/b")], EISDIR),
    (RENAME, &[S("a/b"), S("a/f")], ENOTDIR),
    (RENAME, &[S("a/."), S("c")], EBUSY),
    (RENAME, &[S("a/f"), S("c/")], ENOTDIR),
    (RENAME, &[S("a/b"), S("c/")], 0),
    (RENAMEAT2, &[CWD, S("c"), CWD, S("a"), N(1)], EEXIST),
    (RENAMEAT2, &[CWD, S("c"), CWD, S("none"), N(2)], ENOENT),
    (RENAMEAT2, &[CWD, S("c"), CWD, S("a"), N(3)], EINVAL),
    (RENAMEAT2, &[CWD, S("c"), CWD, S("a/f"), N(2)], 0),
    (STAT, &[S("a/f/."), B], 0),
    // Where one stands.
    (CHDIR, &[S("c")], ENOTDIR),
    (CHDIR, &[S("a")], 0),
    (FCHDIR, &[N(3)], ENOTDIR),
    (GETCWD, &[B, N(1)], ERANGE),
    (STAT, &[S("../c"), B], 0),
    (FCHDIR, &[N(4)], 0),
    (RMDIR, &[S("f")], 0),
    (MKDIR, &[S("gone"), N(0o777)], 0),
    (CHDIR, &[S("gone")], 0),
    (RMDIR, &[S("../gone")], 0),
    (GETCWD, &[B, N(4096)], ENOENT),
    (CREAT, &[S("x"), N(0o644)], ENOENT),
    (STAT, &[S(".."), B], 0),
    (CHDIR, &[S("../..")], 0),
    // Descriptors that are only names, and files without names.
    (OPEN, &[S("c"), N(0o10_000_000)], 5),
    (READ, &[N(5), B, N(1)], EBADF),
    (FSTAT, &[N(5), B], 0),
    (FCHMOD, &[N(5), N(0o600)], EBADF),
    (CLOSE, &[N(5)], 0),
    (OPENAT, &[CWD, S("."), N(0o20_200_000), N(0o600)], EINVAL),
    (OPENAT, &[CWD, S("."), N(0o20_200_002), N(0o600)], 5),
    (LINKAT, &[N(5), S(""), CWD, S("named"), N(0x1000)], 0),
    (STAT, &[S("named"), B], 0),
    (MEMFD_CREATE, &[S("m"), N(1)], 6),
    (MEMFD_CREATE, &[S("m"), N(0x18)], EINVAL),
    (MEMFD_CREATE, &[S("m"), N(0x20)], EINVAL),
    (FTRUNCATE, &[N(6), N(4096)], 0),
    (LSEEK, &[N(6), N(0), N(2)], 4096),
    (GETDENTS64, &[N(4), B, N(1)], EINVAL),
    (GETDENTS64, &[N(3), B, N(1000)], ENOTDIR),
    (
        OPEN,
        &[
            S(
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ),
            N(0),
        ],
        ENAMETOOLONG,
    ),
];

fn call(guest: &mut Guest<'_>, number: u64, arguments: &[Arg]) -> i64 {
    let mut at = STRINGS;
    let values: Vec<u64> = arguments
        .iter()
        .map(|argument| match argument {
            N(number) => number.cast_unsigned(),
            B => ANSWER,
            S(text) => {
                let here = at;
                put_bytes(guest, here, text.as_bytes());
                put_bytes(guest, here + text.len() as u64, &[0]);
                at += text.len() as u64 + 1;
                here
            }
        })
        .collect();
    guest.syscall(number, &values)
}

#[test]
fn the_answers_are_those_of_linux() {
    let status = run(&common::host(), |guest| {
        for (row, (number, arguments, expected)) in CALLS.iter().enumerate() {
            assert_eq!(call(guest, *number, arguments), *expected, "row {row}, call {number}");
        }
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn entries_and_attributes_have_linuxs_layout() {
    let status = run(&common::host(), |guest| {
        call(guest, MKDIR, &[S("d"), N(0o700)]);
        call(guest, CREAT, &[S("d/name"), N(0o640)]);
        assert_eq!(call(guest, PWRITE, &[N(3), S("12345"), N(5), N(0)]), 5);
        assert_eq!(call(guest, STAT, &[S("d/name"), B]), 0);
        let inode = get(guest, ANSWER + 8);
        assert_eq!(get(guest, ANSWER + 16), 1, "st_nlink");
        assert_eq!(get(guest, ANSWER + 24) & 0xffff_ffff, 0o100_640, "st_mode");
        assert_eq!(get(guest, ANSWER + 48), 5, "st_size");
        assert_eq!(get(guest, ANSWER + 64), 8, "st_blocks");
        assert_eq!(call(guest, OPEN, &[S("d"), N(0)]), 4);
        assert_eq!(call(guest, GETDENTS64, &[N(4), B, N(1000)]), 24 + 24 + 24);
        assert_eq!(get(guest, ANSWER + 48), inode, "d_ino of the third");
        assert_eq!(get(guest, ANSWER + 64) & 0xffff, 24, "d_reclen");
        assert_eq!(get(guest, ANSWER + 64) >> 16 & 0xff, 8, "d_type: DT_REG");
        assert_eq!(get(guest, ANSWER + 67).to_le_bytes()[..5], *b"name\0");
        assert_eq!(call(guest, GETDENTS64, &[N(4), B, N(1000)]), 0);
        assert_eq!(call(guest, GETCWD, &[B, N(100)]), 2);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn opening_a_fifo_waits_for_the_other_side() {
    const CODE: u64 = 0x5000;
    let status = run(&common::host(), |guest| {
        assert_eq!(call(guest, MKNOD, &[S("p"), N(0o010_644), N(0)]), 0);
        let thread = start_thread(guest, CODE, DATA + 0x3_0000, DATA + 0x200, |guest| {
            // The strings of the two threads must not meet.
            put_bytes(guest, DATA + 0x300, b"p\0hi");
            let fd = guest.syscall(OPEN, &[DATA + 0x300, 1]);
            assert_eq!(guest.syscall(WRITE, &[fd.cast_unsigned(), DATA + 0x302, 2]), 2);
            guest.syscall(CLOSE, &[fd.cast_unsigned()]);
            guest.syscall(EXIT, &[0]);
        });
        assert!(thread > 0);
        let fd = call(guest, OPEN, &[S("p"), N(0)]);
        assert!(fd >= 3);
        assert_eq!(call(guest, READ, &[N(fd), B, N(9)]), 2);
        assert_eq!(call(guest, READ, &[N(fd), B, N(9)]), 0, "the writer has gone");
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}
