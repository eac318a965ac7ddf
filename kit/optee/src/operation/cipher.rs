//! Ciphers: section 6.4. The kernel is given whole blocks; what does not fill one waits here.
#![expect(unsafe_code, reason = "calls that read and write what C hands over")]

use super::algorithm::class;
use super::plan::Plan;
use super::table::{self, Operation};
use crate::error::{Error, Result, number};
use crate::fault::{self, misuse, panic, pass};
use crate::svc;

/// One of the two calls that cipher data.
type Call = unsafe fn(u32, *const u8, usize, *mut u8, *mut u64) -> u32;

/// Where output goes, and how much has gone there.
struct Output {
    start: *mut u8,
    capacity: usize,
    written: usize,
}

impl Output {
    /// Ciphers input with one call, behind what is written already.
    ///
    /// # Safety
    /// The input can be read, and the output written up to its capacity.
    unsafe fn take(&mut self, call: Call, state: u32, data: *const u8, length: usize) -> Result<()> {
        let mut room = (self.capacity - self.written) as u64;
        let place = self.start.wrapping_add(self.written);
        // SAFETY: the caller vouches for the input and for the room behind what is written.
        let result = unsafe { call(state, data, length, place, &raw mut room) };
        let result = pass(result, &[Error::SHORT_BUFFER]);
        let written = self.written.saturating_add(room as usize);
        self.written = if result.is_ok() { written.min(self.capacity) } else { written };
        result
    }
}

/// Begins.
///
/// # Safety
/// The vector can be read.
pub(crate) unsafe fn cipher_init(handle: usize, iv: *const u8, length: usize) {
    table::with(handle, |operation| {
        operation.expect_class(class::CIPHER);
        operation.expect_key();
        operation.rest();
        // SAFETY: the caller vouches for the vector.
        let result = unsafe { svc::cipher_init(operation.state, iv, length) };
        fault::succeed(result);
        operation.is_active = true;
    });
}

/// Ciphers what fills blocks.
///
/// # Safety
/// The input can be read, and the output written for the length given.
///
/// # Errors
/// `SHORT_BUFFER`: nothing was taken, and `output_length` is what is needed.
pub(crate) unsafe fn cipher_update(
    handle: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: &mut usize,
) -> Result<()> {
    table::with(handle, |operation| {
        expect_running(operation);
        let needed = plan(operation, length).output();
        if *output_length < needed {
            *output_length = needed;
            return Err(Error::SHORT_BUFFER);
        }
        let mut place = Output { start: output, capacity: *output_length, written: 0 };
        // SAFETY: the caller vouches for input and output.
        let result = unsafe { advance(operation, data, length, &mut place) };
        *output_length = place.written;
        result
    })
}

/// Ciphers the last input and ends the operation.
///
/// # Safety
/// As for [`cipher_update`].
///
/// # Errors
/// `SHORT_BUFFER`: nothing was taken, and `output_length` is what is needed.
pub(crate) unsafe fn cipher_final(
    handle: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: &mut usize,
) -> Result<()> {
    table::with(handle, |operation| {
        expect_running(operation);
        let Some(needed) = operation.held_length.checked_add(length) else { misuse() };
        if *output_length < needed {
            *output_length = needed;
            return Err(Error::SHORT_BUFFER);
        }
        let mut place = Output { start: output, capacity: *output_length, written: 0 };
        if operation.algorithm.block() == 1 {
            // SAFETY: the caller vouches for input and output.
            unsafe { place.take(svc::cipher_final, operation.state, data, length)? };
        } else {
            // SAFETY: the caller vouches for input and output.
            unsafe { advance(operation, data, length, &mut place)? };
            let (held, count) = (operation.held, operation.held_length);
            // SAFETY: what waits is an array of ours, and the caller vouches for the output.
            unsafe { place.take(svc::cipher_final, operation.state, held.as_ptr(), count)? };
        }
        *output_length = place.written;
        operation.rest();
        Ok(())
    })
}

fn expect_running(operation: &Operation) {
    operation.expect_class(class::CIPHER);
    operation.expect_active();
}

fn plan(operation: &Operation, length: usize) -> Plan {
    let algorithm = operation.algorithm;
    match Plan::new(operation.held_length, length, algorithm.block(), algorithm.hold()) {
        Some(plan) => plan,
        None => panic(Error::BAD_PARAMETERS.0),
    }
}

/// Carries a plan out.
///
/// # Safety
/// The input can be read, and the output has room for what the plan puts out.
unsafe fn advance(
    operation: &mut Operation,
    data: *const u8,
    length: usize,
    output: &mut Output,
) -> Result<()> {
    let plan = plan(operation, length);
    // SAFETY: the plan fills no more than the input has.
    unsafe { hold(operation, data, plan.fill) };
    if plan.from_held > 0 {
        // SAFETY: the bytes are of an array of ours, and the caller vouches for the output.
        unsafe {
            output.take(svc::cipher_update, operation.state, operation.held.as_ptr(), plan.from_held)?;
        }
        operation.held.copy_within(plan.from_held..operation.held_length, 0);
        operation.held_length -= plan.from_held;
    }
    if plan.direct > 0 {
        // SAFETY: fill and direct bytes together are no more than the input has.
        unsafe {
            output.take(svc::cipher_update, operation.state, data.wrapping_add(plan.fill), plan.direct)?;
        }
    }
    let taken = plan.fill + plan.direct;
    // SAFETY: this is the rest of the input.
    unsafe { hold(operation, data.wrapping_add(taken), length - taken) };
    Ok(())
}

/// Lets bytes wait behind those that do.
///
/// # Safety
/// The bytes can be read.
unsafe fn hold(operation: &mut Operation, data: *const u8, count: usize) {
    for index in 0..count {
        let Some(place) = operation.held.get_mut(operation.held_length) else { misuse() };
        // SAFETY: the caller vouches for the bytes.
        *place = unsafe { data.wrapping_add(index).read() };
        operation.held_length += 1;
    }
}

/// Begins a cipher.
///
/// # Safety
/// The vector can be read.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_CipherInit(operation: usize, iv: *const u8, length: usize) {
    // SAFETY: the caller vouches for the vector.
    unsafe { cipher_init(operation, iv, length) };
}

/// Ciphers what fills blocks.
///
/// # Safety
/// The input can be read, and the output written for the length given.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_CipherUpdate(
    operation: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: Option<&mut usize>,
) -> u32 {
    let Some(output_length) = output_length else { misuse() };
    // SAFETY: the caller vouches for input and output.
    number(unsafe { cipher_update(operation, data, length, output, output_length) })
}

/// Ciphers the last input and ends the operation.
///
/// # Safety
/// The input can be read, and the output written for the length given.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_CipherDoFinal(
    operation: usize,
    data: *const u8,
    length: usize,
    output: *mut u8,
    output_length: Option<&mut usize>,
) -> u32 {
    let mut none = 0;
    // SAFETY: the caller vouches for input and output.
    number(unsafe { cipher_final(operation, data, length, output, output_length.unwrap_or(&mut none)) })
}
