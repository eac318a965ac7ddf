//! Families: ends against waits, orphans, borrowed memory.

use litebox_host_fake::Guest;

use crate::check::check;
use crate::guest::{
    DATA, ECHILD, EXIT, EXIT_GROUP, FIRST, KILL, PRCTL, TGKILL, VFORK, block, catch, fork, get, join, put,
    run, sleep_for_ever, suspend, thread, wait,
};

const YIELD: u64 = 24;
const GETPID: u64 = 39;
const GETPPID: u64 = 110;
const SIGUSR1: u64 = 10;
const SIGCHLD: u64 = 17;
const SA_NOCLDWAIT: u64 = 2;
const IGNORE: u64 = 1;
const HANDLER: u64 = 0x5000;
/// Where handlers count.
const COUNT: u64 = DATA + 0x10;
/// Where waiters leave what they got.
const RESULTS: u64 = DATA + 0x20;
/// Where the borrower of memory leaves a mark.
const MARK: u64 = DATA + 0x38;

fn end(guest: &mut Guest<'_>, code: u64) {
    guest.syscall(EXIT_GROUP, &[code]);
}

fn catch_and_count(guest: &mut Guest<'_>, signal: u64, flags: u64) {
    guest.host.code(HANDLER, |guest| {
        put(guest, COUNT, get(guest, COUNT) + 1);
        guest.ret();
    });
    catch(guest, signal, HANDLER, flags);
}

