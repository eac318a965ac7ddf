//! What `/proc/<process>` tells of a process, in the formats of `proc_pid(5)`.

#[path = "support/guest.rs"]
mod common;

use common::program::{EXIT_GROUP, SCRATCH, World, open, pack, readlink, text};
use common::{catch, start_thread};
use litebox_host_fake::Guest;

const ENOENT: i64 = -2;

/// Run `look` as the code of the first program.
fn look(look: impl Fn(&mut Guest<'_>) + Send + Sync + 'static) {
    let status = World::new().run(
        move |guest| {
            look(guest);
            guest.syscall(EXIT_GROUP, &[0]);
        },
        |_| {},
    );
    assert_eq!(status, Some(0));
}

#[test]
fn limits_and_mounts_are_tables() {
    look(|guest| {
        let limits = text(guest, "/proc/self/limits");
        let expected = "\
Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max file size             unlimited            unlimited            bytes     
Max data size             unlimited            unlimited            bytes     
Max stack size            8388608              unlimited            bytes     
Max core file size        0                    unlimited            bytes     
";
        assert_eq!(limits.get(..expected.len()), Some(expected));
        assert!(limits.contains("\nMax nice priority         0                    0                    \n"));
        assert!(
            limits.ends_with(
                "\nMax realtime timeout      unlimited            unlimited            us        \n"
            )
        );
        assert_eq!(
            text(guest, "/proc/mounts"),
            "host / overlay rw,relatime 0 0\n\
             proc /proc proc rw,relatime 0 0\n\
             sysfs /sys sysfs ro,relatime 0 0\n\
             dev /dev devtmpfs rw,relatime 0 0\n\
             devpts /dev/pts devpts rw,relatime 0 0\n"
        );
        assert_eq!(
            text(guest, "/proc/self/mountinfo"),
            "1 1 0:32 / / rw,relatime - overlay host rw\n\
             2 1 0:33 / /proc rw,relatime - proc proc rw\n\
             3 1 0:34 / /sys ro,relatime - sysfs sysfs ro\n\
             4 1 0:35 / /dev rw,relatime - devtmpfs dev rw\n\
             5 4 0:36 / /dev/pts rw,relatime - devpts devpts rw\n"
        );
    });
}

#[test]
fn maps_are_those_of_the_guest() {
    look(|guest| {
        assert_eq!(guest.syscall(9, &[0x1000_0000, 0x3000, 3, 0x32, u64::MAX, 0]), 0x1000_0000);
        assert_eq!(guest.syscall(10, &[0x1000_1000, 0x1000, 0]), 0);
        assert_eq!(guest.syscall(9, &[0x2000_0000, 0x1000, 1, 0x31, u64::MAX, 0]), 0x2000_0000);
        let heap = guest.syscall(12, &[0]).unsigned_abs();
        guest.syscall(12, &[heap + 0x1800]);
        let maps = text(guest, "/proc/self/maps");
        let lines: Vec<&str> = maps.lines().collect();
        let name = |line: &str| line.get(73..).map(str::to_owned);
        assert!(lines[0].starts_with("00400000-00401000 r-xp 00000000 00:20 "), "{}", lines[0]);
        assert!(lines[1].starts_with("00401000-00402000 rw-p 00001000 00:20 "), "{}", lines[1]);
        assert_eq!(name(lines[1]).as_deref(), Some("/bin/first"));
        assert_eq!(lines[2], "00402000-00403000 rw-p 00000000 00:00 0 ");
        let heap = lines.iter().find(|line| line.starts_with(&format!("{heap:08x}-"))).unwrap();
        assert_eq!(name(heap).as_deref(), Some("[heap]"));
        let from = |line: &str| lines.iter().position(|other| *other == line).unwrap();
        let own = from("10000000-10001000 rw-p 00000000 00:00 0 ");
        assert_eq!(lines[own + 1], "10001000-10002000 ---p 00000000 00:00 0 ");
        assert_eq!(lines[own + 2], "10002000-10003000 rw-p 00000000 00:00 0 ");
        let shared = lines.iter().find(|line| line.starts_with("20000000-20001000 r--s ")).unwrap();
        assert_eq!(name(shared).as_deref(), Some("/dev/zero (deleted)"));
        assert_eq!(name(lines.last().unwrap()).as_deref(), Some("[stack]"));
    });
}

#[test]
fn strings_are_what_the_program_has_now() {
    look(|guest| {
        assert_eq!(text(guest, "/proc/self/cmdline"), "first\0an argument\0");
        assert_eq!(text(guest, "/proc/self/environ"), "HOME=/\0");
        let start = common::get(guest, guest.registers.rsp + 8);
        common::put_bytes(guest, start, b"a title that goes on\0");
        assert_eq!(text(guest, "/proc/self/cmdline"), "a title that goes on");
        assert_eq!(text(guest, "/proc/2/comm"), "first\n");
        let (at, _) = pack(guest, &[b"a \\ name\n"]);
        assert_eq!(guest.syscall(157, &[15, at[0]]), 0);
        assert_eq!(text(guest, "/proc/self/comm"), "a \\ name\n\n");
        let vector = open(guest, "/proc/self/auxv", 0).unsigned_abs();
        assert_eq!(guest.syscall(0, &[vector, SCRATCH, 16]), 16);
        assert_eq!((common::get(guest, SCRATCH), common::get(guest, SCRATCH + 8)), (51, 2032));
    });
}

#[test]
fn status_tells_of_threads_and_rights() {
    look(|guest| {
        catch(guest, 10, 0x2000, 0);
        common::put(guest, SCRATCH, 1 << 11);
        assert_eq!(guest.syscall(14, &[0, SCRATCH, 0, 8]), 0);
        assert_eq!(guest.syscall(62, &[2, 12]), 0);
        start_thread(guest, 0x3000, SCRATCH + 0x8000, SCRATCH + 0x20, |guest| {
            guest.syscall(202, &[SCRATCH + 0x40, 128, 0, 0]);
        });
        let status = text(guest, "/proc/self/status");
        for line in [
            "Name:\tfirst",
            "Umask:\t0027",
            "State:\tR (running)",
            "Tgid:\t2",
            "Pid:\t2",
            "PPid:\t1",
            "Uid:\t5\t5\t5\t5",
            "Gid:\t6\t6\t6\t6",
            "FDSize:\t64",
            "Groups:\t ",
            "VmStk:\t    8192 kB",
            "VmExe:\t       4 kB",
            "VmLib:\t       0 kB",
            "Threads:\t2",
            "SigQ:\t0/32768",
            "SigPnd:\t0000000000000000",
            "ShdPnd:\t0000000000000800",
            "SigBlk:\t0000000000000800",
            "SigCgt:\t0000000000000200",
            "CapEff:\t0000000000000000",
            "CapBnd:\t000001ffffffffff",
            "NoNewPrivs:\t0",
            "Cpus_allowed:\t3",
            "Cpus_allowed_list:\t0-1",
        ] {
            assert!(status.lines().any(|other| other == line), "{line} is not in {status}");
        }
        let of_thread = text(guest, "/proc/self/task/3/status");
        assert!(of_thread.contains("\nTgid:\t2\nNgid:\t0\nPid:\t3\n"), "{of_thread}");
        assert_eq!(open(guest, "/proc/self/task/4/status", 0), ENOENT);
    });
}

#[test]
fn stat_has_its_fields_in_their_places() {
    look(|guest| {
        let stat = text(guest, "/proc/self/stat");
        assert!(stat.starts_with("2 (first) R 1 2 2 0 -1 4194304 0 0 0 0 "), "{stat}");
        let fields: Vec<&str> = stat.trim_end().split(' ').collect();
        assert_eq!(fields.len(), 52);
        assert_eq!(fields[17..20], ["20", "0", "1"]);
        assert_eq!(fields[24..28], ["18446744073709551615", "4194304", "4198400", &stack(guest)]);
        assert_eq!(fields[37], "17");
        assert_eq!(fields[44..46], ["4198400", "4202496"]);
        assert_eq!(fields[47], common::get(guest, guest.registers.rsp + 8).to_string());
        let statm = text(guest, "/proc/self/statm");
        let counts: Vec<u64> = statm.split_whitespace().map(|word| word.parse().unwrap()).collect();
        // Two pages of the file, one of zeros, and the stack.
        assert_eq!(counts, [2051, 2051, 2, 1, 0, 2050, 0]);
    });
}

/// The stack pointer that the program started with.
fn stack(guest: &Guest<'_>) -> String {
    guest.registers.rsp.to_string()
}

#[test]
fn descriptors_and_places_are_shown() {
    look(|guest| {
        let file = open(guest, "/bin/second", 0o2_000_000);
        assert_eq!(file, 3);
        assert_eq!(guest.syscall(8, &[3, 0x10, 0]), 0x10);
        let shown = text(guest, "/proc/self/fdinfo/3");
        assert!(shown.starts_with("pos:\t16\nflags:\t02100000\nmnt_id:\t1\nino:\t"), "{shown}");
        assert_eq!(readlink(guest, "/proc/self/fd/3"), "/bin/second");
        assert_eq!(readlink(guest, "/proc/self/exe"), "/bin/first");
        assert_eq!(readlink(guest, "/proc/self/cwd"), "/bin");
        assert_eq!(readlink(guest, "/proc/self/root"), "/");
        assert_eq!(readlink(guest, "/proc/self"), "2");
        assert_eq!(open(guest, "/proc/self/fdinfo/9", 0), ENOENT);
    });
}

#[test]
fn the_release_is_the_same_everywhere() {
    look(|guest| {
        assert_eq!(guest.syscall(63, &[SCRATCH]), 0);
        let field = |guest: &Guest<'_>, index: u64| common::program::string(guest, SCRATCH + 65 * index);
        assert_eq!((field(guest, 0), field(guest, 1)), ("Linux".into(), "box".into()));
        let release = field(guest, 2);
        let version = field(guest, 3);
        assert_eq!(text(guest, "/proc/sys/kernel/osrelease"), format!("{release}\n"));
        assert!(text(guest, "/proc/version").starts_with(&format!("Linux version {release} ")));
        assert_eq!(text(guest, "/proc/sys/kernel/version"), format!("{version}\n"));
    });
}
