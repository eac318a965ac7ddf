//! Threads, futexes and the end of processes.

#[path = "support/guest.rs"]
mod common;

use common::{DATA, STACK, get, get_word, host, put, put_bytes, run, start_thread};

const EXIT: u64 = 60;
const EXIT_GROUP: u64 = 231;
const WRITE: u64 = 1;
const GETPID: u64 = 39;
const GETTID: u64 = 186;
const FUTEX: u64 = 202;
const PRIVATE: u64 = 128;
const TID_WORD: u64 = DATA + 0x40;

#[test]
fn getpid_write_and_exit_group_on_two_threads() {
    let host = host();
    let status = run(&host, |guest| {
        put_bytes(guest, DATA, b"hello");
        let child = start_thread(guest, 0x3000, STACK - 0x8000, TID_WORD, |guest| {
            assert_eq!(guest.registers.rax, 0);
            assert_eq!(guest.host.clone().output(), b"");
            assert_eq!(guest.syscall(GETPID, &[]), 1);
            assert_eq!(guest.syscall(GETTID, &[]), 2);
            assert_eq!(guest.syscall(WRITE, &[1, DATA, 5]), 5);
            assert_eq!(guest.syscall(WRITE, &[1, 8, 5]), -14);
            guest.syscall(EXIT, &[0]);
        });
        assert_eq!(child, 2);
        // pthread_join: the kernel clears the word and wakes its waiter.
        while get_word(guest, TID_WORD) != 0 {
            guest.syscall(FUTEX, &[TID_WORD, 0, 2, 0]);
        }
        guest.syscall(EXIT_GROUP, &[0x107]);
    });
    assert_eq!(status, Some(0x700));
    assert_eq!(host.output(), b"hello");
}

#[test]
fn exit_group_ends_blocked_and_running_threads() {
    let host = host();
    let status = run(&host, |guest| {
        start_thread(guest, 0x3000, STACK - 0x8000, TID_WORD, |guest| {
            guest.syscall(FUTEX, &[DATA, PRIVATE, 0, 0]);
            panic!("woke up");
        });
        start_thread(guest, 0x4000, STACK - 0x10000, TID_WORD + 8, |guest| {
            loop {
                guest.nothing();
            }
        });
        guest.syscall(EXIT_GROUP, &[3]);
    });
    assert_eq!(status, Some(0x300));
}

#[test]
fn the_last_thread_to_exit_ends_the_process() {
    let host = host();
    let status = run(&host, |guest| {
        start_thread(guest, 0x3000, STACK - 0x8000, TID_WORD, |guest| {
            put(guest, DATA, 1);
            guest.syscall(FUTEX, &[DATA, 1 | PRIVATE, 1]);
            guest.syscall(EXIT, &[5]);
        });
        while get_word(guest, DATA) == 0 {
            guest.syscall(FUTEX, &[DATA, PRIVATE, 0, 0]);
        }
        guest.syscall(EXIT, &[5]);
    });
    assert_eq!(status, Some(0x500));
}

#[test]
fn clone_refuses_what_linux_refuses() {
    let host = host();
    run(&host, |guest| {
        assert_eq!(guest.syscall(56, &[0x1_0000]), -22);
        assert_eq!(guest.syscall(56, &[0x800]), -22);
        assert_eq!(guest.syscall(435, &[DATA, 63]), -22);
        assert_eq!(guest.syscall(435, &[DATA, 5000]), -7);
        put(guest, DATA + 88, 1);
        assert_eq!(guest.syscall(435, &[DATA, 96]), -7);
        guest.syscall(EXIT_GROUP, &[0]);
    });
}

