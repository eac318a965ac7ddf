//! Forks while other threads map, fork and end the process.

use litebox_host::memory::{PAGE_SIZE, UserAccess};
use litebox_host_fake::Guest;

use crate::check::check;
use crate::guest::{
    DATA, EXIT, EXIT_GROUP, FORK, MINCORE, MMAP, MUNMAP, STACK, fork, get, join, put, run, sleep_for_ever,
    start_thread, thread, wait,
};

const PAGE: u64 = PAGE_SIZE as u64;
/// Where pages come and go.
const PLACE: u64 = 0x4000_0000;
const PAGES: u64 = 4;
/// Where the number of a child is left for its parent's other thread.
const CHILD: u64 = DATA + 0x20;

fn map(guest: &mut Guest<'_>, first: u64, count: u64) {
    const PRIVATE_ANONYMOUS_FIXED: u64 = 0x32;
    let arguments = [PLACE + first * PAGE, count * PAGE, 3, PRIVATE_ANONYMOUS_FIXED, u64::MAX, 0];
    assert_eq!(guest.syscall(MMAP, &arguments), arguments[0].cast_signed());
}

fn unmap(guest: &mut Guest<'_>, first: u64, count: u64) {
    assert_eq!(guest.syscall(MUNMAP, &[PLACE + first * PAGE, count * PAGE]), 0);
}

/// A child's view: what the map says is there, and nothing else, is there. The end with which it says so.
fn compare(guest: &mut Guest<'_>) {
    for index in 0..PAGES {
        let address = PLACE + index * PAGE;
        let is_known = guest.syscall(MINCORE, &[address, PAGE, DATA + 0x60]) == 0;
        let address = usize::try_from(address).unwrap();
        let is_there = UserAccess::read(&guest.host, address, &mut [0]).is_ok();
        assert_eq!(is_known, is_there, "page {index}");
    }
    // It can still be changed.
    map(guest, 0, PAGES);
    unmap(guest, 1, 2);
    guest.syscall(EXIT_GROUP, &[0]);
}

#[test]
fn a_fork_copies_the_map_and_the_pages_of_one_moment() {
    check(|| {
        let status = run(|guest| {
            thread(guest, 0, 0x3000, |guest| {
                map(guest, 0, 3);
                unmap(guest, 1, 1);
                map(guest, 2, 2);
                unmap(guest, 0, 4);
                guest.syscall(EXIT, &[0]);
            });
            for at in [0x4000, 0x4100] {
                let child = fork(guest, at, compare);
                assert_eq!(wait(guest, child.cast_signed(), 0), (child.cast_signed(), 0));
            }
            join(guest, 0);
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn two_threads_fork_at_once() {
    check(|| {
        let status = run(|guest| {
            thread(guest, 0, 0x3000, |guest| {
                let child = fork(guest, 0x4000, |guest| {
                    guest.syscall(EXIT_GROUP, &[4]);
                });
                put(guest, CHILD, child);
                guest.syscall(EXIT, &[0]);
            });
            let mine = fork(guest, 0x4100, |guest| {
                guest.syscall(EXIT_GROUP, &[5]);
            });
            join(guest, 0);
            let others = get(guest, CHILD);
            assert_ne!(mine, others);
            assert_eq!(wait(guest, mine.cast_signed(), 0), (mine.cast_signed(), 5 << 8));
            assert_eq!(wait(guest, others.cast_signed(), 0), (others.cast_signed(), 4 << 8));
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

/// Whatever comes first, the child is nobody's when its maker is gone, and nobody is counted who is gone.
#[test]
fn a_process_ends_while_it_forks_and_starts_threads() {
    check(|| {
        let status = run(|guest| {
            let child = fork(guest, 0x5000, |guest| {
                thread(guest, 0, 0x3000, |guest| {
                    guest.syscall(EXIT_GROUP, &[6]);
                });
                guest.host.code(0x4000, |guest| {
                    guest.syscall(EXIT_GROUP, &[4]);
                });
                guest.syscall_before(0x4000, FORK, &[]);
                start_thread(guest, 0x4100, STACK - 0x1_8000, DATA + 0x58, |guest| sleep_for_ever(guest));
                sleep_for_ever(guest);
            });
            assert_eq!(wait(guest, -1, 0), (child.cast_signed(), 6 << 8));
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}
