//! `execve(2)` and `execveat(2)` of programs in a folder of the fake host.

#[path = "support/guest.rs"]
mod common;

use common::program::{
    EXECVE, EXIT_GROUP, SCRATCH, SECOND, World, elf, execve, open, pack, readlink, started_with, string, text,
};
use common::{catch, get, get_word, put, put_bytes, start_thread};
use litebox_host_fake::Guest;

const GETPID: u64 = 39;
const GETTID: u64 = 186;
const FCNTL: u64 = 72;
const FUTEX: u64 = 202;
const EXECVEAT: u64 = 322;
const O_CLOEXEC: u64 = 0o2_000_000;
const AT_EMPTY_PATH: u64 = 0x1000;
const AT_SYMLINK_NOFOLLOW: u64 = 0x100;
const CURRENT: u64 = -100_i64 as u64;

const ENOENT: i64 = -2;
const E2BIG: i64 = -7;
const ENOEXEC: i64 = -8;
const EBADF: i64 = -9;
const EACCES: i64 = -13;
const EFAULT: i64 = -14;
const ENOTDIR: i64 = -20;
const EINVAL: i64 = -22;
const ENAMETOOLONG: i64 = -36;
const ELOOP: i64 = -40;
const ELIBBAD: i64 = -80;

fn exit(guest: &mut Guest<'_>) {
    guest.syscall(EXIT_GROUP, &[0]);
}

/// The code of a program that must not run.
fn nothing(_: &mut Guest<'_>) {
    panic!("the program was started");
}

fn name(guest: &mut Guest<'_>) -> String {
    assert_eq!(guest.syscall(157, &[16, SCRATCH]), 0);
    string(guest, SCRATCH)
}

#[test]
fn the_process_goes_on_with_another_program() {
    let status = World::new().run(
        |guest| {
            assert_eq!(started_with(guest).0, ["first", "an argument"]);
            assert_eq!(name(guest), "first");
            assert_eq!(open(guest, "/etc", O_CLOEXEC), 3);
            assert_eq!(open(guest, "/etc", 0), 4);
            catch(guest, 10, 0x2000, 0);
            put(guest, SCRATCH + 0x100, 1);
            assert_eq!(guest.syscall(13, &[12, SCRATCH + 0x100, 0, 8]), 0);
            put(guest, SCRATCH, 1 << 9);
            assert_eq!(guest.syscall(14, &[0, SCRATCH, 0, 8]), 0);
            assert_eq!(guest.syscall(62, &[2, 10]), 0);
            for (index, word) in [SCRATCH, 0, 0x8000].into_iter().enumerate() {
                put(guest, SCRATCH + 8 * index as u64, word);
            }
            assert_eq!(guest.syscall(131, &[SCRATCH, 0]), 0);
            assert_eq!(guest.syscall(218, &[SCRATCH + 0x200]), 2);
            assert_eq!(guest.syscall(158, &[0x1002, 0x7000]), 0);
            assert_eq!(guest.syscall(95, &[0o077]), 0o027);
            assert_eq!(guest.syscall(222, &[1, 0, SCRATCH]), 0);
            execve(guest, "/bin/second", &["zero", "one"]);
            panic!("came back");
        },
        |guest| {
            let (arguments, environment) = started_with(guest);
            assert_eq!((arguments, environment), (vec!["zero".into(), "one".into()], vec!["A=b".into()]));
            assert_eq!(guest.registers.rbx, 0);
            assert_eq!(guest.syscall(GETPID, &[]), 2);
            assert_eq!(name(guest), "second");
            assert_eq!(guest.syscall(FCNTL, &[3, 1]), EBADF);
            assert_eq!(guest.syscall(FCNTL, &[4, 1]), 0);
            for (signal, handler) in [(10, 0), (12, 1)] {
                assert_eq!(guest.syscall(13, &[signal, 0, SCRATCH, 8]), 0);
                assert_eq!(get(guest, SCRATCH), handler);
            }
            assert_eq!(guest.syscall(127, &[SCRATCH, 8]), 0);
            assert_eq!(get(guest, SCRATCH), 1 << 9);
            assert_eq!(guest.syscall(131, &[0, SCRATCH]), 0);
            assert_eq!(get(guest, SCRATCH + 8), 2);
            assert_eq!(guest.syscall(158, &[0x1003, SCRATCH]), 0);
            assert_eq!(get(guest, SCRATCH), 0);
            assert_eq!(guest.syscall(95, &[0]), 0o077);
            assert_eq!(guest.syscall(226, &[0]), EINVAL);
            assert_eq!(readlink(guest, "/proc/self/exe"), "/bin/second");
            assert!(!text(guest, "/proc/self/maps").contains("/bin/first"));
            exit(guest);
        },
    );
    assert_eq!(status, Some(0));
}

