//! The pages of a file that are kept here, in blocks of shared pages.
//!
//! A block holds the pages of one aligned stretch of the file, each at its place, so that what is near in the file is
//! near in memory and is mapped in few pieces. Pages that are not here take no memory of the host.

use alloc::collections::BTreeMap;

use litebox_host::memory::{BLOCK_PAGES, SharedPage, SharedPages};

use super::contents::{PAGE, ZEROS};
use crate::error::Result;

const BLOCK: u64 = BLOCK_PAGES as u64;

/// The pages, by the number of their block in the file.
pub(super) struct PageTable {
    blocks: BTreeMap<u64, Block>,
}

/// A block, with a bit for each page.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) first: SharedPage,
    /// The page is here.
    here: u16,
    /// It was written, or is only a copy of the host's bytes.
    owned: u16,
    /// It is not here, but was: it does not hold zeros.
    stale: u16,
}

impl Block {
    /// The pages that hold something.
    pub(super) const fn used(&self) -> u16 {
        self.here | self.stale
    }

    /// How many pages were written, and how many are only copies.
    pub(super) const fn counts(&self) -> (u64, u64) {
        (self.owned.count_ones() as u64, (self.here & !self.owned).count_ones() as u64)
    }
}

/// The block that holds a page, and the page's number in it.
const fn split(index: u64) -> (u64, u32) {
    (index / BLOCK, (index % BLOCK) as u32)
}

const fn bit(index: u64) -> u16 {
    1 << split(index).1
}

/// Bits of the pages from `index` on in its block.
const fn from_bit(index: u64) -> u16 {
    u16::MAX << split(index).1
}

impl PageTable {
    pub(super) const fn new() -> Self {
        Self { blocks: BTreeMap::new() }
    }

    fn block(&self, index: u64) -> Option<&Block> {
        self.blocks.get(&split(index).0)
    }

    /// Page `index`, if it is here, and how many pages of its block from it on are here without a gap.
    pub(super) fn run(&self, index: u64) -> Option<(SharedPage, usize)> {
        let block = self.block(index)?;
        block.run(block.here, index)
    }

    /// As [`PageTable::run`], of pages that were written.
    pub(super) fn owned_run(&self, index: u64) -> Option<(SharedPage, usize)> {
        let block = self.block(index)?;
        block.run(block.owned, index)
    }

    pub(super) fn is_here(&self, index: u64) -> bool {
        self.block(index).is_some_and(|block| block.here & bit(index) != 0)
    }

    pub(super) fn is_owned(&self, index: u64) -> bool {
        self.block(index).is_some_and(|block| block.owned & bit(index) != 0)
    }

    /// Page `index`, which is here, counts as written.
    pub(super) fn set_owned(&mut self, index: u64) {
        if let Some(block) = self.blocks.get_mut(&split(index).0) {
            block.owned |= bit(index) & block.here;
        }
    }

    /// Make page `index` here, full of zeros.
    ///
    /// # Errors
    /// [`NoMemory`](crate::ErrorKind::NoMemory).
    pub(super) fn add(&mut self, host: &dyn SharedPages, index: u64) -> Result<SharedPage> {
        let (number, page) = split(index);
        if !self.blocks.contains_key(&number) {
            let near = number.checked_sub(1).and_then(|before| self.blocks.get(&before));
            let first = host.allocate_block(near.map(|block| block.first))?;
            self.blocks.insert(number, Block { first, here: 0, owned: 0, stale: 0 });
        }
        let block = self.blocks.get_mut(&number).ok_or(super::contents::NO_PAGE)?;
        let shared = block.first.advanced(u64::from(page));
        if block.stale & bit(index) != 0 {
            host.write_page(shared, 0, &ZEROS)?;
        }
        block.stale &= !bit(index);
        block.here |= bit(index);
        Ok(shared)
    }

    /// Page `index` is no longer here. The block, if none of its pages is.
    pub(super) fn remove(&mut self, index: u64) -> Option<Block> {
        let number = split(index).0;
        let block = self.blocks.get_mut(&number)?;
        block.take_out(bit(index));
        if block.here == 0 { self.blocks.remove(&number) } else { None }
    }

    /// Take the pages from `index` on out; `taken` gets what each block loses, by the block's first page. A block
    /// that has none left goes as a whole.
    pub(super) fn cut(&mut self, index: u64, mut taken: impl FnMut(u64, Block, Option<Block>)) {
        for (number, block) in self.blocks.split_off(&index.div_ceil(BLOCK)) {
            taken(number * BLOCK, block, Some(block));
        }
        let number = split(index).0;
        let Some(block) = self.blocks.get_mut(&number) else { return };
        let cut = from_bit(index);
        let lost = Block { here: block.here & cut, owned: block.owned & cut, ..*block };
        block.take_out(cut);
        let empty = block.here == 0;
        let whole = if empty { self.blocks.remove(&number) } else { None };
        taken(number * BLOCK, lost, whole);
    }

    /// The first page from `index` on that is here.
    pub(super) fn next(&self, index: u64) -> Option<u64> {
        let from = |number: u64| if number == split(index).0 { from_bit(index) } else { u16::MAX };
        let mut blocks = self.blocks.range(split(index).0..);
        blocks.find_map(|(number, block)| match block.here & from(*number) {
            0 => None,
            here => Some(number * BLOCK + u64::from(here.trailing_zeros())),
        })
    }

    /// The first page from `index` on that is not.
    pub(super) fn next_missing(&self, mut index: u64) -> u64 {
        while let Some((_, count)) = self.run(index) {
            index += count as u64;
        }
        index
    }

    /// How many pages from `first` to before `end` are here.
    pub(super) fn count(&self, first: u64, end: u64) -> u64 {
        let mut sum = 0;
        for (number, block) in self.blocks.range(split(first).0..=split(end).0) {
            let low = if *number == split(first).0 { from_bit(first) } else { u16::MAX };
            let high = if *number == split(end).0 { !from_bit(end) } else { u16::MAX };
            sum += u64::from((block.here & low & high).count_ones());
        }
        sum
    }
}

impl Block {
    fn run(&self, pages: u16, index: u64) -> Option<(SharedPage, usize)> {
        let (_, page) = split(index);
        match (pages >> page).trailing_ones() {
            0 => None,
            count => Some((self.first.advanced(u64::from(page)), count as usize)),
        }
    }

    fn take_out(&mut self, pages: u16) {
        self.stale |= self.here & pages;
        self.here &= !pages;
        self.owned &= !pages;
    }

    /// Bits of the pages that were written, as numbers in the block.
    pub(super) fn owned_pages(&self) -> impl Iterator<Item = u64> {
        let owned = self.owned;
        (0..BLOCK).filter(move |page| owned & (1 << page) != 0)
    }
}

const _: () = assert!(PAGE == litebox_host::memory::PAGE_SIZE);
