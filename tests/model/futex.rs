//! Futexes: no wake-up is lost, and each is counted once.

use std::sync::Arc;

use litebox_host::sync::{AtomicU32, Ordering};
use litebox_host::time::Deadline;
use litebox_host_fake::FakeHost;
use litebox_libos::ErrorKind;
use litebox_libos::futex::{Futexes, Key, Watch};
use litebox_libos::thread::Thread;
use shuttle::thread::{JoinHandle, spawn};

use crate::check::check;

const FIRST: Key = Key::Private { space: 1, address: 64 };
const SECOND: Key = Key::Private { space: 1, address: 128 };
const EVERY: u32 = u32::MAX;
/// A time that a sleep may run out at.
const SOME_TIME: Option<Deadline> = Some(Deadline(2_000_000_000_000));

fn watch(key: Key) -> Watch {
    Watch { key, mask: EVERY }
}

/// A word and whoever sleeps on it, as a guest's threads share them.
struct Guest {
    host: FakeHost,
    futexes: Arc<Futexes>,
    word: AtomicU32,
}

impl Guest {
    fn new() -> Arc<Self> {
        Arc::new(Self { host: FakeHost::new(), futexes: Futexes::new(), word: AtomicU32::new(0) })
    }

    fn start<R: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self) -> R + Send + 'static,
    ) -> JoinHandle<R> {
        let guest = Arc::clone(self);
        spawn(move || {
            let _attached = guest.host.attach();
            act(&guest)
        })
    }

    fn is(&self, value: u32) -> bool {
        self.word.load(Ordering::SeqCst) == value
    }
}

#[test]
fn a_token_goes_round() {
    const THREADS: u32 = 3;
    check(|| {
        let guest = Guest::new();
        let threads: Vec<_> = (0..THREADS)
            .map(|me| {
                guest.start(move |guest| {
                    let thread = Thread::new(me + 1);
                    while !guest.is(me) {
                        let seen = guest.word.load(Ordering::SeqCst);
                        if seen != me {
                            let _ = guest.futexes.wait(&thread, watch(FIRST), None, || Ok(guest.is(seen)));
                        }
                    }
                    guest.word.fetch_add(1, Ordering::SeqCst);
                    guest.futexes.wake(FIRST, EVERY, usize::MAX);
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

/// The guest's own lock, as C libraries build one from a futex.
#[test]
fn a_lock_of_the_guest_is_never_slept_through() {
    check(|| {
        let guest = Guest::new();
        let threads: Vec<_> = (0..3)
            .map(|me| {
                guest.start(move |guest| {
                    let thread = Thread::new(me + 1);
                    while guest.word.swap(2, Ordering::SeqCst) != 0 {
                        let _ = guest.futexes.wait(&thread, watch(FIRST), None, || Ok(guest.is(2)));
                    }
                    if guest.word.swap(0, Ordering::SeqCst) == 2 {
                        guest.futexes.wake(FIRST, EVERY, 1);
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

/// Wait for [`FIRST`], perhaps only for a while; whether a wake-up ended the wait.
fn wait(guest: &Guest, thread: &Thread, deadline: Option<Deadline>) -> bool {
    match guest.futexes.wait(thread, watch(FIRST), deadline, || Ok(guest.is(0))) {
        Ok(()) => true,
        Err(error) => {
            let kinds = [ErrorKind::WouldBlock, ErrorKind::TimedOut, ErrorKind::Interrupted];
            assert!(kinds.contains(&error.kind), "{error:?}");
            false
        }
    }
}

/// A waiter that gives up, one that is interrupted and one that stays.
fn three_waiters(guest: &Arc<Guest>) -> (Arc<Thread>, Vec<JoinHandle<bool>>) {
    let interrupted = Thread::new(2);
    let victim = Arc::clone(&interrupted);
    let waiters = vec![
        guest.start(|guest| wait(guest, &Thread::new(1), SOME_TIME)),
        guest.start(move |guest| wait(guest, &victim, None)),
        guest.start(|guest| wait(guest, &Thread::new(3), None)),
    ];
    (interrupted, waiters)
}

fn count(waiters: Vec<JoinHandle<bool>>) -> usize {
    waiters.into_iter().map(|waiter| usize::from(waiter.join().unwrap())).sum()
}

#[test]
fn a_wake_up_is_counted_if_and_only_if_it_ended_a_wait() {
    check(|| {
        let guest = Guest::new();
        let (interrupted, waiters) = three_waiters(&guest);
        let waker = guest.start(|guest| guest.futexes.wake(FIRST, EVERY, 1));
        interrupted.demand_attention();
        guest.word.store(1, Ordering::SeqCst);
        let mut woken = guest.futexes.wake(FIRST, EVERY, usize::MAX);
        woken += waker.join().unwrap();
        assert_eq!(count(waiters), woken);
    });
}

#[test]
fn a_waiter_that_is_moved_is_woken_once_wherever_it_is() {
    check(|| {
        let guest = Guest::new();
        let (interrupted, waiters) = three_waiters(&guest);
        let mover = guest.start(|guest| {
            let outcome = guest.futexes.requeue(FIRST, SECOND, 1, 2, || Ok(guest.is(0)));
            outcome.map_or(0, |(woken, _)| woken)
        });
        let waker = guest.start(|guest| guest.futexes.wake(SECOND, EVERY, 1));
        interrupted.demand_attention();
        guest.word.store(1, Ordering::SeqCst);
        let mut woken = guest.futexes.wake(FIRST, EVERY, usize::MAX);
        woken += mover.join().unwrap() + waker.join().unwrap();
        // Nobody moves any more, and whoever was moved is there.
        woken += guest.futexes.wake(SECOND, EVERY, usize::MAX);
        assert_eq!(count(waiters), woken);
    });
}

/// A condition variable of the guest, whose broadcast moves its waiters to the lock.
#[test]
fn a_broadcast_by_requeue_reaches_everybody() {
    const WAITERS: u32 = 2;
    check(|| {
        let guest = Guest::new();
        let waiters: Vec<_> = (0..WAITERS)
            .map(|me| guest.start(move |guest| wait(guest, &Thread::new(me + 1), None)))
            .collect();
        guest.word.store(1, Ordering::SeqCst);
        let moved = guest.futexes.requeue(FIRST, SECOND, 1, usize::MAX, || Ok(true));
        let (woken, moved) = moved.unwrap();
        let mut later = 0;
        for _ in 0..moved {
            later += guest.futexes.wake(SECOND, EVERY, 1);
        }
        assert_eq!(later, moved);
        assert_eq!(count(waiters), woken + moved);
    });
}

#[test]
fn a_wait_for_several_ends_by_any_of_them() {
    check(|| {
        let guest = Guest::new();
        let waiter = guest.start(|guest| {
            let both = [watch(FIRST), watch(SECOND)];
            let outcome = guest.futexes.wait_any(&Thread::new(1), &both, None, |_| Ok(guest.is(0)));
            assert!(outcome.is_ok() || outcome.unwrap_err().kind == ErrorKind::WouldBlock);
        });
        let mover = guest.start(|guest| {
            let _ = guest.futexes.requeue(SECOND, FIRST, 0, 1, || Ok(true));
        });
        guest.word.store(1, Ordering::SeqCst);
        guest.futexes.wake_two(SECOND, FIRST, 1, 1, || Ok(true)).unwrap();
        mover.join().unwrap();
        waiter.join().unwrap();
    });
}
