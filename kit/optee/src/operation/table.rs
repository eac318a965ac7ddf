//! The operations of a TA, by handle.
//!
//! A handle is a place in a table, in the guise of a pointer, so that a wrong one ends the TA instead of being followed.

use alloc::vec::Vec;

use super::algorithm::Algorithm;
use super::plan::HELD;
use crate::error::{Error, Result};
use crate::fault::{misuse, panic};
use crate::local::Local;

/// One operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) algorithm: Algorithm,
    pub(super) max_bits: u32,
    /// Bits of the key that is set, 0 before.
    pub(super) key_bits: u32,
    /// The kernel's state and key objects; a key that is not needed is 0.
    pub(super) state: u32,
    pub(super) keys: [u32; 2],
    pub(super) has_key: bool,
    pub(super) is_active: bool,
    /// Bytes that wait, and how many.
    pub(super) held: [u8; HELD],
    pub(super) held_length: usize,
}

impl Operation {
    /// Ends the TA unless the operation is of this class.
    pub(super) fn expect_class(&self, class: u32) {
        if self.algorithm.class() != class {
            misuse();
        }
    }

    /// Ends the TA unless an init has begun the operation.
    pub(super) fn expect_active(&self) {
        if !self.is_active {
            panic(Error::BAD_STATE.0);
        }
    }

    /// Ends the TA unless all keys are set.
    pub(super) fn expect_key(&self) {
        if !self.has_key && self.algorithm.keys() > 0 {
            panic(Error::BAD_STATE.0);
        }
    }

    /// Back to where no init has begun it.
    pub(super) fn rest(&mut self) {
        self.is_active = false;
        self.held = [0; HELD];
        self.held_length = 0;
    }
}

static OPERATIONS: Local<Vec<Option<Operation>>> = Local::new(Vec::new());

/// Keeps an operation and answers its handle.
///
/// # Errors
/// `OUT_OF_MEMORY`.
pub(super) fn insert(operation: Operation) -> Result<usize> {
    OPERATIONS.with(|all| {
        let index = match all.iter().position(Option::is_none) {
            Some(index) => index,
            None => {
                all.try_reserve(1).map_err(|_| Error::OUT_OF_MEMORY)?;
                all.push(None);
                all.len() - 1
            }
        };
        all[index] = Some(operation);
        Ok(index + 1)
    })
}

/// Lends an operation; a wrong handle ends the TA.
pub(super) fn with<R>(handle: usize, use_it: impl FnOnce(&mut Operation) -> R) -> R {
    OPERATIONS.with(|all| match handle.checked_sub(1).and_then(|index| all.get_mut(index)) {
        Some(Some(operation)) => use_it(operation),
        _ => misuse(),
    })
}

/// Takes an operation out; a wrong handle ends the TA.
pub(super) fn remove(handle: usize) -> Operation {
    let place = OPERATIONS.with(|all| handle.checked_sub(1).and_then(|index| all.get_mut(index))?.take());
    place.unwrap_or_else(|| misuse())
}
