//! The properties that the kernel tells.
#![expect(unsafe_code, reason = "calls that write values")]

use super::value::{LONGEST, Value};
use crate::error::{Error, Result, check};
use crate::svc;

/// A property of a set of the kernel's by its name, which ends with a NUL.
///
/// # Errors
/// `ITEM_NOT_FOUND`; `BAD_FORMAT` for a value that is no value of its kind; others are the kernel's.
pub(super) fn find(set: usize, name_with_nul: &[u8]) -> Result<Value> {
    let mut index = 0;
    // SAFETY: the call reads the name, and writes a number of ours.
    check(unsafe { svc::find_property(set, name_with_nul.as_ptr(), name_with_nul.len(), &raw mut index) })?;
    let mut value = [0; LONGEST];
    let (mut length, mut kind) = (LONGEST as u32, 0);
    let (no_name, no_length) = (core::ptr::null_mut(), core::ptr::null_mut());
    // SAFETY: the call writes to an array and two numbers of ours; no name is asked for.
    let result = unsafe {
        svc::get_property(set, index, no_name, no_length, value.as_mut_ptr(), &raw mut length, &raw mut kind)
    };
    check(result)?;
    Value::decode(kind, value.get(..length as usize).ok_or(Error::BAD_FORMAT)?)
}
