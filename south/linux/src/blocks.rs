//! Which blocks of the arena's shared pages are taken: a bitmap with a summary, and freed blocks that wait to be
//! used again or given back to the host.
//!
//! All zeros is the state with every block free, so that the state needs no set-up in the fresh arena. The host is
//! not called here.

use litebox_host::memory::{BLOCK_PAGES, PAGE_SIZE};

use crate::layout::SHARED_PAGES_SIZE;

/// Bytes of a block.
pub(crate) const BLOCK_SIZE: usize = BLOCK_PAGES * PAGE_SIZE;
/// How many there are.
pub(crate) const BLOCKS: usize = SHARED_PAGES_SIZE / BLOCK_SIZE;
const WORD: usize = u64::BITS as usize;
const WORDS: usize = BLOCKS / WORD;
const GROUPS: usize = WORDS / WORD;
/// How many freed blocks wait at most.
const WAITING: usize = 4096;
/// How many of their pages hold something at most: 32 MiB of memory that the host does not get back at once.
const WAITING_PAGES: usize = 8192;
/// How many blocks are given back together when too many wait.
pub(crate) const BATCH: usize = 128;

const _: () = assert!(BLOCKS == GROUPS * WORD * WORD);

/// A freed block, and which of its pages do not hold zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) block: u32,
    pub(crate) pages: u16,
}

/// The state of all blocks.
pub(crate) struct Blocks {
    /// A bit for each block that is taken or waits.
    taken: [u64; WORDS],
    /// A bit for each word of `taken` that is all ones.
    full: [u64; GROUPS],
    /// How many bits `taken` has.
    taken_count: usize,
    waiting: [Used; WAITING],
    waiting_count: usize,
    waiting_pages: usize,
}

impl Used {
    const fn count(self) -> usize {
        self.pages.count_ones() as usize
    }
}

impl Blocks {
    /// Take a block, best the one after `near`; its pages without a bit hold zeros.
    pub(crate) fn take(&mut self, near: Option<u32>) -> Option<Used> {
        if let Some(next) = near.and_then(|near| near.checked_add(1)).filter(|next| self.is_free(*next)) {
            self.set(next, true);
            return Some(Used { block: next, pages: 0 });
        }
        if let Some((last, used)) =
            self.waiting_count.checked_sub(1).and_then(|last| Some((last, *self.waiting.get(last)?)))
        {
            self.waiting_count = last;
            self.waiting_pages -= used.count();
            return Some(used);
        }
        let (group, bits) = self.full.iter().enumerate().find(|(_, bits)| **bits != u64::MAX)?;
        let word = group * WORD + bits.trailing_ones() as usize;
        let bit = self.taken.get(word)?.trailing_ones() as usize;
        let block = u32::try_from(word * WORD + bit).ok()?;
        self.set(block, true);
        Some(Used { block, pages: 0 })
    }

    /// A block is free. If too many wait, the first of them are moved to `batch`, whose pages are to be given back
    /// before the blocks are [cleared](Blocks::clear); how many.
    pub(crate) fn free(&mut self, used: Used, batch: &mut [Used; BATCH]) -> usize {
        if used.pages == 0 {
            self.clear(used.block);
            return 0;
        }
        let mut moved = 0;
        if self.waiting_count == WAITING || self.waiting_pages + used.count() > WAITING_PAGES {
            moved = BATCH.min(self.waiting_count);
            for (place, first) in batch.iter_mut().zip(&self.waiting).take(moved) {
                self.waiting_pages -= first.count();
                *place = *first;
            }
            self.waiting.copy_within(moved..self.waiting_count, 0);
            self.waiting_count -= moved;
        }
        if let Some(place) = self.waiting.get_mut(self.waiting_count) {
            *place = used;
            self.waiting_count += 1;
            self.waiting_pages += used.count();
        }
        moved
    }

    /// A block is free, and all its pages hold zeros.
    pub(crate) fn clear(&mut self, block: u32) {
        self.set(block, false);
    }

    fn is_free(&self, block: u32) -> bool {
        let index = block as usize;
        self.taken.get(index / WORD).is_some_and(|word| word & (1 << (index % WORD)) == 0)
    }

    /// How many are in use.
    pub(crate) fn in_use(&self) -> usize {
        self.taken_count.saturating_sub(self.waiting_count)
    }

    fn set(&mut self, block: u32, taken: bool) {
        match (taken, self.is_free(block)) {
            (true, true) => self.taken_count += 1,
            (false, false) => self.taken_count -= 1,
            _ => {}
        }
        let index = block as usize;
        let (word, bit) = (index / WORD, index % WORD);
        let Some(bits) = self.taken.get_mut(word) else { return };
        *bits = if taken { *bits | 1 << bit } else { *bits & !(1 << bit) };
        let full = *bits == u64::MAX;
        let Some(group) = self.full.get_mut(word / WORD) else { return };
        *group = if full { *group | 1 << (word % WORD) } else { *group & !(1 << (word % WORD)) };
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::boxed::Box;
    use std::vec::Vec;

    use super::*;

    fn fresh() -> Box<Blocks> {
        Box::new(Blocks {
            taken: [0; WORDS],
            full: [0; GROUPS],
            waiting: [Used::default(); WAITING],
            waiting_count: 0,
            waiting_pages: 0,
            taken_count: 0,
        })
    }

    #[test]
    fn neighbours_follow_one_another() {
        let mut blocks = fresh();
        let first = blocks.take(None).unwrap();
        assert_eq!(blocks.take(Some(first.block)), Some(Used { block: first.block + 1, pages: 0 }));
        assert_eq!(blocks.take(Some(first.block)).unwrap().block, first.block + 2);
    }

    #[test]
    fn all_blocks_can_be_taken_once() {
        let mut blocks = fresh();
        for block in 0..BLOCKS {
            assert_eq!(blocks.take(None).map(|used| used.block as usize), Some(block));
        }
        assert_eq!(blocks.take(None), None);
        let last = u32::try_from(BLOCKS - 1).unwrap();
        assert_eq!(blocks.take(Some(last)), None);
        blocks.clear(last);
        assert_eq!(blocks.take(None).map(|used| used.block), Some(last));
    }

    #[test]
    fn used_blocks_wait_and_go_in_batches() {
        let mut blocks = fresh();
        let most = WAITING_PAGES / 2;
        let taken: Vec<u32> = (0..=most).map(|_| blocks.take(None).unwrap().block).collect();
        let mut batch = [Used::default(); BATCH];
        let moved: Vec<usize> =
            taken.iter().map(|block| blocks.free(Used { block: *block, pages: 3 }, &mut batch)).collect();
        assert_eq!(moved.iter().sum::<usize>(), BATCH);
        assert_eq!(moved.last(), Some(&BATCH));
        assert_eq!(batch[0], Used { block: taken[0], pages: 3 });
        assert_eq!(blocks.take(None), Some(Used { block: taken[most], pages: 3 }));
        for used in batch {
            blocks.clear(used.block);
        }
        assert_eq!(blocks.free(Used { block: taken[WAITING], pages: 0 }, &mut batch), 0);
    }
}