#[test]
fn a_thread_that_is_not_the_first_takes_its_place() {
    let status = World::new().run(
        |guest| {
            start_thread(guest, 0x3000, SCRATCH + 0x8000, SCRATCH + 0x20, |guest| {
                guest.syscall(FUTEX, &[SCRATCH, 128, 0, 0]);
                panic!("woke up");
            });
            start_thread(guest, 0x4000, SCRATCH + 0xa000, SCRATCH + 0x28, |guest| {
                assert_eq!(guest.syscall(GETTID, &[]), 4);
                execve(guest, "/bin/second", &["x"]);
                panic!("came back");
            });
            loop {
                guest.nothing();
            }
        },
        |guest| {
            assert_eq!(guest.syscall(GETTID, &[]), 2);
            assert_eq!(guest.syscall(GETPID, &[]), 2);
            assert!(text(guest, "/proc/self/status").contains("\nThreads:\t1\n"));
            // New threads can be made again, and numbers are not given twice.
            let child = start_thread(guest, 0x5000, SCRATCH + 0x8000, SCRATCH + 0x20, |guest| {
                guest.syscall(60, &[0]);
            });
            assert_eq!(child, 5);
            while get_word(guest, SCRATCH + 0x20) != 0 {
                let value = u64::from(get_word(guest, SCRATCH + 0x20));
                guest.syscall(FUTEX, &[SCRATCH + 0x20, 0, value, 0]);
            }
            exit(guest);
        },
    );
    assert_eq!(status, Some(0));
}

#[test]
fn of_two_threads_that_start_programs_one_does() {
    for _ in 0..20 {
        let status = World::new().run(
            |guest| {
                put_bytes(guest, SCRATCH + 0x100, b"/bin/second\0");
                start_thread(guest, 0x3000, SCRATCH + 0x8000, SCRATCH + 0x20, |guest| {
                    guest.registers.rsp = SCRATCH + 0x8000;
                    guest.syscall(EXECVE, &[SCRATCH + 0x100, 0, 0]);
                    panic!("came back");
                });
                guest.syscall(EXECVE, &[SCRATCH + 0x100, 0, 0]);
            },
            |guest| {
                assert_eq!(started_with(guest).0, [""]);
                exit(guest);
            },
        );
        assert_eq!(status, Some(0));
    }
}

#[test]
fn what_cannot_be_run_leaves_the_caller_as_it_was() {
    let world = World::new();
    world.file("bin/plain", elf(SECOND), 0o644);
    world.file("bin/empty", "", 0o755);
    world.file("bin/garbage", "garbage", 0o755);
    world.file("bin/orphan", "#!/bin/none\n", 0o755);
    world.file("bin/of-plain", "#!/bin/plain\n", 0o755);
    world.file("bin/loop", "#!/bin/loop\n", 0o755);
    world.link("bin/round", "round");
    let mut broken = elf(SECOND);
    // The second header asks for an interpreter, whose name is at its end.
    broken[64 + 56..64 + 60].copy_from_slice(&3_u32.to_le_bytes());
    broken[64 + 64..64 + 72].copy_from_slice(&0x1000_u64.to_le_bytes());
    broken[64 + 88..64 + 104].copy_from_slice(&[13_u64.to_le_bytes(), 13_u64.to_le_bytes()].concat());
    broken[0x1000..0x100d].copy_from_slice(b"/bin/garbage\0");
    world.file("bin/broken", broken, 0o755);
    let status = world.run(
        |guest| {
            assert_eq!(open(guest, "/etc", O_CLOEXEC), 3);
            catch(guest, 10, 0x2000, 0);
            for (path, errno) in [
                ("/bin/none", ENOENT),
                ("", ENOENT),
                ("/bin/first/none", ENOTDIR),
                ("/bin", EACCES),
                ("/bin/plain", EACCES),
                ("/dev/null", EACCES),
                ("/bin/empty", ENOEXEC),
                ("/bin/garbage", ENOEXEC),
                ("/bin/orphan", ENOENT),
                ("/bin/of-plain", EACCES),
                ("/bin/loop", ELOOP),
                ("/bin/round", ELOOP),
                ("/bin/broken", ELIBBAD),
            ] {
                assert_eq!(execve(guest, path, &["x"]), errno, "{path}");
            }
            let long = "x".repeat(5000);
            assert_eq!(execve(guest, &long, &["x"]), ENAMETOOLONG);
            assert_eq!(guest.syscall(EXECVE, &[8, 0, 0]), EFAULT);
            let (addresses, _) = pack(guest, &[b"/bin/second"]);
            assert_eq!(guest.syscall(EXECVE, &[addresses[0], 8, 0]), EFAULT);
            assert_eq!(guest.syscall(FCNTL, &[3, 1]), 1);
            assert_eq!(guest.syscall(13, &[10, 0, SCRATCH, 8]), 0);
            assert_eq!(get(guest, SCRATCH), 0x2000);
            assert_eq!(readlink(guest, "/proc/self/exe"), "/bin/first");
            assert_eq!(name(guest), "first");
            exit(guest);
        },
        nothing,
    );
    assert_eq!(status, Some(0));
}

