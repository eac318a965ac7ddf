//! Calls through `Shim::syscall`, on scripted threads of the fake host.

use std::sync::Arc;

use litebox_host::console::Stream;
use litebox_host::memory::{Memory, PAGE_SIZE, Protection, UserAccess};
use litebox_host::regs::Registers;
use litebox_host::thread::Thread as _;
use litebox_host_fake::FakeHost;
use litebox_libos::file::{Description, Descriptor, DescriptorTable, FileStatus, StreamFile};
use litebox_libos::process::Process;
use litebox_libos::thread::Thread;
use litebox_north_linux::task::Task;

const DATA: usize = 0x10_0000;
const WRITE: u64 = 1;
const GETPID: u64 = 39;
const GETTID: u64 = 186;
const EXIT_GROUP: u64 = 231;

fn descriptors(host: &FakeHost) -> Arc<DescriptorTable> {
    let table = DescriptorTable::new();
    for stream in [Stream::Input, Stream::Output, Stream::Error] {
        let file = StreamFile::open(host.clone(), stream);
        let description = Description::new(file, FileStatus::READ | FileStatus::WRITE);
        table.insert(Descriptor { description, close_on_exec: false }, 0, 3).unwrap();
    }
    Arc::new(table)
}

#[test]
fn two_threads_write_and_one_ends_the_process() {
    let host = FakeHost::new();
    host.map(DATA..DATA + PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
    host.write(DATA, b"hello").unwrap();
    let threads = [Thread::new(1), Thread::new(2)];
    let process = Process::new(1, 0, Arc::clone(&threads[0]));
    process.add(Arc::clone(&threads[1])).unwrap();
    let table = descriptors(&host);
    host.code(0x1000, |guest| {
        assert_eq!(guest.syscall(GETPID, &[]), 1);
        assert_eq!(guest.syscall(WRITE, &[1, DATA as u64, 5]), 5);
        assert_eq!(guest.syscall(WRITE, &[1, 8, 5]), -14);
        if guest.syscall(GETTID, &[]) == 1 {
            guest.syscall(EXIT_GROUP, &[7]);
        }
        loop {
            guest.nothing();
        }
    });
    for thread in threads {
        let task = Task::new(host.clone(), Arc::clone(&process), Arc::clone(&thread), Arc::clone(&table));
        let registers = Registers { rip: 0x1000, ..Registers::default() };
        let name = host.spawn(Box::new(task), &registers, 0).unwrap();
        thread.bind(name);
    }
    assert_eq!(host.join(), Some(0x700));
    assert_eq!(host.output().len() % 5, 0);
    assert!(host.output().starts_with(b"hello"));
}
