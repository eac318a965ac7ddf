//! The loader on arbitrary bytes.

use super::elf::Image;

/// Check `data` as an application's file. Returns whether it could be loaded. Must not panic, hang or grow beyond some
/// multiple of the size of `data`, whatever `data` is.
pub fn fuzz_application(data: &[u8]) -> bool {
    Image::copy_of(data).is_ok()
}
