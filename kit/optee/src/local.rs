//! State that outlives an entry.
#![expect(unsafe_code, reason = "statics are shared, and a TA has one thread")]

use core::cell::RefCell;

use crate::fault;

/// A static that one borrower at a time may change. A second one inside the first ends the TA.
pub(crate) struct Local<T>(RefCell<T>);

// SAFETY: a TA has one thread, and the kernel enters it only after the last entry has left; no two borrow at once.
unsafe impl<T> Sync for Local<T> {}

impl<T> Local<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(RefCell::new(value))
    }

    /// Lends the value.
    pub(crate) fn with<R>(&self, use_it: impl FnOnce(&mut T) -> R) -> R {
        match self.0.try_borrow_mut() {
            Ok(mut value) => use_it(&mut value),
            Err(_) => fault::misuse(),
        }
    }
}
