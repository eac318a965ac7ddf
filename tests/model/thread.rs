//! Threads of one process that others wait for: `execve(2)`, memory barriers.

use litebox_host_fake::Guest;

use crate::check::check;
use crate::guest::{
    EXIT, EXIT_GROUP, FIRST, KILL, execute_second, fork, join, run, run_with, sleep_for_ever, thread, wait,
};

const BARRIER: u64 = 324;
const REGISTER: u64 = 16;
const PRIVATE: u64 = 8;

fn end_with_nine(guest: &mut Guest<'_>) {
    guest.syscall(EXIT_GROUP, &[9]);
}

#[test]
fn a_new_program_waits_until_the_other_threads_have_left() {
    check(|| {
        let first = |guest: &mut Guest<'_>| {
            thread(guest, 0, 0x3000, |guest| {
                execute_second(guest);
            });
            thread(guest, 1, 0x4000, |guest| {
                guest.syscall(EXIT, &[0]);
            });
            sleep_for_ever(guest);
        };
        assert_eq!(run_with(first, end_with_nine), Some(9 << 8));
    });
}

#[test]
fn of_two_threads_that_start_a_program_one_does() {
    check(|| {
        let first = |guest: &mut Guest<'_>| {
            thread(guest, 0, 0x3000, execute_second);
            execute_second(guest);
        };
        assert_eq!(run_with(first, end_with_nine), Some(9 << 8));
    });
}

#[test]
fn a_program_starts_while_another_thread_forks_and_ends_the_process() {
    check(|| {
        let first = |guest: &mut Guest<'_>| {
            let child = fork(guest, 0x6000, |guest| {
                thread(guest, 0, 0x3000, |guest| {
                    fork(guest, 0x5000, |guest| {
                        guest.syscall(EXIT_GROUP, &[4]);
                    });
                    guest.syscall(EXIT_GROUP, &[9]);
                });
                execute_second(guest);
            });
            assert_eq!(wait(guest, -1, 0), (child.cast_signed(), 9 << 8));
            guest.syscall(EXIT_GROUP, &[0]);
        };
        assert_eq!(run_with(first, end_with_nine), Some(0));
    });
}

fn barrier(guest: &mut Guest<'_>) {
    assert_eq!(guest.syscall(BARRIER, &[PRIVATE, 0, 0]), 0);
}

#[test]
fn barriers_of_two_threads_do_not_wait_for_each_other() {
    check(|| {
        let status = run(|guest| {
            assert_eq!(guest.syscall(BARRIER, &[REGISTER, 0, 0]), 0);
            thread(guest, 0, 0x3000, |guest| {
                barrier(guest);
                guest.syscall(EXIT, &[0]);
            });
            thread(guest, 1, 0x4000, |guest| sleep_for_ever(guest));
            barrier(guest);
            join(guest, 0);
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn a_barrier_passes_while_the_process_stops_and_goes_on() {
    const SIGCONT: u64 = 18;
    const SIGSTOP: u64 = 19;
    check(|| {
        let status = run(|guest| {
            let child = fork(guest, 0x6000, |guest| {
                assert_eq!(guest.syscall(BARRIER, &[REGISTER, 0, 0]), 0);
                thread(guest, 0, 0x3000, |guest| sleep_for_ever(guest));
                barrier(guest);
                guest.syscall(EXIT_GROUP, &[5]);
            });
            for signal in [SIGSTOP, SIGCONT] {
                assert_eq!(guest.syscall(KILL, &[child, signal]), 0);
            }
            assert_eq!(wait(guest, -1, 0), (child.cast_signed(), 5 << 8));
            guest.syscall(EXIT_GROUP, &[FIRST - 2]);
        });
        assert_eq!(status, Some(0));
    });
}