#[test]
fn arguments_that_are_too_long_are_refused() {
    let status = World::new().run(
        |guest| {
            const LONG: u64 = 0x1000_0000;
            let map = guest.syscall(9, &[LONG, 0x4_0000, 3, 0x32, u64::MAX, 0]);
            assert_eq!(map.unsigned_abs(), LONG);
            let (addresses, _) = pack(guest, &[b"/bin/second"]);
            let at = SCRATCH + 0x100;
            put(guest, at, LONG);
            put_bytes(guest, LONG, &[b'x'; 131_072]);
            assert_eq!(guest.syscall(EXECVE, &[addresses[0], at, 0]), E2BIG);
            // 2 MiB in strings of 128 KiB: a quarter of the stack's limit.
            put_bytes(guest, LONG + 131_071, b"\0");
            for index in 0..17 {
                put(guest, at + 8 * index, LONG);
            }
            assert_eq!(guest.syscall(EXECVE, &[addresses[0], 0, at]), E2BIG);
            put(guest, at + 15 * 8, 0);
            guest.syscall(EXECVE, &[addresses[0], 0, at]);
            panic!("came back");
        },
        |guest| {
            assert_eq!(started_with(guest).1.len(), 15);
            assert_eq!(text(guest, "/proc/self/environ").len(), 15 * 131_072);
            exit(guest);
        },
    );
    assert_eq!(status, Some(0));
}

#[test]
fn scripts_are_followed_to_a_program() {
    let world = World::new();
    world.file("bin/1", "#! second  an argument \n", 0o755);
    world.file("bin/2", "#!/bin/1\n", 0o755);
    let status = world.run(
        |guest| {
            execve(guest, "./2", &["zero", "one"]);
            panic!("came back");
        },
        |guest| {
            assert_eq!(started_with(guest).0, ["second", "an argument", "/bin/1", "./2", "one"]);
            assert_eq!(name(guest), "2");
            assert_eq!(readlink(guest, "/proc/self/exe"), "/bin/second");
            assert_eq!(text(guest, "/proc/self/cmdline"), "second\0an argument\0/bin/1\0./2\0one\0");
            exit(guest);
        },
    );
    assert_eq!(status, Some(0));
}

#[test]
fn a_program_can_be_named_by_descriptor() {
    let world = World::new();
    world.link("bin/alias", "second");
    world.file("bin/script", "#!/bin/second\n", 0o755);
    let status = world.run(
        |guest| {
            let folder = open(guest, "/bin", 0).unsigned_abs();
            let closed = open(guest, "/bin/script", O_CLOEXEC).unsigned_abs();
            let program = open(guest, "/bin/second", O_CLOEXEC).unsigned_abs();
            let (at, array) = pack(guest, &[b"", b"alias", b"x"]);
            let mut execveat =
                |fd: u64, path: u64, flags: u64| guest.syscall(EXECVEAT, &[fd, path, array + 16, 0, flags]);
            assert_eq!(execveat(folder, at[0], 0), ENOENT);
            assert_eq!(execveat(folder, at[0], AT_EMPTY_PATH), EACCES);
            assert_eq!(execveat(closed, at[0], AT_EMPTY_PATH), ENOENT);
            assert_eq!(execveat(closed, at[1], AT_EMPTY_PATH), ENOTDIR);
            assert_eq!(execveat(99, at[1], 0), EBADF);
            assert_eq!(execveat(0, at[0], AT_EMPTY_PATH), EACCES);
            assert_eq!(execveat(CURRENT, at[1], AT_SYMLINK_NOFOLLOW), ELOOP);
            assert_eq!(execveat(folder, at[1], 0x400), EINVAL);
            execveat(program, at[0], AT_EMPTY_PATH);
            panic!("came back");
        },
        |guest| {
            assert_eq!(started_with(guest).0, ["x"]);
            assert_eq!(name(guest), "second");
            exit(guest);
        },
    );
    assert_eq!(status, Some(0));
}

#[test]
fn a_failure_after_the_point_of_no_return_is_the_end() {
    let world = World::new();
    let mut short = elf(SECOND);
    short.truncate(0x900);
    world.file("bin/short", short, 0o755);
    let status = world.run(
        |guest| {
            start_thread(guest, 0x3000, SCRATCH + 0x8000, SCRATCH + 0x20, |guest| {
                loop {
                    guest.nothing();
                }
            });
            execve(guest, "/bin/short", &["x"]);
            panic!("came back");
        },
        nothing,
    );
    assert_eq!(status, Some(11));
}
