//! The functions that read properties.
#![expect(unsafe_code, reason = "C hands over names and buffers")]

use super::value::Value;
use super::{kernel, own};
use crate::abi::{Identity, Uuid};
use crate::error::{Error, Result, number};
use crate::fault::{misuse, panic};
use crate::text;

/// The set of the TA itself; the kernel checks the others.
const CURRENT_TA: usize = 0xFFFF_FFFF;

/// What these functions may answer.
const NAMED: [Error; 3] = [Error::ITEM_NOT_FOUND, Error::BAD_FORMAT, Error::SHORT_BUFFER];

/// Reads a property.
///
/// # Safety
/// `name` is a text or null.
unsafe fn find(set: usize, name: *const u8) -> Result<Value> {
    if name.is_null() {
        misuse();
    }
    // SAFETY: the caller passes a text.
    let own_name = unsafe { text::text(name) };
    // SAFETY: the text ends with a NUL, which is one byte more.
    let with_nul = unsafe { text::bytes(name, own_name.len() + 1) };
    if set == CURRENT_TA {
        let found = own::find(own_name);
        if found != Err(Error::ITEM_NOT_FOUND) {
            return found;
        }
    }
    kernel::find(set, with_nul)
}

/// The number to answer; an error that is not named ends the TA.
fn answer(result: Result<()>) -> u32 {
    match result {
        Err(error) if !NAMED.contains(&error) => panic(error.0),
        _ => number(result),
    }
}

/// Reads a property of one kind to where C wants it.
///
/// # Safety
/// `name` is a text or null.
unsafe fn read<T>(
    set: usize,
    name: *const u8,
    place: Option<&mut T>,
    pick: impl Fn(Value) -> Option<T>,
) -> u32 {
    let Some(place) = place else { misuse() };
    // SAFETY: the caller passes a text or null.
    let value = unsafe { find(set, name) };
    answer(value.and_then(|value| pick(value).ok_or(Error::BAD_FORMAT)).map(|value| *place = value))
}

/// Copies bytes to a buffer of C's and writes their length.
///
/// # Safety
/// The buffer can be written for the length given.
unsafe fn copy(bytes: &[u8], buffer: *mut u8, length: &mut usize) -> Result<()> {
    let room = core::mem::replace(length, bytes.len());
    if room < bytes.len() {
        return Err(Error::SHORT_BUFFER);
    }
    // SAFETY: the caller vouches for the buffer, which has room; the bytes are copies on our stack.
    unsafe { buffer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    Ok(())
}

/// A property of any kind as a text; the length counts the NUL.
///
/// # Safety
/// `name` is a text, and the buffer can be written for the length given.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetPropertyAsString(
    set: usize,
    name: *const u8,
    buffer: *mut u8,
    length: Option<&mut usize>,
) -> u32 {
    let Some(length) = length else { misuse() };
    // SAFETY: the caller passes a text.
    let value = unsafe { find(set, name) };
    answer(value.and_then(|value| {
        let text = value.to_text();
        let with_nul = [text.as_slice(), &[0]].concat();
        // SAFETY: the caller vouches for the buffer.
        unsafe { copy(&with_nul, buffer, length) }
    }))
}

/// A block of bytes.
///
/// # Safety
/// `name` is a text, and the buffer can be written for the length given.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetPropertyAsBinaryBlock(
    set: usize,
    name: *const u8,
    buffer: *mut u8,
    length: Option<&mut usize>,
) -> u32 {
    let Some(length) = length else { misuse() };
    // SAFETY: the caller passes a text.
    let value = unsafe { find(set, name) };
    answer(value.and_then(|value| match value {
        // SAFETY: the caller vouches for the buffer.
        Value::Binary(bytes) => unsafe { copy(bytes.as_slice(), buffer, length) },
        _ => Err(Error::BAD_FORMAT),
    }))
}

/// A truth value.
///
/// # Safety
/// `name` is a text.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetPropertyAsBool(set: usize, name: *const u8, value: Option<&mut bool>) -> u32 {
    let pick = |value| if let Value::Bool(found) = value { Some(found) } else { None };
    // SAFETY: the caller passes a text.
    unsafe { read(set, name, value, pick) }
}

/// A number of 32 bits.
///
/// # Safety
/// `name` is a text.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetPropertyAsU32(set: usize, name: *const u8, value: Option<&mut u32>) -> u32 {
    let pick = |value| if let Value::U32(found) = value { Some(found) } else { None };
    // SAFETY: the caller passes a text.
    unsafe { read(set, name, value, pick) }
}

/// A number of 64 bits.
///
/// # Safety
/// `name` is a text.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetPropertyAsU64(set: usize, name: *const u8, value: Option<&mut u64>) -> u32 {
    let pick = |value| if let Value::U64(found) = value { Some(found) } else { None };
    // SAFETY: the caller passes a text.
    unsafe { read(set, name, value, pick) }
}

/// A UUID.
///
/// # Safety
/// `name` is a text.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetPropertyAsUUID(set: usize, name: *const u8, value: Option<&mut Uuid>) -> u32 {
    let pick = |value| if let Value::Uuid(found) = value { Some(found) } else { None };
    // SAFETY: the caller passes a text.
    unsafe { read(set, name, value, pick) }
}

/// An identity.
///
/// # Safety
/// `name` is a text.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetPropertyAsIdentity(
    set: usize,
    name: *const u8,
    value: Option<&mut Identity>,
) -> u32 {
    let pick = |value| if let Value::Identity(found) = value { Some(found) } else { None };
    // SAFETY: the caller passes a text.
    unsafe { read(set, name, value, pick) }
}
