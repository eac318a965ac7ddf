//! The one heap of a TA, for C and for Rust.
#![expect(unsafe_code, reason = "headers lie in the memory that is given out")]

use core::ptr::{null_mut, with_exposed_provenance, with_exposed_provenance_mut};

use super::blocks::{Blocks, Corrupt, Headers, UNIT};
use crate::local::Local;
use crate::{fault, foreign};

/// The memory of the heap: its address and how many units it has.
struct Area {
    start: usize,
    units: usize,
}

impl Headers for Area {
    fn units(&self) -> usize {
        self.units
    }

    fn load(&self, index: usize) -> u64 {
        // SAFETY: the unit lies in the heap, which is aligned; it is a header, which only this module touches.
        unsafe { with_exposed_provenance::<u64>(self.start + index * UNIT).read() }
    }

    fn store(&mut self, index: usize, word: u64) {
        // SAFETY: as for `load`; the unit is a header, or part of a free block.
        unsafe { with_exposed_provenance_mut::<u64>(self.start + index * UNIT).write(word) }
    }
}

/// Made at the first allocation.
static HEAP: Local<Option<Blocks<Area>>> = Local::new(None);

fn with<R>(use_it: impl FnOnce(&mut Blocks<Area>) -> Result<R, Corrupt>) -> R {
    let result = HEAP.with(|heap| {
        let (start, bytes) = foreign::heap();
        use_it(heap.get_or_insert_with(|| Blocks::new(Area { start, units: bytes / UNIT })))
    });
    result.unwrap_or_else(|_| fault::misuse())
}

fn content_of(pointer: *mut u8) -> usize {
    let (start, _) = foreign::heap();
    let offset = pointer.addr().wrapping_sub(start);
    if offset % UNIT == 0 { offset / UNIT } else { fault::misuse() }
}

/// Room for `bytes`, aligned to 16, with any content; null if there is none.
pub(crate) fn allocate(bytes: usize) -> *mut u8 {
    let (start, _) = foreign::heap();
    match with(|heap| heap.allocate(bytes)) {
        Some(content) => with_exposed_provenance_mut(start + content * UNIT),
        None => null_mut(),
    }
}

/// Gives back what [`allocate`] answered; null is none. Anything else ends the TA.
pub(crate) fn free(pointer: *mut u8) {
    if !pointer.is_null() {
        let content = content_of(pointer);
        with(|heap| heap.free(content));
    }
}

/// Room for `bytes` with what `pointer` held; null, and nothing changed, if there is none.
///
/// # Safety
/// No reference into the allocation is used afterwards.
pub(crate) unsafe fn resize(pointer: *mut u8, bytes: usize) -> *mut u8 {
    let content = content_of(pointer);
    let capacity = with(|heap| heap.capacity(content));
    if bytes <= capacity {
        return pointer;
    }
    let larger = allocate(bytes);
    if !larger.is_null() {
        // SAFETY: both are allocations of at least `capacity` bytes, and two that are both in use do not overlap.
        unsafe { larger.copy_from_nonoverlapping(pointer, capacity) };
        free(pointer);
    }
    larger
}
