//! Signals against system calls: whenever one is sent, it is neither lost nor slept through.

use litebox_host_fake::Guest;

use crate::check::check;
use crate::guest::{
    DATA, EINTR, ESRCH, EXIT, EXIT_GROUP, FIRST, KILL, PIPE, READ, TGKILL, WRITE, block, catch, fork, get,
    join, put, run, sleep_for_ever, suspend, take_signal, thread, wait,
};

const SIGKILL: u64 = 9;
const SIGUSR1: u64 = 10;
const SIGUSR2: u64 = 12;
const SIGCONT: u64 = 18;
const SIGSTOP: u64 = 19;
const SIGRTMIN: u64 = 34;
const SA_RESTART: u64 = 0x1000_0000;
const HANDLER: u64 = 0x5000;
const OTHER_HANDLER: u64 = 0x5100;
/// Where handlers count.
const COUNT: u64 = DATA + 0x10;
/// Where a byte is.
const BYTE: u64 = DATA + 0x18;
/// Where the descriptors of a pipe are.
const ENDS: u64 = DATA + 0x20;

fn count(guest: &mut Guest<'_>) {
    put(guest, COUNT, get(guest, COUNT) + 1);
}

/// Let `signal` count.
fn catch_and_count(guest: &mut Guest<'_>, signal: u64) {
    guest.host.code(HANDLER, |guest| {
        count(guest);
        guest.ret();
    });
    catch(guest, signal, HANDLER, 0);
}

fn send(guest: &mut Guest<'_>, process: u64, signal: u64) {
    assert_eq!(guest.syscall(KILL, &[process, signal]), 0);
}

#[test]
fn a_signal_sent_at_the_start_of_a_wait_ends_it() {
    check(|| {
        let status = run(|guest| {
            catch_and_count(guest, SIGUSR1);
            block(guest, &[SIGUSR1]);
            thread(guest, 0, 0x3000, |guest| {
                assert_eq!(guest.syscall(TGKILL, &[FIRST, FIRST, SIGUSR1]), 0);
                guest.syscall(EXIT, &[0]);
            });
            suspend(guest, &[]);
            assert_eq!(get(guest, COUNT), 1);
            join(guest, 0);
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

/// A handler that writes to the pipe that its thread reads: the read finds the byte, whenever the handler runs.
fn self_pipe(flags: u64) {
    let status = run(move |guest| {
        guest.host.code(HANDLER, |guest| {
            assert_eq!(guest.syscall(WRITE, &[get(guest, ENDS) >> 32, BYTE, 1]), 1);
            guest.ret();
        });
        catch(guest, SIGUSR1, HANDLER, flags);
        assert_eq!(guest.syscall(PIPE, &[ENDS]), 0);
        thread(guest, 0, 0x3000, |guest| {
            assert_eq!(guest.syscall(TGKILL, &[FIRST, FIRST, SIGUSR1]), 0);
            guest.syscall(EXIT, &[0]);
        });
        let reader = get(guest, ENDS) & 0xffff_ffff;
        let mut result = guest.syscall(READ, &[reader, BYTE, 1]);
        if result == EINTR && flags & SA_RESTART == 0 {
            result = guest.syscall(READ, &[reader, BYTE, 1]);
        }
        assert_eq!(result, 1);
        join(guest, 0);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn a_read_sees_what_a_handler_wrote() {
    check(|| self_pipe(0));
    check(|| self_pipe(SA_RESTART));
}

#[test]
fn a_signal_for_the_process_finds_a_thread_while_masks_change() {
    check(|| {
        let status = run(|guest| {
            catch_and_count(guest, SIGUSR1);
            guest.host.code(OTHER_HANDLER, |guest| guest.ret());
            catch(guest, SIGUSR2, OTHER_HANDLER, 0);
            block(guest, &[SIGUSR1, SIGUSR2]);
            // The sleeper is the younger thread: the other one is chosen first as long as it does not block the signal.
            let sleeper = thread(guest, 0, 0x3000, |guest| {
                while get(guest, COUNT) == 0 {
                    suspend(guest, &[]);
                }
                guest.syscall(EXIT, &[0]);
            });
            thread(guest, 1, 0x4000, |guest| {
                send(guest, FIRST, SIGUSR1);
                guest.syscall(EXIT, &[0]);
            });
            for _ in 0..2 {
                block(guest, &[SIGUSR2]);
                block(guest, &[SIGUSR1, SIGUSR2]);
            }
            if get(guest, COUNT) > 0 {
                // Taken here, it wakes nobody there; who is gone by now has seen the count.
                let result = guest.syscall(TGKILL, &[FIRST, sleeper, SIGUSR2]);
                assert!([0, ESRCH].contains(&result));
            }
            join(guest, 0);
            join(guest, 1);
            assert_eq!(get(guest, COUNT), 1);
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn each_queued_signal_is_taken_once() {
    check(|| {
        let status = run(|guest| {
            block(guest, &[SIGRTMIN, SIGUSR1]);
            for (index, at) in [(0, 0x3000), (1, 0x4000)] {
                thread(guest, index, at, |guest| {
                    send(guest, FIRST, SIGRTMIN);
                    guest.syscall(EXIT, &[0]);
                });
            }
            thread(guest, 2, 0x6000, |guest| {
                assert_eq!(take_signal(guest, &[SIGRTMIN]), 34);
                guest.syscall(EXIT, &[0]);
            });
            assert_eq!(take_signal(guest, &[SIGRTMIN]), 34);
            (0..3).for_each(|index| join(guest, index));
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn a_process_that_is_stopped_and_told_to_go_on_hears_what_follows() {
    check(|| {
        let status = run(|guest| {
            guest.host.code(HANDLER, |guest| {
                guest.syscall(EXIT_GROUP, &[7]);
            });
            catch(guest, SIGUSR1, HANDLER, 0);
            block(guest, &[SIGUSR1]);
            let child = fork(guest, 0x3000, |guest| suspend(guest, &[]));
            for signal in [SIGSTOP, SIGCONT, SIGUSR1] {
                send(guest, child, signal);
            }
            assert_eq!(wait(guest, -1, 0), (child.cast_signed(), 7 << 8));
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn a_parent_sees_its_child_stop_go_on_and_die() {
    const UNTRACED: u64 = 2;
    const CONTINUED: u64 = 8;
    check(|| {
        let status = run(|guest| {
            let child = fork(guest, 0x3000, |guest| {
                thread(guest, 0, 0x4000, |guest| sleep_for_ever(guest));
                sleep_for_ever(guest);
            });
            let changes = [(SIGSTOP, 0x137f), (SIGCONT, 0xffff), (SIGSTOP, 0x137f), (SIGKILL, 9)];
            for (signal, status) in changes {
                send(guest, child, signal);
                assert_eq!(wait(guest, -1, UNTRACED | CONTINUED), (child.cast_signed(), status));
            }
            guest.syscall(EXIT_GROUP, &[0]);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn the_end_of_a_process_reaches_threads_that_begin_to_wait() {
    check(|| {
        let status = run(|guest| {
            thread(guest, 0, 0x3000, |guest| {
                thread(guest, 1, 0x4000, |guest| sleep_for_ever(guest));
                sleep_for_ever(guest);
            });
            guest.syscall(EXIT_GROUP, &[3]);
        });
        assert_eq!(status, Some(3 << 8));
    });
}
