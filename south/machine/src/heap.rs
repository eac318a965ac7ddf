//! The kernel's heap: talc over one run of physical memory behind a lock that never sleeps.
#![expect(unsafe_code, reason = "the allocator hands out raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU64, Ordering};

use talc::base::Talc;
use talc::base::binning::DefaultBinning;
use talc::source::Manual;

use crate::frames::view;
use crate::spin::Spin;

/// The kernel's `#[global_allocator]`. A leaf in the lock order.
pub struct MachineAllocator(Spin<Talc<Manual, DefaultBinning>>);

static IN_USE: AtomicU64 = AtomicU64::new(0);

/// Bytes that are in use.
pub(crate) fn in_use() -> u64 {
    IN_USE.load(Ordering::Relaxed)
}

impl MachineAllocator {
    /// Without memory yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Spin::new(Talc::new(Manual)))
    }

    /// Use the physical memory from `start` to `end`.
    ///
    /// # Safety
    /// It is ordinary memory in the kernel's view, and nobody else's.
    pub(crate) unsafe fn give(&self, start: u64, end: u64) {
        // SAFETY: the caller says that the memory is nobody else's, and the kernel's view stays.
        let claimed = unsafe { self.0.lock().claim(view(start), (end - start) as usize) };
        if claimed.is_none() {
            crate::control::fail(format_args!("no memory for the kernel's heap"));
        }
    }
}

impl Default for MachineAllocator {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: talc keeps the contract of the trait; every access to it is under the lock.
unsafe impl GlobalAlloc for MachineAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's layout has a size other than 0.
        let memory = unsafe { self.0.lock().allocate(layout) };
        if memory.is_some() {
            IN_USE.fetch_add(layout.size() as u64, Ordering::Relaxed);
        }
        memory.map_or(core::ptr::null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: whoever frees promises that the memory came from `alloc` with this layout.
        unsafe { self.0.lock().deallocate(memory, layout) };
        IN_USE.fetch_sub(layout.size() as u64, Ordering::Relaxed);
    }
}
