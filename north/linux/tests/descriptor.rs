//! Calls on descriptors, pipes, sockets and events, on a scripted thread of the fake host.
#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::sync::Arc;

use litebox_host::console::Stream;
use litebox_host::memory::{Memory, PAGE_SIZE, Protection, UserAccess};
use litebox_host::regs::Registers;
use litebox_host::terminal::WindowSize;
use litebox_host::thread::Thread as _;
use litebox_host_fake::{FakeHost, Guest};
use litebox_libos::file::{Description, Descriptor, DescriptorTable, FileStatus, StreamFile};
use litebox_libos::process::Process;
use litebox_libos::thread::Thread;
use litebox_north_linux::task::Task;

/// Where the script keeps what it passes to calls.
const DATA: usize = 0x10_0000;
const AT: u64 = DATA as u64;
/// A second place.
const THERE: u64 = AT + 2048;
const NOWHERE: u64 = 8;

const CLOSE: u64 = 3;
const POLL: u64 = 7;
const IOCTL: u64 = 16;
const SELECT: u64 = 23;
const DUP: u64 = 32;
const DUP2: u64 = 33;
const SOCKET: u64 = 41;
const SENDTO: u64 = 44;
const RECVFROM: u64 = 45;
const GETSOCKNAME: u64 = 51;
const SOCKETPAIR: u64 = 53;
const SETSOCKOPT: u64 = 54;
const GETSOCKOPT: u64 = 55;
const FCNTL: u64 = 72;
const EXIT_GROUP: u64 = 231;
const EPOLL_WAIT: u64 = 232;
const EPOLL_CTL: u64 = 233;
const TIMERFD_CREATE: u64 = 283;
const TIMERFD_SETTIME: u64 = 286;
const EVENTFD2: u64 = 290;
const EPOLL_CREATE1: u64 = 291;
const DUP3: u64 = 292;
const PIPE2: u64 = 293;
const CLOSE_RANGE: u64 = 436;

const EBADF: i64 = -9;
const EAGAIN: i64 = -11;
const EFAULT: i64 = -14;
const EINVAL: i64 = -22;
const ENOTTY: i64 = -25;
const ENOTSOCK: i64 = -88;
const EAFNOSUPPORT: i64 = -97;

