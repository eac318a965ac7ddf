//! Memory whose size a guest chooses: there may be none.

use alloc::vec::Vec;

use crate::error::{Error, ErrorKind, Result};

const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a buffer");

/// Room for `length` values, and no more.
///
/// # Errors
/// [`ErrorKind::NoMemory`].
pub fn reserved<T>(length: usize) -> Result<Vec<T>> {
    let mut values = Vec::new();
    values.try_reserve_exact(length).map_err(|_| NO_MEMORY)?;
    Ok(values)
}

/// `length` zeros.
///
/// # Errors
/// As [`reserved`].
pub fn zeroed<T: Clone + Default>(length: usize) -> Result<Vec<T>> {
    let mut values = reserved(length)?;
    values.resize(length, T::default());
    Ok(values)
}

/// A copy of `values`.
///
/// # Errors
/// As [`reserved`].
pub fn copied<T: Clone>(values: &[T]) -> Result<Vec<T>> {
    let mut copy = reserved(values.len())?;
    copy.extend_from_slice(values);
    Ok(copy)
}
