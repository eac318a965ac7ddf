//! Room for one value on the heap.

use alloc::vec::Vec;

use crate::error::{Result, TeeError};

/// At most one value, on the heap, where it stays: the table around it may grow without leaving copies of it behind.
/// Unlike a `Box`, it is made by a call that can say that there is no memory.
pub(super) struct Held<T>(Vec<T>);

impl<T> Held<T> {
    /// Room without a value; takes no memory yet.
    pub(super) const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Holds `value`, and drops what was held before.
    ///
    /// # Errors
    /// [`TeeError::OUT_OF_MEMORY`]; what was held stays.
    pub(super) fn put(&mut self, value: T) -> Result<()> {
        if self.0.is_empty() {
            self.0.try_reserve_exact(1).map_err(|_| TeeError::OUT_OF_MEMORY)?;
        }
        self.0.clear();
        self.0.push(value);
        Ok(())
    }

    /// What is held.
    pub(super) fn get(&self) -> Option<&T> {
        self.0.first()
    }

    /// What is held, to change.
    pub(super) fn get_mut(&mut self) -> Option<&mut T> {
        self.0.first_mut()
    }

    /// Drops what is held, where it lies.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
