//! The functions on memory and text that compiled code calls, without libc.
//!
//! String instructions: a loop here could be compiled to a call of the function it stands in.
#![expect(unsafe_code, reason = "C hands over addresses")]

use core::arch::asm;

/// Copies bytes between ranges that do not overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(target: *mut u8, source: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller vouches for both ranges; the direction flag is clear by the ABI.
    unsafe {
        asm!("rep movsb", inout("rcx") length => _, inout("rdi") target => _, inout("rsi") source => _,
            options(nostack, preserves_flags));
    }
    target
}

/// Copies bytes between ranges that may overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(target: *mut u8, source: *const u8, length: usize) -> *mut u8 {
    if target.addr().wrapping_sub(source.addr()) >= length {
        // SAFETY: the caller vouches for both ranges, and a forward copy reads no byte that it has written.
        return unsafe { memcpy(target, source, length) };
    }
    let (last_target, last_source) = (target.wrapping_add(length - 1), source.wrapping_add(length - 1));
    // SAFETY: the caller vouches for both ranges; the copy runs downwards, and leaves the direction flag clear.
    unsafe {
        asm!("std", "rep movsb", "cld", inout("rcx") length => _, inout("rdi") last_target => _,
            inout("rsi") last_source => _, options(nostack));
    }
    target
}

/// Fills bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(target: *mut u8, byte: i32, length: usize) -> *mut u8 {
    // SAFETY: the caller vouches for the range; the direction flag is clear by the ABI.
    unsafe {
        asm!("rep stosb", inout("rcx") length => _, inout("rdi") target => _, in("al") byte as u8,
            options(nostack, preserves_flags));
    }
    target
}

/// Compares bytes as unsigned numbers.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, length: usize) -> i32 {
    for index in 0..length {
        // SAFETY: the caller vouches for this range, and the index lies within it.
        let first = unsafe { left.wrapping_add(index).read() };
        // SAFETY: as above, for the other range.
        let second = unsafe { right.wrapping_add(index).read() };
        if first != second {
            return i32::from(first) - i32::from(second);
        }
    }
    0
}

/// As [`memcmp`], where only equality matters.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, length: usize) -> i32 {
    // SAFETY: the caller vouches for both ranges.
    unsafe { memcmp(left, right, length) }
}

/// Bytes before the NUL.
#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const u8) -> usize {
    let left: usize;
    // SAFETY: the caller vouches for a NUL, where the scan stops; the direction flag is clear by the ABI.
    unsafe {
        asm!("repne scasb", inout("rcx") usize::MAX => left, inout("rdi") text => _, in("al") 0_u8,
            options(nostack, readonly));
    }
    usize::MAX - left - 1
}

/// Compares two texts.
#[unsafe(no_mangle)]
unsafe extern "C" fn strcmp(left: *const u8, right: *const u8) -> i32 {
    // SAFETY: the caller vouches for both texts.
    let length = unsafe { strlen(left) };
    // SAFETY: the first difference lies at or before the NUL of each, and the comparison goes no further.
    unsafe { memcmp(left, right, length + 1) }
}
