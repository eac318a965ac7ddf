//! Digests and message authentication codes: sections 6.3 and 6.5. The kernel takes any number of bytes, so nothing waits.
#![expect(unsafe_code, reason = "calls that read and write what C hands over")]

use super::algorithm::class;
use super::manage::begin_digest;
use super::table;
use crate::error::{Error, Result, number};
use crate::fault::{self, misuse, pass};
use crate::svc;

/// Bytes of the longest message authentication code.
const LONGEST: usize = 64;

/// Takes more data into a digest.
///
/// # Safety
/// The data can be read.
pub(crate) unsafe fn digest_update(handle: usize, data: *const u8, length: usize) {
    table::with(handle, |operation| {
        operation.expect_class(class::DIGEST);
        operation.is_active = true;
        // SAFETY: the caller vouches for the data.
        let result = unsafe { svc::hash_update(operation.state, data, length) };
        fault::succeed(result);
    });
}

/// Takes the last data and writes the digest; the operation is ready for the next.
///
/// # Safety
/// The data can be read, and the output written for the length given.
///
/// # Errors
/// `SHORT_BUFFER`: the length is what is needed.
pub(crate) unsafe fn digest_final(
    handle: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: &mut usize,
) -> Result<()> {
    table::with(handle, |operation| {
        operation.expect_class(class::DIGEST);
        // SAFETY: the caller vouches for data and output.
        unsafe { finish(operation.state, data, length, output, output_length)? };
        begin_digest(operation);
        Ok(())
    })
}

/// The call that both kinds end with.
///
/// # Safety
/// The data can be read, and the output written for the length given.
unsafe fn finish(
    state: u32,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: &mut usize,
) -> Result<()> {
    let mut room = *output_length as u64;
    // SAFETY: the caller vouches for data and output; the length is ours.
    let result = unsafe { svc::hash_final(state, data, length, output, &raw mut room) };
    *output_length = room as usize;
    pass(result, &[Error::SHORT_BUFFER])
}

/// As [`finish`], of a message authentication code that is begun, which ends it.
///
/// # Safety
/// As for [`finish`].
pub(crate) unsafe fn mac_final(
    handle: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: &mut usize,
) -> Result<()> {
    table::with(handle, |operation| {
        operation.expect_class(class::MAC);
        operation.expect_active();
        // SAFETY: the caller vouches for data and output.
        unsafe { finish(operation.state, data, length, output, output_length)? };
        operation.rest();
        Ok(())
    })
}

/// Takes more data into a digest.
///
/// # Safety
/// The data can be read.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_DigestUpdate(operation: usize, data: *const u8, length: usize) {
    // SAFETY: the caller vouches for the data.
    unsafe { digest_update(operation, data, length) };
}

/// Takes the last data and writes the digest.
///
/// # Safety
/// The data can be read, and the output written for the length given.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_DigestDoFinal(
    operation: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: Option<&mut usize>,
) -> u32 {
    let Some(output_length) = output_length else { misuse() };
    // SAFETY: the caller vouches for data and output.
    number(unsafe { digest_final(operation, data, length, output, output_length) })
}

/// Begins a message authentication code.
///
/// # Safety
/// The vector can be read.
pub(crate) unsafe fn mac_init(handle: usize, iv: *const u8, length: usize) {
    table::with(handle, |operation| {
        operation.expect_class(class::MAC);
        operation.expect_key();
        operation.rest();
        // SAFETY: the caller vouches for the vector.
        let result = unsafe { svc::hash_init(operation.state, iv, length) };
        fault::succeed(result);
        operation.is_active = true;
    });
}

/// Takes more data into a message authentication code.
///
/// # Safety
/// The data can be read.
pub(crate) unsafe fn mac_update(handle: usize, data: *const u8, length: usize) {
    table::with(handle, |operation| {
        operation.expect_class(class::MAC);
        operation.expect_active();
        // SAFETY: the caller vouches for the data.
        let result = unsafe { svc::hash_update(operation.state, data, length) };
        fault::succeed(result);
    });
}

/// Takes the last data and compares the code with one that is given, in constant time.
///
/// # Safety
/// The data can be read.
///
/// # Errors
/// `MAC_INVALID`.
pub(crate) unsafe fn mac_compare(handle: usize, data: *const u8, length: usize, code: &[u8]) -> Result<()> {
    let mut computed = [0; LONGEST];
    let mut computed_length = LONGEST;
    // SAFETY: the caller vouches for the data; the output is an array of ours.
    unsafe { mac_final(handle, data, length, computed.as_mut_ptr(), &mut computed_length)? };
    let computed = computed.get(..computed_length).unwrap_or_default();
    if is_equal(code, computed) { Ok(()) } else { Err(Error::MAC_INVALID) }
}

/// Begins a message authentication code.
///
/// # Safety
/// The vector can be read.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_MACInit(operation: usize, iv: *const u8, length: usize) {
    // SAFETY: the caller vouches for the vector.
    unsafe { mac_init(operation, iv, length) };
}

/// Takes more data.
///
/// # Safety
/// The data can be read.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_MACUpdate(operation: usize, data: *const u8, length: usize) {
    // SAFETY: the caller vouches for the data.
    unsafe { mac_update(operation, data, length) };
}

/// Takes the last data and writes the code.
///
/// # Safety
/// The data can be read, and the output written for the length given.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_MACComputeFinal(
    operation: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: Option<&mut usize>,
) -> u32 {
    let Some(output_length) = output_length else { misuse() };
    // SAFETY: the caller vouches for data and output.
    number(unsafe { mac_final(operation, data, length, output, output_length) })
}

/// Takes the last data and compares the code with one that is given, in constant time.
///
/// # Safety
/// The data and the code can be read.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_MACCompareFinal(
    operation: usize,
    data: *const u8,
    length: usize,
    code: *const u8,
    code_length: usize,
) -> u32 {
    // SAFETY: the caller vouches for the code.
    let code = unsafe { crate::text::bytes(code, code_length) };
    // SAFETY: the caller vouches for the data.
    number(unsafe { mac_compare(operation, data, length, code) })
}

/// Whether two codes are the same, in a time that depends on their lengths alone.
fn is_equal(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |seen, (a, b)| core::hint::black_box(seen | a ^ b));
    left.len() == right.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use super::is_equal;

    #[test]
    fn codes_differ_by_a_bit_or_by_length() {
        assert!(is_equal(&[1, 2, 3], &[1, 2, 3]));
        assert!(!is_equal(&[1, 2, 3], &[1, 2, 2]));
        assert!(!is_equal(&[1, 2], &[1, 2, 3]));
    }
}
