//! Threads of the model checker. Each access to an atomic of the library OS, and each wait and wake here, is a step
//! between which any other thread may run.
//!
//! The fake host's own std locks are no steps: none is held over one.

pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard};
pub(crate) use shuttle::thread::{JoinHandle, spawn, yield_now};
pub(crate) use shuttle::thread_local;
pub(crate) use std::sync::PoisonError;

use std::cell::RefCell;

use litebox_host::ambient::TimedOut;
use litebox_host::sync::{AtomicU32, Ordering};
use shuttle::rand::{Rng, thread_rng};
use shuttle::thread::{Thread, current, park};

use super::Timer;

/// One in so many sleeps ends for no reason, and one in so many looks at the clock finds it run out.
const RARELY: u32 = 8;

/// A sleeping thread.
struct Sleeper {
    /// The address of the word that it sleeps on.
    word: usize,
    thread: Thread,
}

std::thread_local! {
    /// All sleepers, in the order in which they fell asleep. A run of a model, with all its threads, is on one thread of
    /// std's; a value of the checker's own kind would make a step of each look.
    static SLEEPERS: RefCell<Vec<Sleeper>> = const { RefCell::new(Vec::new()) };
}

fn with_sleepers<R>(act: impl FnOnce(&mut Vec<Sleeper>) -> R) -> R {
    SLEEPERS.with_borrow_mut(act)
}

fn address(word: &AtomicU32) -> usize {
    std::ptr::from_ref(word).addr()
}

/// Whether the calling thread still sleeps.
fn sleeps() -> bool {
    let me = current().id();
    with_sleepers(|sleepers| sleepers.iter().any(|sleeper| sleeper.thread.id() == me))
}

/// Sleep while `*word == expected`, until woken, for no reason at all, or until `timer` runs out. That may be at any
/// time: how long a step takes is nowhere said.
pub(crate) fn wait(word: &AtomicU32, expected: u32, timer: Option<Timer<'_>>) -> Result<(), TimedOut> {
    if thread_rng().gen_ratio(1, RARELY) {
        return Ok(());
    }
    // The load is the step; from there to the sleep nobody else runs.
    if word.load(Ordering::SeqCst) != expected {
        return Ok(());
    }
    with_sleepers(|sleepers| sleepers.push(Sleeper { word: address(word), thread: current() }));
    while sleeps() {
        let Some((sleep, _)) = timer else {
            park();
            continue;
        };
        if thread_rng().gen_ratio(1, RARELY) {
            sleep.run_out();
            with_sleepers(|sleepers| sleepers.retain(|sleeper| sleeper.thread.id() != current().id()));
            return Err(TimedOut);
        }
        yield_now();
    }
    Ok(())
}

/// Wake `count` sleepers of `word`, whichever.
pub(crate) fn wake(word: &AtomicU32, count: u32) {
    // A step of its own: what the waker changed is seen before the wake-up.
    word.load(Ordering::SeqCst);
    for _ in 0..count {
        let woken = with_sleepers(|sleepers| {
            let of_word = |sleeper: &Sleeper| sleeper.word == address(word);
            let candidates: Vec<usize> =
                (0..sleepers.len()).filter(|index| sleepers.get(*index).is_some_and(of_word)).collect();
            let chosen = match candidates.len() {
                0 => return None,
                count => candidates.get(thread_rng().gen_range(0..count))?,
            };
            Some(sleepers.remove(*chosen).thread)
        });
        let Some(thread) = woken else { return };
        thread.unpark();
    }
}