/// Run `script` as the only thread of a process with the three streams.
fn run(prepare: impl Fn(&FakeHost), script: impl Fn(&mut Guest<'_>) + Send + Sync + 'static) {
    let host = FakeHost::new();
    prepare(&host);
    host.map(DATA..DATA + PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
    let table = DescriptorTable::new();
    for stream in [Stream::Input, Stream::Output, Stream::Error] {
        let file = StreamFile::open(host.clone(), stream);
        let description = Description::new(file, FileStatus::READ | FileStatus::WRITE);
        table.insert(Descriptor { description, close_on_exec: false }, 0, 3).unwrap();
    }
    host.code(0x1000, move |guest| {
        script(guest);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    let thread = Thread::new(1);
    let process = Process::new(1, 0, Arc::clone(&thread));
    let task = Task::new(host.clone(), process, Arc::clone(&thread), Arc::new(table));
    let registers = Registers { rip: 0x1000, ..Registers::default() };
    let name = host.spawn(Box::new(task), &registers, 0).unwrap();
    thread.bind(name);
    assert_eq!(host.join(), Some(0));
}

fn put(guest: &Guest<'_>, at: u64, bytes: &[u8]) {
    guest.host.write(usize::try_from(at).unwrap(), bytes).unwrap();
}

fn get<const N: usize>(guest: &Guest<'_>, at: u64) -> [u8; N] {
    let mut bytes = [0; N];
    UserAccess::read(&guest.host, usize::try_from(at).unwrap(), &mut bytes).unwrap();
    bytes
}

fn number(guest: &Guest<'_>, at: u64) -> i32 {
    i32::from_le_bytes(get(guest, at))
}

#[test]
fn the_lowest_number_is_given_and_limits_hold() {
    run(
        |_| {},
        |guest| {
            assert_eq!(guest.syscall(DUP, &[0]), 3);
            assert_eq!(guest.syscall(DUP2, &[0, 130]), 130);
            assert_eq!(guest.syscall(DUP, &[0]), 4);
            assert_eq!(guest.syscall(CLOSE, &[3]), 0);
            assert_eq!(guest.syscall(CLOSE, &[3]), EBADF);
            assert_eq!(guest.syscall(FCNTL, &[0, 1030, 100]), 100);
            assert_eq!(guest.syscall(FCNTL, &[100, 1]), 1);
            assert_eq!(guest.syscall(DUP, &[0]), 3);
            assert_eq!(guest.syscall(DUP3, &[0, 0, 0]), EINVAL);
            assert_eq!(guest.syscall(DUP3, &[0, 9, 1]), EINVAL);
            assert_eq!(guest.syscall(DUP2, &[77, 77]), EBADF);
            assert_eq!(guest.syscall(DUP2, &[0, 1 << 30]), EBADF);
            assert_eq!(guest.syscall(FCNTL, &[0, 0, 1 << 20]), EINVAL);
            assert_eq!(guest.syscall(FCNTL, &[0, 4711, 0]), EINVAL);
            assert_eq!(guest.syscall(CLOSE_RANGE, &[5, 4, 0]), EINVAL);
            assert_eq!(guest.syscall(CLOSE_RANGE, &[3, u64::from(u32::MAX), 0]), 0);
            assert_eq!(guest.syscall(FCNTL, &[130, 1]), EBADF);
            assert_eq!(guest.syscall(DUP, &[0]), 3);
        },
    );
}

#[test]
fn a_pipe_has_ends_flags_and_a_size() {
    run(
        |_| {},
        |guest| {
            assert_eq!(guest.syscall(PIPE2, &[NOWHERE, 0]), EFAULT);
            assert_eq!(guest.syscall(PIPE2, &[AT, 1]), EINVAL);
            assert_eq!(guest.syscall(PIPE2, &[AT, 0o4000]), 0);
            let (reader, writer) = (number(guest, AT) as u64, number(guest, AT + 4) as u64);
            assert_eq!((reader, writer), (3, 4));
            assert_eq!(guest.syscall(FCNTL, &[reader, 3]), 0o4000);
            assert_eq!(guest.syscall(FCNTL, &[writer, 3]), 0o4001);
            assert_eq!(guest.syscall(FCNTL, &[writer, 1032]), 65536);
            assert_eq!(guest.syscall(FCNTL, &[writer, 1031, 4097]), 8192);
            assert_eq!(guest.syscall(IOCTL, &[reader, 0x541b, AT]), 0);
            assert_eq!(number(guest, AT), 0);
            assert_eq!(guest.syscall(IOCTL, &[reader, 0x5401, AT]), ENOTTY);
            assert_eq!(guest.syscall(GETSOCKNAME, &[reader, AT, AT]), ENOTSOCK);
            // Without a writer the reader is hung up; a closed number is not valid; a negative one is skipped.
            assert_eq!(guest.syscall(CLOSE, &[writer]), 0);
            put(guest, AT, &[3, 0, 0, 0, 1, 0, 0, 0]);
            put(guest, AT + 8, &[4, 0, 0, 0, 1, 0, 0, 0]);
            put(guest, AT + 16, &[0xff, 0xff, 0xff, 0xff, 1, 0, 9, 9]);
            assert_eq!(guest.syscall(POLL, &[AT, 3, u64::MAX]), 2);
            let answers = [AT + 6, AT + 14, AT + 22].map(|at| u16::from_le_bytes(get(guest, at)));
            assert_eq!(answers, [0x10, 0x20, 0]);
        },
    );
}

#[test]
fn select_leaves_what_is_ready_and_the_time_that_is_left() {
    run(
        |_| {},
        |guest| {
            put(guest, AT, &0b011_u64.to_le_bytes());
            put(guest, AT + 8, &0b010_u64.to_le_bytes());
            put(guest, AT + 16, &5_u64.to_le_bytes());
            put(guest, AT + 24, &0_u64.to_le_bytes());
            assert_eq!(guest.syscall(SELECT, &[2, AT, AT + 8, 0, AT + 16]), 1);
            assert_eq!(get::<16>(guest, AT)[..9], [0, 0, 0, 0, 0, 0, 0, 0, 2]);
            assert!(u64::from_le_bytes(get(guest, AT + 16)) >= 4);
            put(guest, AT, &0b1000_u64.to_le_bytes());
            assert_eq!(guest.syscall(SELECT, &[4, AT, 0, 0, AT + 16]), EBADF);
            // Nothing is ready: the time passes.
            put(guest, AT, &1_u64.to_le_bytes());
            assert_eq!(guest.syscall(SELECT, &[1, AT, 0, 0, AT + 16]), 0);
            assert_eq!(get::<8>(guest, AT), [0; 8]);
            assert_eq!(get::<16>(guest, AT + 16), [0; 16]);
        },
    );
}

#[test]
fn epoll_reports_a_counter_and_a_timer() {
    run(
        |_| {},
        |guest| {
            let epoll = guest.syscall(EPOLL_CREATE1, &[0]) as u64;
            let counter = guest.syscall(EVENTFD2, &[1, 0o4000]) as u64;
            put(guest, AT, &1_u32.to_le_bytes());
            put(guest, AT + 4, &0x1122_3344_5566_7788_u64.to_le_bytes());
            assert_eq!(guest.syscall(EPOLL_CTL, &[epoll, 1, counter, AT]), 0);
            assert_eq!(guest.syscall(EPOLL_CTL, &[epoll, 1, counter, AT]), -17);
            assert_eq!(guest.syscall(EPOLL_CTL, &[epoll, 3, 0, AT]), -2);
            assert_eq!(guest.syscall(EPOLL_CTL, &[epoll, 1, epoll, AT]), EINVAL);
            assert_eq!(guest.syscall(EPOLL_WAIT, &[epoll, THERE, 0, 0]), EINVAL);
            assert_eq!(guest.syscall(EPOLL_WAIT, &[epoll, THERE, 8, 0]), 1);
            assert_eq!(get::<12>(guest, THERE), get::<12>(guest, AT));
            assert_eq!(guest.syscall(EPOLL_CTL, &[epoll, 2, counter, 0]), 0);
            let timer = guest.syscall(TIMERFD_CREATE, &[1, 0]) as u64;
            assert_eq!(guest.syscall(EPOLL_CTL, &[epoll, 1, timer, AT]), 0);
            put(guest, AT + 64, &[0; 32]);
            put(guest, AT + 64 + 16, &3_u64.to_le_bytes());
            assert_eq!(guest.syscall(TIMERFD_SETTIME, &[timer, 0, AT + 64, 0]), 0);
            assert_eq!(guest.syscall(EPOLL_WAIT, &[epoll, THERE, 8, 1000]), 0);
            assert_eq!(guest.syscall(EPOLL_WAIT, &[epoll, THERE, 8, u64::MAX]), 1);
        },
    );
}

#[test]
fn a_socket_pair_carries_messages_and_options() {
    run(
        |_| {},
        |guest| {
            assert_eq!(guest.syscall(SOCKET, &[2, 1, 0]), EAFNOSUPPORT);
            assert_eq!(guest.syscall(SOCKETPAIR, &[1, 5, 0, AT]), 0);
            put(guest, AT + 64, b"message");
            assert_eq!(guest.syscall(SENDTO, &[3, AT + 64, 7]), 7);
            // Looked at, then cut: its length is told.
            assert_eq!(guest.syscall(RECVFROM, &[4, THERE, 3, 0x22]), 7);
            assert_eq!(guest.syscall(RECVFROM, &[4, THERE, 3]), 3);
            assert_eq!(&get::<3>(guest, THERE), b"mes");
            assert_eq!(guest.syscall(RECVFROM, &[4, THERE, 3, 0x40]), EAGAIN);
            put(guest, AT, &5000_u32.to_le_bytes());
            assert_eq!(guest.syscall(SETSOCKOPT, &[3, 1, 7, AT, 4]), 0);
            put(guest, AT + 8, &4_u32.to_le_bytes());
            assert_eq!(guest.syscall(GETSOCKOPT, &[3, 1, 7, AT, AT + 8]), 0);
            assert_eq!(number(guest, AT), 10_000);
            // A time limit ends a receive.
            put(guest, AT, &[0; 16]);
            put(guest, AT, &1_u64.to_le_bytes());
            assert_eq!(guest.syscall(SETSOCKOPT, &[4, 1, 20, AT, 16]), 0);
            assert_eq!(guest.syscall(RECVFROM, &[4, THERE, 3, 0]), EAGAIN);
            assert_eq!(guest.syscall(CLOSE, &[3]), 0);
            assert_eq!(guest.syscall(RECVFROM, &[4, THERE, 3, 0]), 0);
            // MSG_NOSIGNAL: the process lives on.
            assert_eq!(guest.syscall(SENDTO, &[4, AT, 1, 0x4000]), -32);
        },
    );
}

#[test]
fn a_terminal_answers_its_requests_and_nothing_else_does() {
    run(
        |host| host.add_terminal(Stream::Input, WindowSize { rows: 24, columns: 80, width: 0, height: 0 }),
        |guest| {
            assert_eq!(guest.syscall(IOCTL, &[0, 0x5413, AT]), 0);
            assert_eq!(get::<4>(guest, AT), [24, 0, 80, 0]);
            assert_eq!(guest.syscall(IOCTL, &[0, 0x5401, AT]), 0);
            assert_eq!(guest.syscall(IOCTL, &[0, 0x5402, AT]), 0);
            assert_eq!(guest.syscall(IOCTL, &[0, 0x540f, AT]), 0);
            assert_eq!(number(guest, AT), 1);
            assert_eq!(guest.syscall(IOCTL, &[0, 0x5412, AT]), -1);
            assert_eq!(guest.syscall(IOCTL, &[1, 0x5401, AT]), ENOTTY);
            assert_eq!(guest.syscall(IOCTL, &[0, 0x1234_5678, AT]), ENOTTY);
        },
    );
}
