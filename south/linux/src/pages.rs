//! Shared pages: pages of the arena that the library OS hands out and may map into guests.
#![expect(unsafe_code, reason = "shared pages are copied from and to as raw memory")]

use litebox_host::HostError;
use litebox_host::memory::{
    AccessFault, BLOCK_PAGES, Footprint, GuestCopies, OwnMemory, PAGE_SIZE, SharedPage, SharedPages,
};
use litebox_host::sync::Ordering;

use crate::arena;
use crate::blocks::{BATCH, BLOCK_SIZE, BLOCKS, Used};
use crate::calls;
use crate::enter::copy;
use crate::host::LinuxProcess;
use crate::layout::{SHARED_PAGES, SHARED_PAGES_SIZE};

const MADV_REMOVE: usize = 9;

/// Where `length` bytes from `offset` of `page` on lie; `None` if shared pages do not go so far.
pub(crate) fn address(page: SharedPage, offset: usize, length: usize) -> Option<usize> {
    let start = usize::try_from(page.0).ok()?.checked_mul(PAGE_SIZE)?.checked_add(offset)?;
    let inside = start.checked_add(length)? <= SHARED_PAGES_SIZE;
    inside.then_some(SHARED_PAGES + start)
}

/// Where the bytes from `offset` of `page` on lie, and how many of `length` its block has.
fn place(page: SharedPage, offset: usize, length: usize) -> Option<(usize, usize)> {
    let start = address(page, offset, 0)?;
    let block_end = (start - SHARED_PAGES + 1).next_multiple_of(BLOCK_SIZE);
    let length = length.min(block_end - (start - SHARED_PAGES));
    address(page, offset, length).map(|start| (start, length))
}

fn number(block: SharedPage) -> Option<u32> {
    let number = block.0 / BLOCK_PAGES as u64;
    u32::try_from(number).ok().filter(|number| (*number as usize) < BLOCKS)
}

fn first_page(block: u32) -> SharedPage {
    SharedPage(u64::from(block) * BLOCK_PAGES as u64)
}

/// Make zeros of the pages of `used` that are not; whether that could be done.
fn clean(used: Used) -> bool {
    (0..BLOCK_PAGES as u64).filter(|page| used.pages & (1 << page) != 0).all(|page| {
        let Some(start) = address(first_page(used.block).advanced(page), 0, PAGE_SIZE) else { return false };
        // SAFETY: the page is of a block that nobody uses, and a fault is recovered.
        unsafe { copy::clear(start, PAGE_SIZE) == 0 }
    })
}

/// Give the memory of `blocks`, in order, back to the host.
fn give_back(blocks: &[Used]) {
    for run in blocks.chunk_by(|one, next| one.block + 1 == next.block) {
        let Some(first) = run.first() else { continue };
        let length = run.len() * BLOCK_SIZE;
        let Some(start) = address(first_page(first.block), 0, length) else { continue };
        // SAFETY: the pages are of blocks that nobody uses.
        let removed = unsafe { calls::madvise(start, length, MADV_REMOVE) }.is_ok();
        for used in run {
            // Memory that the host keeps is cleared instead.
            if removed || clean(*used) {
                arena::blocks().lock().clear(used.block);
            }
        }
    }
}

impl Footprint for LinuxProcess {
    fn own_memory(&self) -> OwnMemory {
        let blocks = arena::blocks().lock().in_use();
        let state = arena::header().in_use.load(Ordering::Relaxed);
        OwnMemory { state: state as u64, shared: (blocks * BLOCK_SIZE) as u64 }
    }
}

impl SharedPages for LinuxProcess {
    fn allocate_block(&self, near: Option<SharedPage>) -> Result<SharedPage, HostError> {
        let used = arena::blocks().lock().take(near.and_then(number)).ok_or(HostError::NoMemory)?;
        if !clean(used) {
            self.free_block(first_page(used.block), used.pages);
            return Err(HostError::NoMemory);
        }
        Ok(first_page(used.block))
    }

    fn free_block(&self, block: SharedPage, used: u16) {
        let Some(number) = number(block) else { return };
        let mut batch = [Used::default(); BATCH];
        let count = arena::blocks().lock().free(Used { block: number, pages: used }, &mut batch);
        let batch = batch.get_mut(..count).unwrap_or_default();
        batch.sort_unstable_by_key(|used| used.block);
        give_back(batch);
    }

    fn read_page(&self, page: SharedPage, offset: usize, to: &mut [u8]) {
        let Some((from, length)) = place(page, offset, to.len()) else { return };
        // SAFETY: `to` is a borrowed buffer at least so long; the source is memory that no reference leads to, and a
        // fault is recovered.
        let _ = unsafe { copy::copy(to.as_mut_ptr().addr(), from, length) };
    }

    fn write_page(&self, page: SharedPage, offset: usize, from: &[u8]) -> Result<(), HostError> {
        let (to, length) = place(page, offset, from.len()).ok_or(HostError::Invalid)?;
        // SAFETY: `from` is a borrowed buffer at least so long; the target is memory that no reference leads to, and
        // a fault is recovered: the host has no memory for the page then.
        let left = unsafe { copy::copy(to, from.as_ptr().addr(), length) };
        if left == 0 { Ok(()) } else { Err(HostError::NoMemory) }
    }

    fn page_to_user(
        &self,
        page: SharedPage,
        offset: usize,
        to: usize,
        count: usize,
    ) -> Result<(), AccessFault> {
        let (from, length) = place(page, offset, count).ok_or(AccessFault { copied: 0 })?;
        let tried = LinuxProcess::accessible(to, length);
        // SAFETY: the target is guest memory, the source memory that no reference leads to.
        let left = unsafe { copy::copy(to, from, tried) };
        AccessFault::unless_all(count, tried, left)
    }

    fn user_to_page(
        &self,
        page: SharedPage,
        offset: usize,
        from: usize,
        count: usize,
    ) -> Result<(), AccessFault> {
        let (to, length) = place(page, offset, count).ok_or(AccessFault { copied: 0 })?;
        let tried = LinuxProcess::accessible(from, length);
        // SAFETY: the source is guest memory, the target memory that no reference leads to.
        let left = unsafe { copy::copy(to, from, tried) };
        AccessFault::unless_all(count, tried, left)
    }
}
