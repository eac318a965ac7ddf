//! Shared pages: blocks of frames, which the kernel sees in its view of physical memory.
#![expect(unsafe_code, reason = "shared pages are raw memory")]

use litebox_host::HostError;
use litebox_host::memory::{
    AccessFault, BLOCK_PAGES, Footprint, OwnMemory, PAGE_SIZE, SharedPage, SharedPages, UserAccess,
};

use crate::frames::{self, view};
use crate::heap;
use crate::host::BareMachine;

const BLOCK: u64 = BLOCK_PAGES as u64;
/// Bytes copied at a time between pages and guests.
const CHUNK: usize = 512;

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
        let mut chunk = [0; CHUNK];
        for done in (0..count).step_by(CHUNK) {
            let part = chunk.get_mut(..CHUNK.min(count - done)).unwrap_or_default();
            self.read_page(page, offset + done, part);
            UserAccess::write(self, to.wrapping_add(done), part)
                .map_err(|fault| AccessFault { copied: done + fault.copied })?;
        }
        Ok(())
    }

    fn user_to_page(
        &self,
        page: SharedPage,
        offset: usize,
        from: usize,
        count: usize,
    ) -> Result<(), AccessFault> {
        let mut chunk = [0; CHUNK];
        for done in (0..count).step_by(CHUNK) {
            let part = chunk.get_mut(..CHUNK.min(count - done)).unwrap_or_default();
            let outcome = UserAccess::read(self, from.wrapping_add(done), part);
            let copied = outcome.map_or_else(|fault| fault.copied, |()| part.len());
            let _ = self.write_page(page, offset + done, part.get(..copied).unwrap_or_default());
            outcome.map_err(|fault| AccessFault { copied: done + fault.copied })?;
        }
        Ok(())
    }
}