#[test]
fn a_parent_that_waits_learns_of_each_end() {
    check(|| {
        let status = run(|guest| {
            let first = fork(guest, 0x3000, |guest| end(guest, 3));
            let second = fork(guest, 0x4000, |guest| end(guest, 4));
            let ends = [wait(guest, -1, 0), wait(guest, -1, 0)];
            for expected in [(first.cast_signed(), 3 << 8), (second.cast_signed(), 4 << 8)] {
                assert!(ends.contains(&expected), "{ends:?}");
            }
            assert_eq!(wait(guest, -1, 0).0, ECHILD);
            end(guest, 0);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn a_parent_that_wants_no_news_waits_until_the_last_child_is_gone() {
    for (handler, flags) in [(IGNORE, 0), (0, SA_NOCLDWAIT)] {
        check(move || {
            let status = run(move |guest| {
                catch(guest, SIGCHLD, handler, flags);
                fork(guest, 0x3000, |guest| end(guest, 3));
                fork(guest, 0x4000, |guest| end(guest, 4));
                assert_eq!(wait(guest, -1, 0).0, ECHILD);
                end(guest, 0);
            });
            assert_eq!(status, Some(0));
        });
    }
}

#[test]
fn whoever_has_the_signal_finds_the_child_ended() {
    const NO_HANG: u64 = 1;
    check(|| {
        let status = run(|guest| {
            catch_and_count(guest, SIGCHLD, 0);
            block(guest, &[SIGCHLD]);
            let child = fork(guest, 0x3000, |guest| end(guest, 3));
            suspend(guest, &[]);
            assert_eq!(get(guest, COUNT), 1);
            assert_eq!(wait(guest, -1, NO_HANG), (child.cast_signed(), 3 << 8));
            end(guest, 0);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn whoever_found_the_child_ended_has_had_the_signal() {
    check(|| {
        let status = run(|guest| {
            catch_and_count(guest, SIGCHLD, 0x1000_0000);
            let child = fork(guest, 0x3000, |guest| end(guest, 3));
            assert_eq!(wait(guest, -1, 0), (child.cast_signed(), 3 << 8));
            assert_eq!(get(guest, COUNT), 1);
            end(guest, 0);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn of_two_that_wait_for_one_child_one_gets_it() {
    check(|| {
        let status = run(|guest| {
            let child = fork(guest, 0x3000, |guest| end(guest, 3));
            thread(guest, 0, 0x4000, |guest| {
                let at = DATA + 0x98;
                let result = guest.syscall(crate::guest::WAIT, &[u64::MAX, at, 0, 0]);
                put(guest, RESULTS, result.cast_unsigned());
                guest.syscall(EXIT, &[0]);
            });
            let mine = wait(guest, -1, 0).0;
            join(guest, 0);
            let mut results = [mine, get(guest, RESULTS).cast_signed()];
            results.sort_unstable();
            assert_eq!(results, [ECHILD, child.cast_signed()]);
            end(guest, 0);
        });
        assert_eq!(status, Some(0));
    });
}

/// A child and its own child end at the same time. Whoever adopts the orphan gets it once.
fn orphan(is_reaper: bool) {
    const SET_CHILD_SUBREAPER: u64 = 36;
    let status = run(move |guest| {
        assert_eq!(guest.syscall(PRCTL, &[SET_CHILD_SUBREAPER, u64::from(is_reaper)]), 0);
        let child = fork(guest, 0x3000, |guest| {
            fork(guest, 0x4000, |guest| end(guest, 4));
            end(guest, 3);
        });
        let mut ends = Vec::new();
        loop {
            match wait(guest, -1, 0) {
                (ECHILD, _) => break,
                found => ends.push(found),
            }
        }
        assert!(ends.contains(&(child.cast_signed(), 3 << 8)), "{ends:?}");
        assert_eq!(ends.iter().filter(|(_, status)| *status == 4 << 8).count(), usize::from(is_reaper));
        assert_eq!(ends.len(), 1 + usize::from(is_reaper));
        end(guest, 0);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn an_orphan_is_adopted_while_both_end() {
    check(|| orphan(true));
    check(|| orphan(false));
}

#[test]
fn a_process_can_be_signalled_until_its_end_was_waited_for() {
    check(|| {
        let status = run(|guest| {
            let child = fork(guest, 0x3000, |guest| end(guest, 3));
            assert_eq!(guest.syscall(KILL, &[child, 0]), 0);
            assert_eq!(guest.syscall(KILL, &[child, 9]), 0);
            let (number, status) = wait(guest, child.cast_signed(), 0);
            assert_eq!(number, child.cast_signed());
            assert!([3 << 8, 9].contains(&status));
            assert_eq!(guest.syscall(KILL, &[child, 0]), crate::guest::ESRCH);
            end(guest, 0);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn a_lender_of_memory_waits_until_it_is_given_back() {
    check(|| {
        let status = run(|guest| {
            catch_and_count(guest, SIGUSR1, 0);
            thread(guest, 0, 0x4000, |guest| {
                assert_eq!(guest.syscall(TGKILL, &[FIRST, FIRST, SIGUSR1]), 0);
                guest.syscall(EXIT, &[0]);
            });
            guest.host.code(0x3000, |guest| {
                put(guest, MARK, 1);
                end(guest, 3);
            });
            let child = guest.syscall_before(0x3000, VFORK, &[]);
            assert!(child > 0);
            assert_eq!(get(guest, MARK), 1);
            join(guest, 0);
            while wait(guest, -1, 0) != (child, 3 << 8) {}
            assert_eq!(get(guest, COUNT), 1);
            end(guest, 0);
        });
        assert_eq!(status, Some(0));
    });
}

#[test]
fn a_lender_of_memory_can_be_ended() {
    check(|| {
        let status = run(|guest| {
            let lender = fork(guest, 0x6000, |guest| {
                thread(guest, 0, 0x4000, |guest| end(guest, 5));
                let lender = guest.syscall(GETPID, &[]);
                guest.host.code(0x3000, move |guest| {
                    // It keeps the memory until it is an orphan.
                    while guest.syscall(GETPPID, &[]) == lender {
                        guest.syscall(YIELD, &[]);
                    }
                    end(guest, 3);
                });
                guest.syscall_before(0x3000, VFORK, &[]);
                sleep_for_ever(guest);
            });
            assert_eq!(wait(guest, -1, 0), (lender.cast_signed(), 5 << 8));
            end(guest, 0);
        });
        assert_eq!(status, Some(0));
    });
}
