//! The calls of noun memory, with the answers that Linux 6.18 gave to the same calls.

use std::sync::Arc;

use litebox_host::regs::Registers;
use litebox_host::thread::Thread as _;
use litebox_host_fake::FakeHost;
use litebox_libos::file::DescriptorTable;
use litebox_libos::process::Process;
use litebox_libos::thread::Thread;
use litebox_north_linux::task::Task;

const MMAP: u64 = 9;
const MPROTECT: u64 = 10;
const MUNMAP: u64 = 11;
const BRK: u64 = 12;
const MREMAP: u64 = 25;
const MSYNC: u64 = 26;
const MINCORE: u64 = 27;
const MADVISE: u64 = 28;
const MLOCK: u64 = 149;
const MLOCKALL: u64 = 151;
const MLOCK2: u64 = 325;
const PKEY_MPROTECT: u64 = 329;
const PKEY_ALLOC: u64 = 330;
const EXIT_GROUP: u64 = 231;

const NONE: u64 = u64::MAX;
const P: u64 = 0x1000_0000;
const Q: u64 = 0x1200_0000;
const EBADF: i64 = -9;
const ENOMEM: i64 = -12;
const EFAULT: i64 = -14;
const EEXIST: i64 = -17;
const EINVAL: i64 = -22;

/// Calls and their answers, in order.
const CALLS: &[(u64, &[u64], i64)] = &[
    (MMAP, &[P, 0x1_0000, 3, 0x32, NONE, 0], P as i64),
    (MMAP, &[Q, 0x5000, 3, 0x32, NONE, 0], Q as i64),
    (MMAP, &[0, 0, 3, 0x22, NONE, 0], EINVAL),
    (MMAP, &[0, NONE, 3, 0x22, NONE, 0], ENOMEM),
    (MMAP, &[0, 1 << 47, 3, 0x22, NONE, 0], ENOMEM),
    (MMAP, &[0, 4096, 3, 0x20, NONE, 0], EINVAL),
    (MMAP, &[0, 4096, 3, 0x23, NONE, 0], EINVAL),
    (MMAP, &[0, 4096, 3, 0x2, NONE, 0], EBADF),
    (MMAP, &[0, 4096, 3, 0x2, NONE, 1], EINVAL),
    (MMAP, &[0, 4096, 3, 0x22, NONE, 1], EINVAL),
    (MMAP, &[1, 4096, 3, 0x32, NONE, 0], EINVAL),
    (MMAP, &[0x7fff_ffff_f000, 4096, 3, 0x32, NONE, 0], ENOMEM),
    (MMAP, &[P, 4096, 3, 0x10_0022, NONE, 0], EEXIST),
    (MMAP, &[P + 1, 4096, 3, 0x10_0022, NONE, 0], EINVAL),
    (MMAP, &[0, 4096, 3, 0x4_0022, NONE, 0], ENOMEM),
    (MMAP, &[0, 4096, 3, 0x121, NONE, 0], EINVAL),
    (MUNMAP, &[1, 4096], EINVAL),
    (MUNMAP, &[0, 0], EINVAL),
    (MUNMAP, &[0, 4096], 0),
    (MUNMAP, &[0, NONE], EINVAL),
    (MUNMAP, &[0x7fff_ffff_f000, 4096], EINVAL),
    (MPROTECT, &[1, 0, 0x10], EINVAL),
    (MPROTECT, &[P, 0, 0x10], 0),
    (MPROTECT, &[P, 4096, 0x10], EINVAL),
    (MPROTECT, &[P, 4096, 0x300_0003], EINVAL),
    (MPROTECT, &[P, 4096, 0x100_0003], EINVAL),
    (MPROTECT, &[P, NONE, 1], ENOMEM),
    (MPROTECT, &[0x1000, 4096, 1], ENOMEM),
    (MUNMAP, &[Q + 0x2000, 0x1000], 0),
    (MPROTECT, &[Q, 0x5000, 1], ENOMEM),
    (MADVISE, &[Q, 0x5000, 4], ENOMEM),
    (MADVISE, &[Q, 0, 99], EINVAL),
    (MADVISE, &[Q, 0, 4], 0),
    (MADVISE, &[Q, 4096, 22], 0),
    (MADVISE, &[Q, 4096, 23], EINVAL),
    (MADVISE, &[Q, NONE, 4], EINVAL),
    (MINCORE, &[Q, 0x2000, P], 0),
    (MINCORE, &[Q, 0x5000, P], ENOMEM),
    (MINCORE, &[Q, 0x2000, 0], EFAULT),
    (MINCORE, &[Q, 1 << 47, 0], ENOMEM),
    (MSYNC, &[Q, 0x5000, 4], ENOMEM),
    (MSYNC, &[Q, 0x2000, 0], 0),
    (MSYNC, &[Q, 0x2000, 5], EINVAL),
    (MSYNC, &[Q, NONE, 4], 0),
    (MREMAP, &[Q, 0x2000, 0, 0, 0], EINVAL),
    (MREMAP, &[Q, 0, 0x1000, 1, 0], EINVAL),
    (MREMAP, &[Q, 0x2000, 0x4000, 8, 0], EINVAL),
    (MREMAP, &[Q, 0x2000, 0x4000, 2, Q], EINVAL),
    (MREMAP, &[Q, 0x2000, 0x4000, 3, Q + 1], EINVAL),
    (MREMAP, &[Q, 0x2000, 0x4000, 5, 0], EINVAL),
    (MREMAP, &[Q, 0x5000, 0x6000, 1, 0], EFAULT),
    (MREMAP, &[Q, 0x2000, 1 << 47, 1, 0], EINVAL),
    (MREMAP, &[Q, 0x5000, 0x2000, 0, 0], Q as i64),
    (MREMAP, &[Q, 0x2000, 0x4000, 0, 0], Q as i64),
    (MLOCK, &[P + 1, 4096], 0),
    (MLOCK, &[P, NONE], 0),
    (MLOCK, &[P, NONE - 8191], EINVAL),
    (MLOCK2, &[P, 4096, 2], EINVAL),
    (MLOCKALL, &[4], EINVAL),
    (PKEY_MPROTECT, &[P, 4096, 3, NONE], 0),
    (PKEY_MPROTECT, &[P, 4096, 3, 0], EINVAL),
    (PKEY_ALLOC, &[0, 0], EINVAL),
];

#[test]
fn calls_answer_as_linux_does() {
    let host = FakeHost::new();
    let thread = Thread::new(1);
    let process = Process::new(1, 0, Arc::clone(&thread));
    host.code(0x1000, |guest| {
        for (number, arguments, answer) in CALLS {
            assert_eq!(guest.syscall(*number, arguments), *answer, "call {number} of {arguments:x?}");
        }
        let start = guest.syscall(BRK, &[0]);
        assert_eq!(guest.syscall(BRK, &[start.cast_unsigned() + 5000]), start + 5000);
        assert_eq!(guest.syscall(BRK, &[NONE]), start + 5000);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    let task = Task::new(host.clone(), process, Arc::clone(&thread), Arc::new(DescriptorTable::new()));
    let registers = Registers { rip: 0x1000, ..Registers::default() };
    thread.bind(host.spawn(Box::new(task), &registers, 0).expect("the fake host has threads"));
    assert_eq!(host.join(), Some(0));
}
