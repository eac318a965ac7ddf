//! A mutex of one word: free, held, or held with sleepers.
#![expect(unsafe_code, reason = "the lock hands out references into its cell")]

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};

use super::atomic::SPINS;
use super::{AtomicU32, Ordering};
use crate::ambient;

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may sleep: the holder wakes one sleeper when it lets go.
const CONTENDED: u32 = 2;

/// Mutual exclusion for a `T`, without poisoning: a panic ends the sandbox.
#[derive(Default)]
pub struct Mutex<T> {
    word: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: the lock gives at most one thread at a time access to the value, so sharing the lock needs no more
// than that the value may move between threads.
unsafe impl<T: Send> Sync for Mutex<T> {}
// SAFETY: a Mutex owns its value; it moves between threads if the value may.
unsafe impl<T: Send> Send for Mutex<T> {}

impl<T> Mutex<T> {
    /// A free lock around `value`.
    pub const fn new(value: T) -> Self {
        Self { word: AtomicU32::new(FREE), value: UnsafeCell::new(value) }
    }

    /// Take the lock, sleeping while another thread holds it.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        if self.word.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_err() {
            self.lock_slow();
        }
        MutexGuard { mutex: self }
    }

    /// Take the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.word.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).ok()?;
        Some(MutexGuard { mutex: self })
    }

    /// The value, without locking: the exclusive borrow proves nobody else has it.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }

    #[cold]
    fn lock_slow(&self) {
        for _ in 0..SPINS {
            if self.word.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok() {
                return;
            }
            core::hint::spin_loop();
        }
        while self.word.swap(CONTENDED, Ordering::Acquire) != FREE {
            // Without a deadline the only outcome is a wake-up, true or spurious.
            let _ = ambient::wait(&self.word, CONTENDED, None);
        }
    }
}

/// The right to use a [`Mutex`]'s value; dropping it lets go.
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: this guard exists, so its thread holds the lock and nobody else can reach the value.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and the guard is borrowed exclusively.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.mutex.word.swap(FREE, Ordering::Release) == CONTENDED {
            ambient::wake(&self.mutex.word, 1);
        }
    }
}
