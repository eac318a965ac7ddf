//! Physical memory: frames of 4 KiB, counted, and the kernel's view of them.
#![expect(unsafe_code, reason = "physical memory is raw memory")]

use alloc::vec::Vec;

use buddy_system_allocator::FrameAllocator;
use litebox_host::memory::{BLOCK_PAGES, PAGE_SIZE};

use crate::layout::PHYSICAL;
use crate::spin::Spin;

const PAGE: u64 = PAGE_SIZE as u64;
const BLOCK: u64 = BLOCK_PAGES as u64;

/// All frames that are not the kernel's own. A leaf in the lock order.
struct Frames {
    free: FrameAllocator<33>,
    /// How many mappings each frame has, by number.
    counts: Vec<u32>,
    free_count: u64,
    /// How many there are.
    total: u64,
    /// Blocks of shared pages that are taken, by number of the block.
    blocks: Vec<bool>,
    block_count: u64,
}

static FRAMES: Spin<Option<Frames>> = Spin::new(None);

/// A frame, by its physical address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame(pub(crate) u64);

/// Where the kernel sees the physical `address`.
pub(crate) fn view(address: u64) -> *mut u8 {
    core::ptr::with_exposed_provenance_mut((PHYSICAL + address) as usize)
}

/// Copy from physical memory.
pub(crate) fn physical_bytes(address: u64, to: &mut [u8]) {
    // SAFETY: all physical memory that callers name is mapped in the kernel's view.
    unsafe { view(address).copy_to_nonoverlapping(to.as_mut_ptr(), to.len()) };
}

/// Hand the memory of `ranges` (physical addresses of whole frames) out from now on. The heap works already.
pub(crate) fn initialise(ranges: impl Iterator<Item = (u64, u64)>, end: u64) {
    let count = (end / PAGE) as usize;
    let mut frames = Frames {
        free: FrameAllocator::new(),
        counts: alloc::vec![0; count],
        free_count: 0,
        total: 0,
        blocks: alloc::vec![false; count / BLOCK_PAGES + 1],
        block_count: 0,
    };
    for (start, end) in ranges {
        let (first, last) = (start.div_ceil(PAGE), end / PAGE);
        if first < last {
            frames.free.add_frame(first as usize, last as usize);
            frames.free_count += last - first;
            frames.total += last - first;
        }
    }
    *FRAMES.lock() = Some(frames);
}

fn with<R>(act: impl FnOnce(&mut Frames) -> R) -> Option<R> {
    FRAMES.lock().as_mut().map(act)
}

impl Frame {
    /// A frame of zeros with one mapping; `None` without memory.
    pub(crate) fn zeroed() -> Option<Self> {
        let frame = Self::any()?;
        // SAFETY: the frame was free, so nothing refers to its bytes.
        unsafe { view(frame.0).write_bytes(0, PAGE_SIZE) };
        Some(frame)
    }

    /// A frame with a copy of this one's bytes and one mapping; `None` without memory.
    pub(crate) fn copied(self) -> Option<Self> {
        let frame = Self::any()?;
        // SAFETY: both are whole frames, and the new one was free.
        unsafe { view(frame.0).copy_from_nonoverlapping(view(self.0), PAGE_SIZE) };
        Some(frame)
    }

    fn any() -> Option<Self> {
        with(|frames| {
            let number = frames.free.alloc(1)?;
            frames.free_count -= 1;
            *frames.counts.get_mut(number)? = 1;
            Some(Self(number as u64 * PAGE))
        })?
    }

    fn number(self) -> usize {
        (self.0 / PAGE) as usize
    }

    /// One more mapping.
    pub(crate) fn share(self) {
        with(|frames| {
            if let Some(count) = frames.counts.get_mut(self.number()) {
                *count += 1;
            }
        });
    }

    /// Whether there is one mapping, and no block keeps it.
    pub(crate) fn is_sole(self) -> bool {
        with(|frames| frames.counts.get(self.number()) == Some(&1)).unwrap_or_default()
    }

    /// One mapping less; with the last the frame is free.
    pub(crate) fn release(self) {
        with(|frames| {
            let Some(count) = frames.counts.get_mut(self.number()) else { return };
            *count = count.saturating_sub(1);
            if *count == 0 {
                frames.free.dealloc(self.number(), 1);
                frames.free_count += 1;
            }
        });
    }
}

/// A block of zeroed frames that lie together, each kept by the block; the number of the first.
pub(crate) fn allocate_block() -> Option<u64> {
    let first = with(|frames| {
        let first = frames.free.alloc(BLOCK_PAGES)?;
        if !first.is_multiple_of(BLOCK_PAGES) {
            frames.free.dealloc(first, BLOCK_PAGES);
            return None;
        }
        frames.free_count -= BLOCK;
        frames.block_count += 1;
        frames.counts.get_mut(first..first + BLOCK_PAGES)?.fill(1);
        *frames.blocks.get_mut(first / BLOCK_PAGES)? = true;
        Some(first as u64)
    })??;
    // SAFETY: the frames were free, so nothing refers to their bytes.
    unsafe { view(first * PAGE).write_bytes(0, BLOCK_PAGES * PAGE_SIZE) };
    Some(first)
}

/// Give a block back; frames that are still mapped somewhere stay until they are not.
pub(crate) fn free_block(first: u64) {
    let taken = with(|frames| {
        let taken = frames.blocks.get_mut((first / BLOCK) as usize).map(core::mem::take);
        frames.block_count -= u64::from(taken == Some(true));
        taken
    });
    if taken.flatten() == Some(true) {
        (first..first + BLOCK).for_each(|number| Frame(number * PAGE).release());
    }
}

/// The frame of the shared page `number`; `None` if no block has it.
pub(crate) fn shared(number: u64) -> Option<Frame> {
    let taken = with(|frames| frames.blocks.get((number / BLOCK) as usize).copied());
    taken.flatten().filter(|taken| *taken).map(|_| Frame(number * PAGE))
}

/// Bytes of blocks that are taken.
pub(crate) fn block_bytes() -> u64 {
    with(|frames| frames.block_count * BLOCK * PAGE).unwrap_or_default()
}

/// Bytes of all frames.
pub(crate) fn total_bytes() -> u64 {
    with(|frames| frames.total * PAGE).unwrap_or_default()
}

/// Whether an address space that has `resident` frames may have one more. When little is free only small ones may, so
/// that what fills the memory is refused, and not what comes by next.
pub(crate) fn may_have_more(resident: u64) -> bool {
    with(|frames| frames.free_count > frames.total / 16 || resident < frames.total / 32).unwrap_or_default()
}
