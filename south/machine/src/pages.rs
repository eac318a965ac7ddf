//! Shared pages: blocks of frames, which the kernel sees in its view of physical memory.
#![expect(unsafe_code, reason = "shared pages are raw memory")]

use litebox_host::HostError;
use litebox_host::memory::{
    AccessFault, BLOCK_PAGES, Footprint, GuestCopies, OwnMemory, PAGE_SIZE, SharedPage, SharedPages,
};

use crate::enter::copy;
use crate::frames::{self, view};
use crate::heap;
use crate::host::BareMachine;

const BLOCK: u64 = BLOCK_PAGES as u64;

/// Where the byte `offset` of `page` is, and how many bytes follow in its block; `None` if no block has the page.
fn place(page: SharedPage, offset: usize) -> Option<(*mut u8, usize)> {
    let frame = frames::shared(page.0)?;
    let rest = (BLOCK - page.0 % BLOCK) as usize * PAGE_SIZE;
    Some((view(frame.0 + offset as u64), rest.checked_sub(offset)?))
}

impl Footprint for BareMachine {
    fn own_memory(&self) -> OwnMemory {
        OwnMemory { state: heap::in_use(), shared: frames::block_bytes() }
    }
}

impl SharedPages for BareMachine {
    fn allocate_block(&self, _: Option<SharedPage>) -> Result<SharedPage, HostError> {
        frames::allocate_block().map(SharedPage).ok_or(HostError::NoMemory)
    }

    fn free_block(&self, block: SharedPage, _: u16) {
        frames::free_block(block.0);
    }

    fn read_page(&self, page: SharedPage, offset: usize, to: &mut [u8]) {
        let Some((from, rest)) = place(page, offset) else { return };
        // SAFETY: so many bytes of the block follow, and `to` is borrowed. Guests may change them meanwhile; they are
        // bytes whatever they are.
        unsafe { from.copy_to_nonoverlapping(to.as_mut_ptr(), to.len().min(rest)) };
    }

    fn write_page(&self, page: SharedPage, offset: usize, from: &[u8]) -> Result<(), HostError> {
        let (to, rest) = place(page, offset).ok_or(HostError::Invalid)?;
        // SAFETY: so many bytes of the block follow, and `from` is borrowed, from elsewhere.
        unsafe { to.copy_from_nonoverlapping(from.as_ptr(), from.len().min(rest)) };
        Ok(())
    }

    fn page_to_user(
        &self,
        page: SharedPage,
        offset: usize,
        to: usize,
        count: usize,
    ) -> Result<(), AccessFault> {
        let (from, rest) = place(page, offset).ok_or(AccessFault { copied: 0 })?;
        let tried = Self::accessible(to, count.min(rest));
        // SAFETY: the target is where guest memory may lie, the source so many bytes of a block that no reference leads to.
        let left = unsafe { copy::copy(to, from.addr(), tried) };
        AccessFault::unless_all(count, tried, left)
    }

    fn user_to_page(
        &self,
        page: SharedPage,
        offset: usize,
        from: usize,
        count: usize,
    ) -> Result<(), AccessFault> {
        let (to, rest) = place(page, offset).ok_or(AccessFault { copied: 0 })?;
        let tried = Self::accessible(from, count.min(rest));
        // SAFETY: the source is where guest memory may lie, the target so many bytes of a block that no reference leads to.
        let left = unsafe { copy::copy(to.addr(), from, tried) };
        AccessFault::unless_all(count, tried, left)
    }
}
