//! Clocks, sleep, random bytes and cancellation: sections 4.10, 6.7 and 7.
#![expect(unsafe_code, reason = "calls that write what C hands over")]

use crate::abi::Time;
use crate::error::{Error, number};
use crate::fault::{self, misuse, pass};
use crate::svc;

/// Clocks of the call.
mod clock {
    pub(super) const SYSTEM: u32 = 0;
    pub(super) const PERSISTENT: u32 = 1;
    pub(super) const REE: u32 = 2;
}

/// Bytes that one call fills: kernels bounce random bytes through a small buffer.
const RANDOM_CHUNK: usize = 1024;

fn read(clock: u32, time: Option<&mut Time>, named: &[Error]) -> u32 {
    let Some(time) = time else { misuse() };
    // SAFETY: the call writes a time where one can be.
    let result = unsafe { svc::get_time(clock, time) };
    number(pass(result, named))
}

/// The time since an arbitrary start, which never runs backwards.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetSystemTime(time: Option<&mut Time>) {
    read(clock::SYSTEM, time, &[]);
}

/// The time of the rich environment, which may be wrong.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetREETime(time: Option<&mut Time>) {
    read(clock::REE, time, &[]);
}

/// The TA's own time. `TIME_NOT_SET` before it is set; `OVERFLOW`, with the seconds cut, after 2106.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetTAPersistentTime(time: Option<&mut Time>) -> u32 {
    let named = [Error::OVERFLOW, Error::TIME_NOT_SET, Error::TIME_NEEDS_RESET, Error::OUT_OF_MEMORY];
    read(clock::PERSISTENT, time, &named)
}

/// Sets the TA's own time, for all its instances.
#[unsafe(no_mangle)]
extern "C" fn TEE_SetTAPersistentTime(time: Option<&Time>) -> u32 {
    let Some(time) = time else { misuse() };
    // SAFETY: the call reads a time.
    let result = unsafe { svc::set_time(time) };
    number(pass(result, &[Error::OUT_OF_MEMORY, Error::STORAGE_NO_SPACE]))
}

/// Sleeps for some milliseconds, or until cancelled; all ones is for ever.
#[unsafe(no_mangle)]
extern "C" fn TEE_Wait(milliseconds: u32) -> u32 {
    // SAFETY: the call has no pointer.
    let result = unsafe { svc::wait(milliseconds) };
    number(pass(result, &[Error::CANCEL]))
}

/// Fills a buffer with random bytes.
///
/// # Safety
/// The range is the TA's to use.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GenerateRandom(buffer: *mut u8, length: usize) {
    let mut done = 0;
    while done < length {
        let chunk = RANDOM_CHUNK.min(length - done);
        // SAFETY: the caller vouches for the range, of which this is a part.
        let result = unsafe { svc::random(buffer.wrapping_add(done), chunk) };
        fault::succeed(result);
        done += chunk;
    }
}

fn flag(call: unsafe fn(*mut u32) -> u32) -> bool {
    let mut flag = 0;
    // SAFETY: each of the three calls writes a number there.
    let result = unsafe { call(&raw mut flag) };
    fault::succeed(result);
    flag != 0
}

/// Whether the client asks to give up, and the TA does not mask it.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetCancellationFlag() -> bool {
    flag(svc::cancellation_flag)
}

/// Lets cancellation through; answers whether it was masked.
#[unsafe(no_mangle)]
extern "C" fn TEE_UnmaskCancellation() -> bool {
    flag(svc::unmask_cancellation)
}

/// Keeps cancellation away; answers whether it was masked.
#[unsafe(no_mangle)]
extern "C" fn TEE_MaskCancellation() -> bool {
    flag(svc::mask_cancellation)
}
