//! Making, keying, copying and dropping operations.
#![expect(unsafe_code, reason = "calls, and functions that C names")]

use super::algorithm::{Algorithm, class};
use super::plan::HELD;
use super::table::{self, Operation};
use crate::abi::handle;
use crate::error::{Error, Result, number};
use crate::fault::{self, misuse, panic, pass};
use crate::{object, svc};

/// `TEE_OperationInfo`.
#[repr(C)]
struct Information {
    algorithm: u32,
    class: u32,
    mode: u32,
    digest_length: u32,
    max_key_bits: u32,
    key_bits: u32,
    required_usage: u32,
    state: u32,
}

/// Makes an operation, with empty key objects.
///
/// # Errors
/// `NOT_SUPPORTED`, `OUT_OF_MEMORY`.
pub(crate) fn allocate(number: u32, mode: u32, max_bits: u32) -> Result<usize> {
    let algorithm = Algorithm::new(number, mode).ok_or(Error::NOT_SUPPORTED)?;
    let mut keys = [0; 2];
    for index in 0..algorithm.keys() {
        match object::allocate(algorithm.key_type(), max_bits) {
            Ok(key) => keys[index] = key,
            Err(error) => {
                close_keys(keys);
                return Err(error);
            }
        }
    }
    let state = allocate_state(algorithm, keys).inspect_err(|_| close_keys(keys))?;
    let operation = Operation {
        algorithm,
        max_bits,
        key_bits: 0,
        state,
        keys,
        has_key: false,
        is_active: false,
        held: [0; HELD],
        held_length: 0,
    };
    let handle = table::insert(operation).inspect_err(|_| free_state(state))?;
    if algorithm.class() == class::DIGEST {
        table::with(handle, begin_digest);
    }
    Ok(handle)
}

fn allocate_state(algorithm: Algorithm, keys: [u32; 2]) -> Result<u32> {
    let mut state = 0;
    // SAFETY: the call writes a handle there.
    let result =
        unsafe { svc::state_alloc(algorithm.number, algorithm.mode, keys[0], keys[1], &raw mut state) };
    pass(result, &[Error::NOT_SUPPORTED, Error::OUT_OF_MEMORY]).map(|()| state)
}

fn close_keys(keys: [u32; 2]) {
    keys.into_iter().filter(|key| *key != 0).for_each(object::close);
}

/// The kernel closes the keys with the state.
fn free_state(state: u32) {
    // SAFETY: the call has no pointer.
    let result = unsafe { svc::state_free(state) };
    fault::succeed(result);
}

/// Makes a digest ready for data.
pub(super) fn begin_digest(operation: &mut Operation) {
    operation.rest();
    // SAFETY: a digest has no initialisation vector, and null of no bytes says so.
    let result = unsafe { svc::hash_init(operation.state, core::ptr::null(), 0) };
    fault::succeed(result);
}

/// Drops an operation.
pub(crate) fn free(handle: usize) {
    free_state(table::remove(handle).state);
}

/// Copies keys into an operation; no key empties it.
///
/// # Errors
/// Those of a damaged persistent key.
pub(crate) fn set_key(handle: usize, keys: &[usize]) -> Result<()> {
    table::with(handle, |operation| {
        if operation.is_active || operation.algorithm.keys() == 0 {
            panic(Error::BAD_STATE.0);
        }
        for key in operation.keys.into_iter().filter(|key| *key != 0) {
            object::reset(key);
        }
        operation.has_key = false;
        operation.key_bits = 0;
        if keys.is_empty() {
            return Ok(());
        }
        if keys.len() != operation.algorithm.keys() {
            misuse();
        }
        let places = operation.keys;
        for (place, key) in places.into_iter().zip(keys) {
            copy_key(operation, place, *key)?;
        }
        operation.has_key = true;
        Ok(())
    })
}

fn copy_key(operation: &mut Operation, place: u32, key: usize) -> Result<()> {
    let info = object::information(key)?;
    let required = operation.algorithm.key_usage();
    let is_usable = info.handle_flags & handle::INITIALIZED != 0
        && info.object_usage & required == required
        && info.object_size <= operation.max_bits;
    if !is_usable {
        misuse();
    }
    operation.key_bits = info.object_size;
    object::copy(place, key as u32)
}

