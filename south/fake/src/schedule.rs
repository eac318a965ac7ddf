//! Threads, and what they block on: std's own, or in model tests a model checker's, which decides at every step of
//! the library OS who runs next.

#[cfg_attr(loom, path = "schedule/model.rs")]
mod threads;

pub(crate) use threads::{
    Condvar, JoinHandle, Mutex, MutexGuard, PoisonError, spawn, thread_local, wait, wake, yield_now,
};

use crate::thread::Threads;
use crate::time::Sleep;

/// What ends a sleep by itself: its deadline, and the threads that keep the clock from jumping there.
pub(crate) type Timer<'a> = (&'a Sleep<'a>, &'a Threads);

/// Lock `mutex`, also after a test's thread panicked with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
