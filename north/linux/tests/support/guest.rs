//! A guest process on the fake host, for tests that run calls through `Shim::syscall`.
#![allow(clippy::allow_attributes, reason = "what is unused differs between the tests")]
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(unreachable_pub, reason = "a module of tests is not a library")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub mod program;

use std::sync::Arc;

use litebox_host::console::Stream;
use litebox_host::memory::{Memory, Protection, UserAccess};
use litebox_host::regs::Registers;
use litebox_host::thread::Thread as _;
use litebox_host_fake::{FakeHost, Guest};
use litebox_libos::file::{Description, Descriptor, DescriptorTable, FileStatus, StreamFile};
use litebox_libos::process::Process;
use litebox_libos::thread::Thread;
use litebox_north_linux::task::Task;

/// Memory that the guest can read and write: 256 KiB from here.
pub const DATA: u64 = 0x10_0000;
/// Its end, where the first thread's stack starts.
pub const STACK: u64 = DATA + 0x4_0000;
/// Where the first thread's code is.
pub const ENTRY: u64 = 0x1000;
/// Where the restorer of signal handlers is.
pub const RESTORER: u64 = 0x2000;

fn descriptors(host: &FakeHost) -> Arc<DescriptorTable> {
    let table = DescriptorTable::new();
    for stream in [Stream::Input, Stream::Output, Stream::Error] {
        let file = StreamFile::open(host.clone(), stream);
        let description = Description::new(file, FileStatus::READ | FileStatus::WRITE);
        table.insert(Descriptor { description, close_on_exec: false }, 0, 3).unwrap();
    }
    Arc::new(table)
}

/// A host with memory for a guest.
pub fn host() -> FakeHost {
    let host = FakeHost::new();
    let range = usize::try_from(DATA).unwrap()..usize::try_from(STACK).unwrap();
    host.map(range, Protection::READ | Protection::WRITE).unwrap();
    host.code(RESTORER, |guest| {
        guest.syscall(15, &[]);
    });
    host
}

/// Run process 1 from `code` on its first thread until it ends; its status.
pub fn run(host: &FakeHost, code: impl Fn(&mut Guest<'_>) + Send + Sync + 'static) -> Option<i32> {
    host.code(ENTRY, code);
    let thread = Thread::new(1);
    let process = Process::new(1, 0, Arc::clone(&thread));
    let task = Task::new(host.clone(), process, Arc::clone(&thread), descriptors(host));
    let registers = Registers { rip: ENTRY, rsp: STACK, rflags: 0x202, ..Registers::default() };
    let name = host.spawn(Box::new(task), &registers, 0).unwrap();
    thread.bind(name);
    host.join()
}

/// Store `value` at `address`.
pub fn put(guest: &Guest<'_>, address: u64, value: u64) {
    put_bytes(guest, address, &value.to_le_bytes());
}

/// Store `bytes` at `address`.
pub fn put_bytes(guest: &Guest<'_>, address: u64, bytes: &[u8]) {
    UserAccess::write(&guest.host, usize::try_from(address).unwrap(), bytes).unwrap();
}

/// What is at `address`.
pub fn get(guest: &Guest<'_>, address: u64) -> u64 {
    let mut bytes = [0; 8];
    UserAccess::read(&guest.host, usize::try_from(address).unwrap(), &mut bytes).unwrap();
    u64::from_le_bytes(bytes)
}

/// The 32-bit word at `address`.
pub fn get_word(guest: &Guest<'_>, address: u64) -> u32 {
    u32::try_from(get(guest, address) & 0xffff_ffff).unwrap()
}

/// Let `signal` run the code at `handler`, with `flags` besides SA_RESTORER.
pub fn catch(guest: &mut Guest<'_>, signal: u64, handler: u64, flags: u64) {
    const SA_RESTORER: u64 = 0x0400_0000;
    let at = DATA + 0x100;
    for (index, value) in [handler, flags | SA_RESTORER, RESTORER, 0].into_iter().enumerate() {
        put(guest, at + 8 * index as u64, value);
    }
    assert_eq!(guest.syscall(13, &[signal, at, 0, 8]), 0);
}

/// Start a thread that runs `code`, as the C library does; its number.
pub fn start_thread(
    guest: &mut Guest<'_>,
    at: u64,
    stack: u64,
    tid_word: u64,
    code: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
) -> i64 {
    const FLAGS: u64 = 0x3d_0f00;
    guest.host.code(at, code);
    guest.syscall_before(at, 56, &[FLAGS, stack, tid_word, tid_word, 0x7000])
}