/// Makes an operation for keys of at most `max_bits`.
#[unsafe(no_mangle)]
extern "C" fn TEE_AllocateOperation(
    operation: Option<&mut usize>,
    algorithm: u32,
    mode: u32,
    max_bits: u32,
) -> u32 {
    let Some(operation) = operation else { misuse() };
    *operation = 0;
    number(allocate(algorithm, mode, max_bits).map(|made| *operation = made))
}

/// Drops an operation; null is none.
#[unsafe(no_mangle)]
extern "C" fn TEE_FreeOperation(operation: usize) {
    if operation != 0 {
        free(operation);
    }
}

/// Back to where the key is set and no data came.
#[unsafe(no_mangle)]
extern "C" fn TEE_ResetOperation(operation: usize) {
    table::with(operation, |operation| {
        operation.expect_key();
        if operation.algorithm.class() == class::DIGEST {
            begin_digest(operation);
        } else {
            operation.rest();
        }
    });
}

/// Copies a key into an operation that takes one; null empties it.
#[unsafe(no_mangle)]
extern "C" fn TEE_SetOperationKey(operation: usize, key: usize) -> u32 {
    let keys = [key];
    number(set_key(operation, if key == 0 { &[] } else { &keys }))
}

/// Copies two keys into an operation that takes two; null twice empties it.
#[unsafe(no_mangle)]
extern "C" fn TEE_SetOperationKey2(operation: usize, key1: usize, key2: usize) -> u32 {
    match (key1, key2) {
        (0, 0) => number(set_key(operation, &[])),
        (0, _) | (_, 0) => misuse(),
        // Two equal keys weaken XTS, and section 6.2.7 has an error for it.
        _ if key1 == key2 => Error::SECURITY.0,
        _ => number(set_key(operation, &[key1, key2])),
    }
}

/// Describes an operation.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetOperationInfo(operation: usize, info: Option<&mut Information>) {
    let Some(info) = info else { misuse() };
    table::with(operation, |operation| {
        let algorithm = operation.algorithm;
        let two_keys = if algorithm.keys() == 2 { handle::EXPECT_TWO_KEYS } else { 0 };
        let has_key = operation.has_key || algorithm.keys() == 0;
        let is_ready = operation.is_active || algorithm.class() == class::DIGEST;
        *info = Information {
            algorithm: algorithm.number,
            class: algorithm.class(),
            mode: algorithm.mode,
            digest_length: algorithm.digest_length(),
            max_key_bits: operation.max_bits,
            // Where two keys are set, no one size is told.
            key_bits: if two_keys == 0 { operation.key_bits } else { 0 },
            required_usage: if two_keys == 0 { algorithm.key_usage() } else { 0 },
            state: two_keys
                | if has_key { handle::KEY_SET } else { 0 }
                | if is_ready { handle::INITIALIZED } else { 0 },
        };
    });
}

/// Makes an operation go on where another of the same algorithm and mode stands.
#[unsafe(no_mangle)]
extern "C" fn TEE_CopyOperation(target: usize, source: usize) {
    copy(target, source);
}

/// As `TEE_CopyOperation`.
pub(crate) fn copy(target: usize, source: usize) {
    let source = table::with(source, |operation| *operation);
    table::with(target, |target| {
        let is_fit = target.algorithm == source.algorithm && target.max_bits >= source.key_bits;
        if !is_fit {
            misuse();
        }
        for (place, key) in target.keys.into_iter().zip(source.keys).filter(|(place, _)| *place != 0) {
            object::reset(place);
            if source.has_key && object::copy(place, key).is_err() {
                misuse();
            }
        }
        // SAFETY: the call has no pointer.
        let result = unsafe { svc::state_copy(target.state, source.state) };
        fault::succeed(result);
        target.key_bits = source.key_bits;
        target.has_key = source.has_key;
        target.is_active = source.is_active;
        target.held = source.held;
        target.held_length = source.held_length;
    });
}
