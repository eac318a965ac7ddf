//! Texts and buffers that C hands over.
#![expect(unsafe_code, reason = "C hands over addresses")]

/// Bytes before the NUL, at most `limit`.
///
/// # Safety
/// Bytes up to the NUL or the limit can be read.
pub(crate) unsafe fn strnlen(text: *const u8, limit: usize) -> usize {
    for index in 0..limit {
        // SAFETY: the caller vouches for the bytes up to here, as none before was a NUL.
        let byte = unsafe { text.wrapping_add(index).read() };
        if byte == 0 {
            return index;
        }
    }
    limit
}

/// The bytes of a C text without its NUL; null is empty.
///
/// # Safety
/// The text ends with a NUL and does not change while the slice is used.
pub(crate) unsafe fn text<'a>(text: *const u8) -> &'a [u8] {
    if text.is_null() {
        return b"";
    }
    // SAFETY: the caller vouches for the NUL.
    let length = unsafe { strnlen(text, usize::MAX) };
    // SAFETY: the bytes up to the NUL were just read.
    unsafe { core::slice::from_raw_parts(text, length) }
}

/// The bytes of a C buffer; null is empty.
///
/// # Safety
/// The range can be read and does not change while the slice is used.
pub(crate) unsafe fn bytes<'a>(start: *const u8, length: usize) -> &'a [u8] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: the caller vouches for the range.
    unsafe { core::slice::from_raw_parts(start, length) }
}
