//! The image's own segments, from the program headers that it starts with (elf(5)).
#![expect(unsafe_code, reason = "the headers lie at a fixed address")]

use core::ops::Range;

use litebox_host::memory::PAGE_SIZE;

use crate::layout::{IMAGE, IMAGE_SIZE};

/// A part of the image in memory.
pub(crate) struct Segment {
    /// Whole pages.
    pub(crate) addresses: Range<usize>,
    /// As `mprotect(2)` takes it.
    pub(crate) protection: usize,
}

/// Bytes of a program header.
const HEADER_SIZE: usize = 56;

/// Those that are not writable, in order.
pub(crate) fn read_only() -> impl Iterator<Item = Segment> {
    let start = word(IMAGE + 32);
    let count = word(IMAGE + 56) & 0xffff;
    let is_image = word(IMAGE) & 0xffff_ffff == u32::from_le_bytes(*b"\x7fELF") as usize && start < PAGE_SIZE;
    let count = if is_image { count.min((PAGE_SIZE - start) / HEADER_SIZE) } else { 0 };
    (0..count).filter_map(move |index| segment(IMAGE + start + index * HEADER_SIZE))
}

fn segment(header: usize) -> Option<Segment> {
    const LOAD: usize = 1;
    let (kind, flags) = (word(header) & 0xffff_ffff, word(header) >> 32);
    let [executable, writable, readable] = [1, 2, 4].map(|bit| flags & bit != 0);
    let (address, length) = (word(header + 16), word(header + 40));
    let start = address & !(PAGE_SIZE - 1);
    let end = address.checked_add(length)?.next_multiple_of(PAGE_SIZE);
    let inside = IMAGE <= start && start < end && end <= IMAGE + IMAGE_SIZE;
    let protection = usize::from(readable) | usize::from(executable) << 2;
    (kind == LOAD && !writable && inside).then_some(Segment { addresses: start..end, protection })
}

/// The word at `address`, in the image's first page.
fn word(address: usize) -> usize {
    debug_assert!((IMAGE..IMAGE + PAGE_SIZE).contains(&address), "headers lie in the first page");
    // SAFETY: the linker puts the headers at the image's start, which is mapped and readable for as long as it runs.
    unsafe { core::ptr::with_exposed_provenance::<usize>(address).read_unaligned() }
}
