//! Threads' regions: for each thread of a host process its block, its library-OS stack and its alternate stack.
//!
//! ```text
//! slot's base                                                                  base + stride
//! |  never mapped (a stack that overflows faults) |  stack  |  alternate stack  |  block  |
//! ```
//!
//! Regions are private memory: a forked child must have its own. A region is aligned to its stride, so a handler
//! finds the block by masking its stack pointer. It is reused once the kernel has cleared the thread's word.
#![expect(unsafe_code, reason = "regions are mapped and turned into blocks")]

use alloc::boxed::Box;

use litebox_host::sync::{AtomicU32, Mutex, Ordering};

use crate::calls;
use crate::enter::block::{self, ThreadBlock};
use crate::enter::{dispatch, entry};
use crate::layout::{REGION_STRIDE, REGIONS};
use crate::process::HostProcess;

/// Bytes of a thread's block.
pub(crate) const BLOCK_SIZE: usize = 8192;
/// Bytes of an alternate stack: several nested frames, each with the widest vector state.
pub(crate) const ALTERNATE_SIZE: usize = 56 << 10;
const STACK_SIZE: usize = 128 << 10;
const MAPPED: usize = STACK_SIZE + ALTERNATE_SIZE + BLOCK_SIZE;

const _: () = assert!(MAPPED < REGION_STRIDE);

/// Most threads of one host process.
pub(crate) const COUNT: usize = 4096;

/// A slot's word: nobody's.
const FREE: u32 = 0;
/// Being given to a new thread; no thread number has this bit.
const TAKEN: u32 = 1 << 31;

/// Which regions of a host process are in use. In the arena: the kernel clears the words of threads that end.
pub(crate) struct Regions {
    /// 0, [`TAKEN`], or the host's number of the thread.
    words: [AtomicU32; COUNT],
    /// Slots below this are mapped.
    mapped: Mutex<usize>,
}

/// One thread's region.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    pub(crate) slot: usize,
}

impl Regions {
    /// No region in use. In a box from the start: a stack page that is touched is copied by every fork.
    pub(crate) fn new() -> Box<Self> {
        // SAFETY: zeros are free words and a free lock around the number 0.
        unsafe { Box::new_zeroed().assume_init() }
    }

    /// The regions of a process forked from one that has `parent`'s, by the thread in `region`: all are mapped
    /// that were, and only that one is in use.
    pub(crate) fn forked(parent: &Self, region: Region) -> Box<Self> {
        let forked = Self::new();
        *forked.mapped.lock() = *parent.mapped.lock();
        forked.settle(region, TAKEN);
        forked
    }

    /// The region belongs to the thread numbered `thread`.
    pub(crate) fn settle(&self, region: Region, thread: u32) {
        if let Some(word) = self.word(region) {
            word.store(thread, Ordering::Release);
        }
    }

    /// The word of a slot: the kernel writes the thread's number when it starts and 0 when it has ended.
    pub(crate) fn word(&self, region: Region) -> Option<&AtomicU32> {
        self.words.get(region.slot)
    }

    /// A region for a new thread, mapped. `map` maps private memory at an address.
    pub(crate) fn take(&self, map: impl Fn(usize, usize) -> bool) -> Option<Region> {
        let mut mapped = self.mapped.lock();
        let take = |word: &AtomicU32| {
            word.compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_ok()
        };
        let region = Region { slot: self.words.iter().position(take)? };
        // Slots are taken from the front, so at most this one is missing.
        if region.slot >= *mapped {
            if !map(region.lowest(), MAPPED) {
                self.give_back(region);
                return None;
            }
            *mapped = region.slot + 1;
        }
        Some(region)
    }

    /// Wait until every thread but the one in `region` has ended.
    pub(crate) fn wait_for_others(&self, region: Region) {
        // Slots that were never mapped were never used.
        let mapped = *self.mapped.lock();
        for (slot, word) in self.words.iter().enumerate().take(mapped) {
            loop {
                let thread = word.load(Ordering::Acquire);
                if slot == region.slot || thread == FREE {
                    break;
                }
                // The kernel clears the word and wakes its sleepers when the thread has ended.
                let _ = litebox_host::ambient::wait(word, thread, None);
            }
        }
    }

    /// The region was not used after all.
    pub(crate) fn give_back(&self, region: Region) {
        if let Some(word) = self.word(region) {
            word.store(FREE, Ordering::Release);
        }
    }
}

impl Region {
    fn end(self) -> usize {
        REGIONS + (self.slot + 1) * REGION_STRIDE
    }

    fn lowest(self) -> usize {
        self.end() - MAPPED
    }

    fn stack_top(self) -> usize {
        self.end() - BLOCK_SIZE - ALTERNATE_SIZE
    }

    /// The alternate stack as `sigaltstack(2)` takes it.
    pub(crate) fn alternate_stack(self) -> [usize; 3] {
        [self.stack_top(), 0, ALTERNATE_SIZE]
    }

    /// The region's block, ready for a thread of `process`.
    ///
    /// # Safety
    /// The region is mapped and no thread uses it.
    pub(crate) unsafe fn prepare(self, process: *const HostProcess) -> &'static ThreadBlock {
        let block: *const ThreadBlock = core::ptr::with_exposed_provenance(self.end() - BLOCK_SIZE);
        // SAFETY: mapped memory of the right size and alignment that nobody uses. It is zeroed or holds an older
        // block, and all-zero bytes are valid for every field.
        let prepared = unsafe { &*block };
        prepared.itself.set(block);
        prepared.stack_top.set(self.stack_top());
        prepared.entry.set(entry::entry());
        prepared.on_syscall.set(dispatch::on_syscall as *const () as usize);
        prepared.on_event.set(dispatch::on_event as *const () as usize);
        prepared.kicked.store(0, Ordering::Relaxed);
        prepared.begins.set(false);
        prepared.event.set(block::Event::Interrupt as u32);
        prepared.fault.set(None);
        prepared.trapped.set(None);
        prepared.stepping.set(false);
        prepared.entered_stepping.set(false);
        prepared.calls.set(None);
        prepared.service.set(None);
        prepared.thread_pointer.set(0);
        prepared.process.set(process);
        prepared.slot.set(self.slot);
        prepared
    }
}

/// Map private memory for a region through a host call.
pub(crate) fn map_private(address: usize, length: usize) -> bool {
    const READ_WRITE: usize = 3;
    const PRIVATE_FIXED_ANONYMOUS_NORESERVE: usize = 0x2 | 0x10 | 0x20 | 0x4000;
    // SAFETY: the range is the regions' own and nothing is mapped there.
    unsafe {
        calls::mmap(address, length, READ_WRITE, PRIVATE_FIXED_ANONYMOUS_NORESERVE, usize::MAX, 0).is_ok()
    }
}
