//! A thread's own word: parked, in a request of its host, or running.

use std::sync::Arc;

use litebox_host::console::{Console, Readiness, Stream, StreamWait};
use litebox_host::sync::{AtomicBool, AtomicU32, Ordering};
use litebox_host::thread::Thread as _;
use litebox_host::time::Deadline;
use litebox_host_fake::FakeHost;
use litebox_libos::event::Parker;
use litebox_libos::thread::Thread;
use shuttle::thread::spawn;

use crate::check::check;

/// A time that a sleep may run out at.
const SOME_TIME: Option<Deadline> = Some(Deadline(2_000_000_000_000));

#[test]
fn a_wake_up_before_or_in_a_park_ends_it() {
    check(|| {
        let (parker, turns) = (Parker::new(), Arc::new(AtomicU32::new(0)));
        let wakers: Vec<_> = (0..2)
            .map(|_| {
                let (parker, turns) = (Arc::clone(&parker), Arc::clone(&turns));
                spawn(move || {
                    turns.fetch_add(1, Ordering::SeqCst);
                    parker.unpark();
                })
            })
            .collect();
        while turns.load(Ordering::SeqCst) < 2 {
            let _ = parker.park(None);
        }
        for waker in wakers {
            waker.join().unwrap();
        }
    });
}

#[test]
fn a_park_that_times_out_leaves_the_next_one_whole() {
    check(|| {
        let host = FakeHost::new();
        let (parker, done) = (Parker::new(), Arc::new(AtomicBool::new(false)));
        let waker = {
            let (parker, done) = (Arc::clone(&parker), Arc::clone(&done));
            spawn(move || {
                done.store(true, Ordering::SeqCst);
                parker.unpark();
            })
        };
        let _attached = host.attach();
        let _ = parker.park(SOME_TIME);
        while !done.load(Ordering::SeqCst) {
            let _ = parker.park(None);
        }
        waker.join().unwrap();
    });
}

/// Wait in a host request for input that never comes.
fn wait_in_host(host: &FakeHost) {
    let mut waits =
        [StreamWait { stream: Stream::Input, interest: Readiness::READ, ready: Readiness::empty() }];
    assert!(host.wait(&mut waits, None).is_err());
}

#[test]
fn a_wake_up_reaches_a_thread_in_a_host_request() {
    check(|| {
        let host = FakeHost::new();
        let (parker, done) = (Parker::new(), Arc::new(AtomicBool::new(false)));
        let sleeper = {
            let (host, parker, done) = (host.clone(), Arc::clone(&parker), Arc::clone(&done));
            spawn(move || {
                let _attached = host.attach();
                parker.bind(host.current());
                let mut parks = false;
                while !done.load(Ordering::SeqCst) {
                    if parks {
                        let _ = parker.park(None);
                    } else {
                        let _ = parker.in_host(|| wait_in_host(&host));
                    }
                    parks = !parks;
                }
            })
        };
        while parker.host_thread() == litebox_host::thread::HostThread::default() {
            shuttle::thread::yield_now();
        }
        parker.unpark();
        done.store(true, Ordering::SeqCst);
        parker.interrupt();
        sleeper.join().unwrap();
    });
}

#[test]
fn a_demand_is_seen_wherever_the_thread_is() {
    check(|| {
        let host = FakeHost::new();
        let thread = Thread::new(1);
        let sleeper = {
            let (host, thread) = (host.clone(), Arc::clone(&thread));
            spawn(move || {
                let _attached = host.attach();
                thread.bind(host.current());
                while !thread.needs_attention() {
                    let _ = thread.parker().in_host(|| wait_in_host(&host));
                }
                thread.clear_attention();
                while !thread.needs_attention() {
                    let _ = thread.parker().park(None);
                }
            })
        };
        thread.demand_attention();
        while thread.needs_attention() {
            shuttle::thread::yield_now();
        }
        thread.demand_attention();
        sleeper.join().unwrap();
    });
}

/// Guest code is like a host request that its parker knows nothing of: only a kick ends it.
#[test]
fn a_demand_reaches_guest_code_whatever_came_before() {
    check(|| {
        let host = FakeHost::new();
        let thread = Thread::new(1);
        let runner = {
            let (host, thread) = (host.clone(), Arc::clone(&thread));
            spawn(move || {
                let _attached = host.attach();
                thread.bind(host.current());
                while !thread.needs_attention() {
                    wait_in_host(&host);
                }
            })
        };
        let waker = {
            let thread = Arc::clone(&thread);
            spawn(move || thread.parker().unpark())
        };
        thread.demand_attention();
        waker.join().unwrap();
        runner.join().unwrap();
    });
}
