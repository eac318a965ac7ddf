//! The system-call decoder and what lies behind it: any call with any arguments, one after another, on the fake host.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use litebox_host::console::Stream;
use litebox_host::memory::{Memory, Protection, UserAccess};
use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Shim};
use litebox_host::thread::Thread as _;
use litebox_host_fake::{FakeHost, Node};
use litebox_libos::file::pseudo::Machine;
use litebox_libos::file::{
    Description, Descriptor, DescriptorTable, FileStatus, MountMode, MountRequest, Namespace,
    NamespaceOptions, Place, StreamFile,
};
use litebox_libos::process::{ExitStatus, Process};
use litebox_libos::thread::Thread;
use litebox_north_linux::table::{NUMBERS, ROWS, row};
use litebox_north_linux::task::Task;

use crate::take::Take;

/// Memory that calls can use.
const DATA: usize = 0x10_0000;
const DATA_SIZE: usize = 0x2_0000;
/// Calls of one input.
const MOST_CALLS: usize = 48;
/// A thread that waits for what nobody will do is ended after this time.
const PATIENCE: Duration = Duration::from_millis(15);

/// Calls that are not tried, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("clone", "the new thread starts at an address where the fake host has no code"),
    ("clone3", "as clone"),
    ("fork", "as clone"),
    ("vfork", "as clone"),
];

/// Do the calls that `data` describes: two bytes of number, then for each of six arguments a kind and its value.
///
/// # Panics
/// When the library OS does.
pub(crate) fn fuzz_syscalls(data: &[u8]) {
    let host = host();
    let thread = Thread::new(1);
    let process = Process::new(1, 0, Arc::clone(&thread));
    let (done, is_done) = mpsc::channel::<()>();
    let runner = {
        let (host, process, data) = (host.clone(), Arc::clone(&process), data.to_vec());
        std::thread::spawn(move || {
            let attached = host.attach();
            thread.bind(host.current());
            let descriptors = descriptors(&host);
            let mut task = Task::new(host.clone(), process, thread, descriptors);
            task.place = place(&host);
            make_calls(&mut task, &mut Take(&data));
            drop(task);
            drop(attached);
            drop(done);
        })
    };
    while is_done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
        process.end(ExitStatus::Exited(0));
    }
    // A thread of the fake host ends by unwinding, too; only a panic has a message.
    if let Err(end) = runner.join()
        && (end.is::<&str>() || end.is::<String>())
    {
        std::panic::resume_unwind(end);
    }
}

fn make_calls(task: &mut Task<FakeHost>, take: &mut Take<'_>) {
    for _ in 0..MOST_CALLS {
        if take.is_empty() {
            return;
        }
        let mut registers = registers(take);
        let number = u32::try_from(registers.rax & 0xffff_ffff).unwrap_or_default();
        if row(number).is_some_and(|row| LEFT_OUT.iter().any(|(name, _)| *name == row.name)) {
            continue;
        }
        if task.syscall(&mut registers) == Action::Exit {
            return;
        }
    }
}

fn registers(take: &mut Take<'_>) -> Registers {
    let number = u64::try_from(take.below(NUMBERS + 8)).unwrap_or_default();
    let upper = if take.byte() > 250 { u64::from(take.word()) << 32 } else { 0 };
    Registers {
        rax: number | upper,
        rdi: argument(take),
        rsi: argument(take),
        rdx: argument(take),
        r10: argument(take),
        r8: argument(take),
        r9: argument(take),
        rsp: (DATA + DATA_SIZE / 2) as u64,
        rip: 0x1000,
        rflags: 0x202,
        ..Registers::default()
    }
}

/// Values that calls have opinions about.
fn argument(take: &mut Take<'_>) -> u64 {
    const PATHS: u64 = (DATA + 0x1000) as u64;
    match take.byte() % 16 {
        0 => 0,
        1 => u64::MAX - u64::from(take.byte()),
        2 | 3 => u64::from(take.byte() % 16),
        4 => u64::from(take.byte()),
        5 => 1 << (take.byte() % 64),
        6 => (1_u64 << (take.byte() % 64)).wrapping_sub(1),
        7 => take.long(),
        8 => u64::from(take.word()),
        9 => (DATA + DATA_SIZE) as u64 - u64::from(take.byte() % 32),
        10 => (-100_i64).cast_unsigned(),
        11 | 12 => PATHS + 64 * u64::from(take.byte() % PATH_LIST.len() as u8),
        13 => u64::from(take.byte()) << 12,
        _ => (DATA + take.below(DATA_SIZE)) as u64 & !7,
    }
}

