//! Shared pages in a map.

use std::collections::BTreeMap;

use litebox_host::HostError;
use litebox_host::memory::{
    AccessFault, BLOCK_PAGES, Footprint, OwnMemory, PAGE_SIZE, SharedPage, SharedPages, UserAccess,
};

use crate::host::{FakeHost, lock};

/// The blocks that are taken, by their first pages.
#[derive(Default)]
pub(crate) struct Blocks {
    blocks: BTreeMap<u64, Box<[u8]>>,
}

const BLOCK: u64 = BLOCK_PAGES as u64;

impl Blocks {
    /// The bytes from `offset` of `page` on to the end of its block.
    pub(crate) fn rest(&mut self, page: SharedPage, offset: usize) -> Option<&mut [u8]> {
        let block = self.blocks.get_mut(&(page.0 / BLOCK * BLOCK))?;
        let start = usize::try_from(page.0 % BLOCK).ok()? * PAGE_SIZE + offset;
        block.get_mut(start..)
    }

    /// The bytes of `page`.
    pub(crate) fn page(&mut self, page: SharedPage) -> Option<&mut [u8]> {
        self.rest(page, 0)?.get_mut(..PAGE_SIZE)
    }
}

impl FakeHost {
    /// How many blocks of shared pages are taken.
    pub fn shared_blocks(&self) -> usize {
        lock(&self.state.blocks).blocks.len()
    }
}

impl Footprint for FakeHost {
    /// The state lies in the memory of the tests, where nobody counts it.
    fn own_memory(&self) -> OwnMemory {
        OwnMemory { state: 0, shared: (self.shared_blocks() * BLOCK_PAGES * PAGE_SIZE) as u64 }
    }
}

impl SharedPages for FakeHost {
    fn allocate_block(&self, near: Option<SharedPage>) -> Result<SharedPage, HostError> {
        let mut blocks = lock(&self.state.blocks);
        let wanted = near.map_or(0, |near| near.0 + BLOCK);
        let free = (0..).map(|index| wanted + index * BLOCK).find(|first| !blocks.blocks.contains_key(first));
        let first = free.ok_or(HostError::NoMemory)?;
        blocks.blocks.insert(first, vec![0; BLOCK_PAGES * PAGE_SIZE].into());
        Ok(SharedPage(first))
    }

    fn free_block(&self, block: SharedPage, used: u16) {
        let freed = lock(&self.state.blocks).blocks.remove(&block.0).expect("a block is freed once");
        let clean = freed.chunks(PAGE_SIZE).enumerate().filter(|(page, _)| used & 1 << page == 0);
        assert!(clean.flat_map(|(_, bytes)| bytes).all(|byte| *byte == 0), "unused pages hold zeros");
    }

    fn read_page(&self, page: SharedPage, offset: usize, to: &mut [u8]) {
        let mut blocks = lock(&self.state.blocks);
        let bytes = blocks.rest(page, offset).unwrap_or_default();
        let count = bytes.len().min(to.len());
        to[..count].copy_from_slice(&bytes[..count]);
    }

    fn write_page(&self, page: SharedPage, offset: usize, from: &[u8]) -> Result<(), HostError> {
        let mut blocks = lock(&self.state.blocks);
        let bytes = blocks.rest(page, offset).ok_or(HostError::Invalid)?;
        let count = bytes.len().min(from.len());
        bytes[..count].copy_from_slice(&from[..count]);
        Ok(())
    }

    fn page_to_user(
        &self,
        page: SharedPage,
        offset: usize,
        to: usize,
        count: usize,
    ) -> Result<(), AccessFault> {
        let mut bytes = vec![0; count];
        self.read_page(page, offset, &mut bytes);
        UserAccess::write(self, to, &bytes)
    }

    fn user_to_page(
        &self,
        page: SharedPage,
        offset: usize,
        from: usize,
        count: usize,
    ) -> Result<(), AccessFault> {
        let mut bytes = vec![0; count];
        let outcome = UserAccess::read(self, from, &mut bytes);
        let copied = outcome.map_or_else(|fault| fault.copied, |()| count);
        let _ = self.write_page(page, offset, &bytes[..copied]);
        outcome
    }
}
