//! A value that is set once and then read without a lock.
#![expect(unsafe_code, reason = "the cell hands out references once it is full")]

use core::cell::UnsafeCell;

use super::{AtomicU32, Ordering};

const EMPTY: u32 = 0;
const FILLING: u32 = 1;
const FULL: u32 = 2;

/// A cell that is filled at most once.
#[derive(Default)]
pub struct Once<T> {
    state: AtomicU32,
    value: UnsafeCell<Option<T>>,
}

// SAFETY: the value is written by the one thread that moved the state to FILLING and only read once it is FULL.
unsafe impl<T: Send + Sync> Sync for Once<T> {}

impl<T> Once<T> {
    /// An empty cell.
    pub const fn new() -> Self {
        Self { state: AtomicU32::new(EMPTY), value: UnsafeCell::new(None) }
    }

    /// Fill the cell. Gives `value` back if it is or is being filled already.
    ///
    /// # Errors
    /// The value that was not stored.
    pub fn set(&self, value: T) -> Result<(), T> {
        if self.state.compare_exchange(EMPTY, FILLING, Ordering::Acquire, Ordering::Relaxed).is_err() {
            return Err(value);
        }
        // SAFETY: only the thread that made the state FILLING gets here, and readers wait for FULL.
        unsafe { *self.value.get() = Some(value) };
        self.state.store(FULL, Ordering::Release);
        Ok(())
    }

    /// The value, if it has been set.
    pub fn get(&self) -> Option<&T> {
        if self.state.load(Ordering::Acquire) != FULL {
            return None;
        }
        // SAFETY: FULL was read with acquire order, so the value is written and is never written again.
        unsafe { (*self.value.get()).as_ref() }
    }
}
