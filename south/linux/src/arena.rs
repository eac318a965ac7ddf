//! The arena: one shared mapping that holds all state of the library OS, and the allocator over it.
//!
//! It lies at one address in every host process of the sandbox, so pointers into it mean the same everywhere.
//! The allocator's own state lies in it too, behind a lock that works across processes. The image has no mutable
//! statics at all: a forked child's copy of one would silently diverge.
#![expect(unsafe_code, reason = "the allocator hands out raw memory")]

use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::ptr::NonNull;

use litebox_host::memory::PAGE_SIZE;
use litebox_host::sync::{AtomicBool, AtomicU32, AtomicUsize, Mutex, Ordering};
use talc::base::Talc;
use talc::base::binning::DefaultBinning;
use talc::source::Manual;

use crate::blocks::Blocks;
use crate::channel::{Buffers, Channel};
use crate::departure::Departure;
use crate::kicks::Kicks;
use crate::layout::{ARENA, ARENA_HEAP_SIZE};
use crate::vdso::{HostVdso, guest};

/// What lies at the arena's start.
#[repr(C)]
pub(crate) struct Header {
    heap: Mutex<Talc<Manual, DefaultBinning>>,
    /// Bytes of the heap that are in use.
    pub(crate) in_use: AtomicUsize,
    /// The channel to the broker.
    pub(crate) channel: Channel,
    /// Threads that go on in a process that the keeper is to make.
    pub(crate) departures: Mutex<Vec<Departure>>,
    /// Which of the standard streams may be terminals: bit 0 for descriptor 0. All, until the start block says.
    pub(crate) terminals: AtomicU32,
    /// Whether system calls that trap may be rewritten.
    pub(crate) rewriting: AtomicBool,
    /// The extent of the guest's vector state.
    pub(crate) vectors: crate::vector::Vectors,
    /// Kicks that the keeper makes.
    pub(crate) kicks: Kicks,
    /// Which processors the sandbox may use, found before the first guest instruction.
    pub(crate) processors: u64,
    /// The host's vDSO, found before the first guest instruction.
    pub(crate) vdso: HostVdso,
    /// The image of the guest's vDSO.
    pub(crate) guest_vdso: [u8; PAGE_SIZE],
}

/// Bytes kept for the header.
const HEADER_SIZE: usize = 64 << 10;

const _: () = assert!(size_of::<Header>() <= HEADER_SIZE);

/// Bytes kept after the header for the state of the shared pages.
const BLOCKS_SIZE: usize = 256 << 10;

const _: () = assert!(size_of::<Mutex<Blocks>>() <= BLOCKS_SIZE);

/// Bytes kept after that for the channel's buffers: apart from the heap, so that nothing writes to what no message uses.
const BUFFERS_SIZE: usize = 128 << 10;

const _: () = assert!(size_of::<Buffers>() <= BUFFERS_SIZE);

/// Where the heap begins.
const HEAP: usize = ARENA + HEADER_SIZE + BLOCKS_SIZE + BUFFERS_SIZE;

/// Bytes at the heap's start that every sandbox uses.
const FIRST_USED: usize = 112 << 10;

/// The arena's header. Valid once [`initialise`] has run, which is before anything of the library OS does.
pub(crate) fn header() -> &'static Header {
    let header: *const Header = core::ptr::with_exposed_provenance(ARENA);
    // SAFETY: the arena is mapped at this address and initialised before the first use, and never unmapped.
    unsafe { &*header }
}

/// Which shared pages are taken. Valid as soon as the arena is mapped.
pub(crate) fn blocks() -> &'static Mutex<Blocks> {
    let blocks: *const Mutex<Blocks> = core::ptr::with_exposed_provenance(ARENA + HEADER_SIZE);
    // SAFETY: the arena is mapped at this address and never unmapped; this part of it is used for nothing else, and
    // the zeros that it starts with are a free lock around integers.
    unsafe { &*blocks }
}

/// The channel's buffers. Valid as soon as the arena is mapped, and anyone's who holds the channel's lock.
pub(crate) fn buffers() -> *mut Buffers {
    core::ptr::with_exposed_provenance_mut(ARENA + HEADER_SIZE + BLOCKS_SIZE)
}

/// What every sandbox will use of the heap: where, and how many bytes.
pub(crate) fn first_used() -> (usize, usize) {
    (HEAP, FIRST_USED)
}

/// Set up the header and give the rest of the arena, up to the shared pages, to the allocator.
///
/// # Safety
/// The arena is freshly mapped, zeroed and writable at its address; called once, before any other use.
pub(crate) unsafe fn initialise(processors: u64, vdso: HostVdso) {
    let header: *mut Header = core::ptr::with_exposed_provenance_mut(ARENA);
    let guest_vdso = guest::image(&vdso);
    let rewriting = AtomicBool::new(true);
    let fresh = Header {
        heap: Mutex::new(Talc::new(Manual)),
        in_use: AtomicUsize::new(0),
        channel: Channel::new(),
        departures: Mutex::new(Vec::new()),
        terminals: AtomicU32::new(u32::MAX),
        rewriting,
        vectors: crate::vector::Vectors::measure(),
        kicks: Kicks::new(),
        processors,
        vdso,
        guest_vdso,
    };
    // SAFETY: the arena was mapped for this and nobody else uses it yet, as the caller has promised.
    unsafe { header.write(fresh) };
    let heap: *mut u8 = core::ptr::with_exposed_provenance_mut(HEAP);
    // SAFETY: this part of the arena is ours alone, and stays mapped.
    let claimed = unsafe { self::header().heap.lock().claim(heap, ARENA + ARENA_HEAP_SIZE - HEAP) };
    debug_assert!(claimed.is_some(), "the arena is larger than the allocator's minimum");
}

/// The allocator over the arena; the image's `#[global_allocator]`.
pub struct ArenaAllocator;

// SAFETY: talc keeps the contract of the trait; every access to it is under the header's lock.
unsafe impl GlobalAlloc for ArenaAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's layout has a size other than 0.
        let memory = unsafe { header().heap.lock().allocate(layout) };
        if memory.is_some() {
            header().in_use.fetch_add(layout.size(), Ordering::Relaxed);
        }
        memory.map_or(core::ptr::null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: whoever frees promises that the memory came from `alloc` with this layout.
        unsafe { header().heap.lock().deallocate(memory, layout) };
        header().in_use.fetch_sub(layout.size(), Ordering::Relaxed);
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: whoever resizes promises that the memory came from `alloc` with this layout and that the new
        // size is not 0.
        if unsafe { header().heap.lock().try_realloc_in_place(memory, layout, new_size) } {
            header().in_use.fetch_add(new_size.wrapping_sub(layout.size()), Ordering::Relaxed);
            return memory;
        }
        // SAFETY: whoever resizes promises that the new size does not overflow when rounded up to the alignment.
        let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        // SAFETY: the new size is not 0, which is all that `alloc` asks of a layout.
        let moved = unsafe { self.alloc(new_layout) };
        if !moved.is_null() {
            // SAFETY: both allocations are at least this long and do not overlap.
            unsafe { memory.copy_to_nonoverlapping(moved, layout.size().min(new_size)) };
            // SAFETY: the old memory came from `alloc` with the old layout, and is not used after this.
            unsafe { self.dealloc(memory, layout) };
        }
        moved
    }
}
