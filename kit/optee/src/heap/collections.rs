//! The heap for Rust's collections.
#![expect(unsafe_code, reason = "`GlobalAlloc` is unsafe")]

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::null_mut;

use super::blocks::UNIT;
use super::global::{allocate, free};

/// The same heap for Rust's collections.
struct Global;

#[global_allocator]
static GLOBAL: Global = Global;

// SAFETY: blocks that are in use do not overlap and have room for what was asked; an alignment above a unit's is refused
// by null; running out is null.
unsafe impl GlobalAlloc for Global {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > UNIT { null_mut() } else { allocate(layout.size()) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _: Layout) {
        free(pointer);
    }
}
