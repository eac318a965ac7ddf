//! Threads as std has them.

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
pub(crate) use std::thread::{JoinHandle, spawn, yield_now};
pub(crate) use std::thread_local;

use litebox_host::ambient::TimedOut;
use litebox_host::sync::{AtomicU32, Ordering};

use super::{Timer, lock};
use crate::time::POLL;

/// Sleepers are told apart by their word's address, hashed; a collision is a spurious wake-up.
static BUCKETS: [(Mutex<()>, Condvar); BUCKET_COUNT] =
    [const { (Mutex::new(()), Condvar::new()) }; BUCKET_COUNT];
const BUCKET_COUNT: usize = 64;

fn bucket(word: &AtomicU32) -> &'static (Mutex<()>, Condvar) {
    let address = std::ptr::from_ref(word).addr();
    &BUCKETS[(address / size_of::<AtomicU32>()) % BUCKET_COUNT]
}

/// Sleep while `*word == expected`, until woken or until `timer` is over.
pub(crate) fn wait(word: &AtomicU32, expected: u32, timer: Option<Timer<'_>>) -> Result<(), TimedOut> {
    let (mutex, condition) = bucket(word);
    let mut guard = lock(mutex);
    while word.load(Ordering::SeqCst) == expected {
        let Some((sleep, threads)) = timer else {
            drop(condition.wait(guard).unwrap_or_else(PoisonError::into_inner));
            return Ok(());
        };
        if sleep.is_over() {
            return Err(TimedOut);
        }
        let (again, timeout) = condition.wait_timeout(guard, POLL).unwrap_or_else(PoisonError::into_inner);
        if !timeout.timed_out() {
            return Ok(());
        }
        guard = again;
        sleep.tick(threads);
    }
    Ok(())
}

/// Wake the sleepers of `word`.
pub(crate) fn wake(word: &AtomicU32, _: u32) {
    let (mutex, condition) = bucket(word);
    let _guard = lock(mutex);
    condition.notify_all();
}
