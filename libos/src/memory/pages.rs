//! Arithmetic on pages, all of it checked.

use core::ops::Range;

use litebox_host::memory::PAGE_SIZE;

use crate::error::{Error, ErrorKind};

/// The lowest address that can be mapped, so that a null pointer with a small offset never is
/// (`vm.mmap_min_addr`, proc(5)).
pub const MINIMUM_ADDRESS: usize = 0x10000;

pub(super) const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory left for the mapping");
pub(super) const NOT_MAPPED: Error = Error::new(ErrorKind::NoMemory, "part of the range is not mapped");
pub(super) const BAD_RANGE: Error = Error::new(ErrorKind::InvalidArgument, "not a range of whole pages");

/// `length` rounded up to whole pages; `None` if that overflows.
pub fn round_up(length: usize) -> Option<usize> {
    length.checked_next_multiple_of(PAGE_SIZE)
}

/// `address` rounded down to its page.
pub(super) fn round_down(address: usize) -> usize {
    address - address % PAGE_SIZE
}

pub(super) fn is_aligned(address: usize) -> bool {
    address.is_multiple_of(PAGE_SIZE)
}

/// The pages of `length` bytes from `start`, if the end can be represented.
pub(super) fn span(start: usize, length: usize) -> Option<Range<usize>> {
    Some(start..start.checked_add(round_up(length)?)?)
}

/// What `range` and `other` have in common; empty if nothing.
pub(super) fn common(range: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    range.start.max(other.start)..range.end.min(other.end)
}
