//! Memory functions of the API: section 4.11.
#![expect(unsafe_code, reason = "C hands over addresses")]

use core::ptr::null_mut;

use crate::error::{Error, SUCCESS};
use crate::fault::pass;
use crate::local::Local;
use crate::{heap, svc};

/// Hint to [`TEE_Malloc`]: the content need not be zero.
const NO_FILL: u32 = 1;
const NO_SHARE: u32 = 2;

/// Room for `size` bytes, zeroed unless the hint says otherwise; null if there is none or the hint is unknown.
#[unsafe(no_mangle)]
extern "C" fn TEE_Malloc(size: usize, hint: u32) -> *mut u8 {
    if hint & !(NO_FILL | NO_SHARE) != 0 {
        return null_mut();
    }
    let pointer = heap::allocate(size);
    if !pointer.is_null() && hint & NO_FILL == 0 {
        // SAFETY: the allocation has room for this size, and nobody else knows it yet.
        unsafe { pointer.write_bytes(0, size) };
    }
    pointer
}

/// Changes the size of an allocation, which may move; null, and nothing changed, if there is no room.
///
/// # Safety
/// `pointer` is null or an allocation, which is used no more unless the answer is null.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_Realloc(pointer: *mut u8, size: usize) -> *mut u8 {
    if pointer.is_null() {
        return TEE_Malloc(size, 0);
    }
    // SAFETY: the caller passes on the allocation.
    unsafe { heap::resize(pointer, size) }
}

/// Gives an allocation back. Null is none; a pointer that is no allocation ends the TA.
#[unsafe(no_mangle)]
extern "C" fn TEE_Free(pointer: *mut u8) {
    heap::free(pointer);
}

/// Copies bytes; the ranges may overlap.
///
/// # Safety
/// Both ranges are the TA's to use.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_MemMove(target: *mut u8, source: *const u8, size: usize) {
    // SAFETY: the caller vouches for both ranges.
    unsafe { target.copy_from(source, size) };
}

/// Fills bytes with the low byte of `value`.
///
/// # Safety
/// The range is the TA's to use.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_MemFill(target: *mut u8, value: u32, size: usize) {
    // SAFETY: the caller vouches for the range.
    unsafe { target.write_bytes(value as u8, size) };
}

/// Compares bytes in a time that depends on the size alone: 0, or the sign of the first difference.
///
/// # Safety
/// Both ranges are the TA's to use.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_MemCompare(left: *const u8, right: *const u8, size: usize) -> i32 {
    let mut result = 0;
    for index in (0..size).rev() {
        // SAFETY: the caller vouches for this range, and the index lies within it.
        let first = unsafe { left.wrapping_add(index).read() };
        // SAFETY: as above, for the other range.
        let second = unsafe { right.wrapping_add(index).read() };
        let difference = i32::from(first) - i32::from(second);
        let is_different = -i32::from(difference != 0);
        result = core::hint::black_box(result & !is_different | difference & is_different);
    }
    result
}

/// Whether the TA may use memory as the flags say.
#[unsafe(no_mangle)]
extern "C" fn TEE_CheckMemoryAccessRights(flags: u32, buffer: *const u8, size: usize) -> u32 {
    if size == 0 {
        return SUCCESS;
    }
    // SAFETY: the call reads no byte at the address; it looks at what the address is mapped to.
    let result = unsafe { svc::check_access(flags, buffer, size) };
    crate::error::number(pass(result, &[Error::ACCESS_DENIED]))
}

/// What the TA keeps for itself between entries.
static INSTANCE_DATA: Local<usize> = Local::new(0);

/// Keeps one pointer for the instance.
#[unsafe(no_mangle)]
extern "C" fn TEE_SetInstanceData(data: *mut u8) {
    INSTANCE_DATA.with(|kept| *kept = data.expose_provenance());
}

/// What [`TEE_SetInstanceData`] kept; null before.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetInstanceData() -> *mut u8 {
    core::ptr::with_exposed_provenance_mut(INSTANCE_DATA.with(|kept| *kept))
}