#[test]
fn futex_arguments_are_checked_and_timeouts_end() {
    let host = host();
    let status = run(&host, |guest| {
        put(guest, DATA, 7);
        assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 6, 0]), -11);
        assert_eq!(guest.syscall(FUTEX, &[DATA + 2, PRIVATE, 7, 0]), -22);
        assert_eq!(guest.syscall(FUTEX, &[8, PRIVATE, 7, 0]), -14);
        assert_eq!(guest.syscall(FUTEX, &[DATA, 9 | PRIVATE, 7, 0, 0, 0]), -22);
        assert_eq!(guest.syscall(FUTEX, &[DATA, 10 | PRIVATE, 7, 0, 0, 0]), -22);
        assert_eq!(guest.syscall(FUTEX, &[DATA, 6 | PRIVATE, 7, 0]), -38);
        put(guest, DATA + 16, 1);
        put(guest, DATA + 24, 1_000_000_000);
        assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 7, DATA + 16]), -22);
        put(guest, DATA + 24, 5);
        assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 7, DATA + 16]), -110);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn a_robust_lock_of_a_dead_thread_is_given_on() {
    let host = host();
    let status = run(&host, |guest| {
        let lock = DATA + 0x208;
        start_thread(guest, 0x3000, STACK - 0x8000, TID_WORD, move |guest| {
            let (head, entry) = (DATA + 0x300, DATA + 0x200);
            put(guest, head, entry);
            put(guest, head + 8, 8);
            put(guest, head + 16, 0);
            put(guest, entry, head);
            put(guest, lock, 0x8000_0002);
            assert_eq!(guest.syscall(273, &[head, 24]), 0);
            assert_eq!(guest.syscall(273, &[head, 23]), -22);
            guest.syscall(EXIT, &[0]);
        });
        while get_word(guest, lock) != 0xc000_0000 {
            guest.syscall(FUTEX, &[lock, 0, u64::from(get_word(guest, lock)), 0]);
        }
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn limits_identity_and_scheduling_answer() {
    let host = host();
    let status = run(&host, |guest| {
        assert_eq!(guest.syscall(302, &[0, 7, 0, DATA]), 0);
        assert_eq!((get(guest, DATA), get(guest, DATA + 8)), (1024, 1 << 20));
        assert_eq!(guest.syscall(302, &[0, 16, 0, DATA]), -22);
        assert_eq!(guest.syscall(105, &[1000]), 0);
        assert_eq!(guest.syscall(107, &[]), 1000);
        assert_eq!(guest.syscall(105, &[0]), -1);
        assert_eq!(guest.syscall(204, &[0, 128, DATA]), 8);
        assert_eq!(get(guest, DATA), 3);
        assert_eq!(guest.syscall(61, &[u64::MAX, 0, 0, 0]), -10);
        assert_eq!(guest.syscall(140, &[0, 0]), 20);
        put_bytes(guest, DATA, b"a name longer than sixteen\0");
        assert_eq!(guest.syscall(157, &[15, DATA]), 0);
        assert_eq!(guest.syscall(157, &[16, DATA + 64]), 0);
        assert_eq!(get(guest, DATA + 72) >> 56, 0);
        assert_eq!(guest.syscall(9999, &[]), -38);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn a_barrier_reaches_running_blocked_and_waiting_threads() {
    const MEMBARRIER: u64 = 324;
    let host = host();
    let status = run(&host, |guest| {
        assert_eq!(guest.syscall(MEMBARRIER, &[0, 0]), 25);
        assert_eq!(guest.syscall(MEMBARRIER, &[8, 0]), -1);
        assert_eq!(guest.syscall(MEMBARRIER, &[16, 0]), 0);
        assert_eq!(guest.syscall(MEMBARRIER, &[8, 1]), -22);
        start_thread(guest, 0x3000, STACK - 0x8000, TID_WORD, |guest| {
            assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 0, 0]), 0);
            panic!("woke up");
        });
        start_thread(guest, 0x4000, STACK - 0x10000, TID_WORD + 8, |guest| {
            loop {
                guest.nothing();
            }
        });
        start_thread(guest, 0x5000, STACK - 0x18000, TID_WORD + 16, |guest| {
            for _ in 0..200 {
                assert_eq!(guest.syscall(MEMBARRIER, &[8, 0]), 0);
            }
            guest.syscall(EXIT, &[0]);
        });
        for _ in 0..200 {
            assert_eq!(guest.syscall(MEMBARRIER, &[8, 0]), 0);
        }
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}