/// What lies in guest memory for calls that take paths.
const PATH_LIST: [&str; 16] = [
    "/",
    ".",
    "..",
    "/file",
    "/folder",
    "/folder/inner",
    "/link",
    "/loop",
    "/tmp/new",
    "/proc/self/maps",
    "/dev/null",
    "/proc/self/fd/0",
    "new/",
    "",
    "/dev/zero",
    "/rw/kept",
];

fn host() -> FakeHost {
    let host = FakeHost::new();
    host.map(DATA..DATA + DATA_SIZE, Protection::READ | Protection::WRITE).expect("the place is free");
    for (index, path) in PATH_LIST.iter().enumerate() {
        host.write(DATA + 0x1000 + 64 * index, path.as_bytes()).expect("mapped");
    }
    host.write(DATA + 0x2000, &structures()).expect("mapped");
    host.end_input();
    let lower = host.add_mount(false);
    host.add_node(lower, "file", Node::File(b"0123456789".repeat(50), 0o644));
    host.add_node(lower, "folder", Node::Directory(0o755));
    host.add_node(lower, "folder/inner", Node::File(b"#!/file x\n".to_vec(), 0o755));
    host.add_node(lower, "link", Node::Symlink(b"folder/inner".to_vec()));
    host.add_node(lower, "loop", Node::Symlink(b"/loop".to_vec()));
    host.add_node(lower, "rw", Node::Directory(0o755));
    let kept = host.add_mount(true);
    host.add_node(kept, "kept", Node::File(b"kept".to_vec(), 0o666));
    host
}

/// What calls find where they look for structures: small numbers and addresses, which get further than noise does.
fn structures() -> Vec<u8> {
    let word = |index: usize| match index % 5 {
        0 => DATA + 0x4000 + index % 512,
        1 => index % 9,
        2 => 1_000 + index,
        3 => 1 << (index % 40),
        _ => 0,
    };
    (0..4096).flat_map(|index| word(index).to_le_bytes()).collect()
}

fn place(host: &FakeHost) -> Arc<Place> {
    let mount = |target: &str, index, mode| MountRequest {
        target: target.into(),
        mount: litebox_host::file::MountIndex(index),
        mode,
    };
    let options = NamespaceOptions {
        host: Arc::new(host.clone()),
        mounts: vec![mount("/", 0, MountMode::Overlay), mount("/rw", 1, MountMode::ReadWrite)],
        limit: 16 << 20,
        machine: Machine {
            processors: 2,
            memory: 64 << 20,
            host_name: b"fuzz".to_vec(),
            release: b"6.18.0".to_vec(),
            version: b"#1".to_vec(),
            processor_flags: b"sse2".to_vec(),
        },
    };
    let namespace = Namespace::create(options);
    namespace.map_or_else(|_| Place::nowhere(Arc::new(host.clone())), Place::new)
}

fn descriptors(host: &FakeHost) -> Arc<DescriptorTable> {
    let table = DescriptorTable::new();
    for stream in [Stream::Input, Stream::Output, Stream::Error] {
        let file = StreamFile::open(host.clone(), stream);
        let description = Description::new(file, FileStatus::READ | FileStatus::WRITE);
        let inserted = table.insert(Descriptor { description, close_on_exec: false }, 0, 3);
        inserted.expect("three places are free");
    }
    Arc::new(table)
}

/// Every row once, with arguments that mean something to most: the inputs to begin with.
pub(crate) fn every_row() -> Vec<Vec<u8>> {
    let shapes: [&[u8]; 4] = [
        &[11, 3, 2, 0, 2, 0, 0, 0, 0],
        &[2, 1, 14, 0, 0x20, 4, 64, 0, 0, 0],
        &[10, 11, 3, 2, 2, 14, 0, 0x30, 0, 0],
        &[2, 5, 2, 1, 14, 0, 0x40, 4, 8, 14, 0, 0x50, 0],
    ];
    let call = |number: u16, shape: &[u8]| [&number.to_le_bytes(), &[0][..], shape].concat();
    ROWS.iter().map(|row| shapes.iter().flat_map(|shape| call(row.number, shape)).collect()).collect()
}
