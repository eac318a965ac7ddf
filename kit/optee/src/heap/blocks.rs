//! Which parts of a heap are in use.
//!
//! The heap is a row of 16-byte units. A block is one unit of header and units of content; headers give the block's
//! length, so the blocks are walked from the first. Free neighbours are joined when an allocation walks over them.

/// Bytes of a unit: the alignment of what C may allocate.
pub(super) const UNIT: usize = 16;

/// The words that headers are kept in, one a unit.
pub(super) trait Headers {
    /// How many units there are.
    fn units(&self) -> usize;
    /// The header word of the unit `index`, which is below [`Self::units`].
    fn load(&self, index: usize) -> u64;
    /// Writes it.
    fn store(&mut self, index: usize, word: u64);
}

/// A header: units of the block, itself included, and whether it is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    units: usize,
    is_used: bool,
}

impl Block {
    fn pack(self) -> u64 {
        (self.units as u64) << 1 | u64::from(self.is_used)
    }

    fn unpack(word: u64) -> Self {
        Self { units: (word >> 1) as usize, is_used: word & 1 == 1 }
    }
}

/// A header was overwritten, or a pointer is no allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Corrupt;

/// The heap over its headers.
pub(super) struct Blocks<H>(H);

impl<H: Headers> Blocks<H> {
    /// Makes one free block of all units.
    pub(super) fn new(mut headers: H) -> Self {
        let units = headers.units();
        if units > 0 {
            headers.store(0, Block { units, is_used: false }.pack());
        }
        Self(headers)
    }

    /// Takes room for `bytes`: the index of the first unit of the content, or `None` if there is no room.
    pub(super) fn allocate(&mut self, bytes: usize) -> Result<Option<usize>, Corrupt> {
        let Some(wanted) = bytes.max(1).div_ceil(UNIT).checked_add(1) else { return Ok(None) };
        let mut at = 0;
        while at < self.0.units() {
            let block = self.joined(at)?;
            if !block.is_used && block.units >= wanted {
                self.cut(at, block.units, wanted);
                return Ok(Some(at + 1));
            }
            at += block.units;
        }
        Ok(None)
    }

    /// Gives back what [`Self::allocate`] answered.
    pub(super) fn free(&mut self, content: usize) -> Result<(), Corrupt> {
        let (at, block) = self.find(content)?;
        self.0.store(at, Block { is_used: false, ..block }.pack());
        Ok(())
    }

    /// The bytes that the allocation has room for.
    pub(super) fn capacity(&self, content: usize) -> Result<usize, Corrupt> {
        let (_, block) = self.find(content)?;
        Ok((block.units - 1) * UNIT)
    }

    /// The block whose content starts at `content`, which must be in use.
    fn find(&self, content: usize) -> Result<(usize, Block), Corrupt> {
        let mut at = 0;
        while at < content {
            let block = self.block(at)?;
            if at + 1 == content && block.is_used {
                return Ok((at, block));
            }
            at += block.units;
        }
        Err(Corrupt)
    }

    fn block(&self, at: usize) -> Result<Block, Corrupt> {
        let rest = self.0.units().checked_sub(at).filter(|rest| *rest > 0).ok_or(Corrupt)?;
        let block = Block::unpack(self.0.load(at));
        if (1..=rest).contains(&block.units) { Ok(block) } else { Err(Corrupt) }
    }

    /// The block at `at`, after it took in the free blocks behind it if it is free itself.
    fn joined(&mut self, at: usize) -> Result<Block, Corrupt> {
        let mut block = self.block(at)?;
        while !block.is_used && at + block.units < self.0.units() {
            let next = self.block(at + block.units)?;
            if next.is_used {
                break;
            }
            block.units += next.units;
            self.0.store(at, block.pack());
        }
        Ok(block)
    }

    /// Uses the first `wanted` units of a free block of `units`; the rest stays free.
    fn cut(&mut self, at: usize, units: usize, wanted: usize) {
        let rest = units - wanted;
        self.0.store(at, Block { units: wanted, is_used: true }.pack());
        if rest > 0 {
            self.0.store(at + wanted, Block { units: rest, is_used: false }.pack());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::{Blocks, Corrupt, Headers};

    impl Headers for Vec<u64> {
        fn units(&self) -> usize {
            self.len()
        }
        fn load(&self, index: usize) -> u64 {
            self[index]
        }
        fn store(&mut self, index: usize, word: u64) {
            self[index] = word;
        }
    }

    #[test]
    fn blocks_are_taken_until_none_is_left_and_joined_again() {
        let mut blocks = Blocks::new(vec![0; 8]);
        let taken: Vec<_> = (0..4).map(|_| blocks.allocate(16)).collect();
        assert_eq!(taken, [Ok(Some(1)), Ok(Some(3)), Ok(Some(5)), Ok(Some(7))]);
        assert_eq!(blocks.allocate(0), Ok(None));
        for content in [1, 5, 3] {
            assert_eq!(blocks.free(content), Ok(()));
        }
        assert_eq!(blocks.allocate(80), Ok(Some(1)));
        assert_eq!(blocks.capacity(1), Ok(80));
    }

    #[test]
    fn a_wrong_or_second_free_and_an_overwritten_header_are_found() {
        let mut blocks = Blocks::new(vec![0; 8]);
        assert_eq!(blocks.allocate(16), Ok(Some(1)));
        for content in [0, 2, 3, 9] {
            assert_eq!(blocks.free(content), Err(Corrupt), "{content}");
        }
        assert_eq!(blocks.free(1), Ok(()));
        assert_eq!(blocks.free(1), Err(Corrupt));
        for word in [0, 0xFFFF] {
            blocks.0.store(0, word);
            assert_eq!(blocks.allocate(1), Err(Corrupt), "{word}");
        }
    }

    #[test]
    fn sizes_beyond_all_memory_and_an_empty_heap_have_no_room() {
        assert_eq!(Blocks::new(vec![0; 8]).allocate(usize::MAX), Ok(None));
        assert_eq!(Blocks::new(Vec::new()).allocate(1), Ok(None));
    }
}
