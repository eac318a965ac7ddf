//! Where the parts of a program go, with randomness so that an attacker cannot know.
//!
//! The shape is that of Linux on x86-64: the stack at the top, mappings below it downwards, position-independent
//! programs with an interpreter at two thirds, the heap after the program.

use core::ops::Range;

use litebox_host::memory::PAGE_SIZE;
use litebox_host::random::Random;

use crate::error::Result;

/// The usual amounts of randomness: the stack's, that of mappings and programs, the heap's.
const STACK_SHIFT: usize = 16 << 30;
const MAP_SHIFT: usize = 1 << 40;
const HEAP_SHIFT: usize = 1 << 30;
/// The most that a stack without limit gets.
const MAX_STACK: usize = 1 << 30;
/// The least that any stack gets.
const MIN_STACK: usize = 256 << 10;

/// The addresses of a new program.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// The stack, all of it.
    pub(super) stack: Range<usize>,
    /// Below this, mappings are placed.
    pub(super) top: usize,
    /// Where a position-independent program with an interpreter goes.
    pub(super) program: usize,
    /// How far the heap is from the end of the program.
    pub(super) heap_distance: usize,
    /// How far the strings are from the top of what is used on the stack: less than 8 KiB, a multiple of 16.
    pub(super) stack_offset: usize,
}

impl Places {
    /// Places in `bounds`, for a stack of `stack_limit` bytes.
    pub(super) fn choose<H: Random>(host: &H, bounds: &Range<usize>, stack_limit: usize) -> Result<Self> {
        let size = bounds.end.saturating_sub(bounds.start);
        let mut bytes = [0; 40];
        host.fill(&mut bytes)?;
        let mut numbers = bytes
            .chunks_exact(8)
            .map(|chunk| chunk.iter().fold(0_usize, |number, byte| (number << 8) | usize::from(*byte)));
        let mut below = |limit: usize| numbers.next().unwrap_or(0) % limit.max(1);
        let stack_shift = pages(below(STACK_SHIFT.min(size / 64)));
        let map_shift = pages(below(MAP_SHIFT.min(size / 16)));
        let program_shift = pages(below(MAP_SHIFT.min(size / 16)));
        let heap_distance = pages(below(HEAP_SHIFT.min(size / 64)));
        let stack_offset = below(8192) & !15;
        let length = pages(stack_limit.clamp(MIN_STACK, MAX_STACK).min(size / 8));
        let stack_end = bounds.end.saturating_sub(stack_shift);
        let stack = stack_end.saturating_sub(length)..stack_end;
        // Room for the stack wherever it may be, and its guard.
        let gap = length.saturating_add(STACK_SHIFT.min(size / 64)).saturating_add(1 << 20);
        let top = pages(bounds.end.saturating_sub(gap).saturating_sub(map_shift));
        let program = pages(bounds.start.saturating_add(size / 3 * 2).saturating_add(program_shift));
        Ok(Self { stack, top, program, heap_distance, stack_offset })
    }
}

/// `bytes` without what is less than a page.
fn pages(bytes: usize) -> usize {
    bytes - bytes % PAGE_SIZE
}
