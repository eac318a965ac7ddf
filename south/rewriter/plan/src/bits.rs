//! One bit per byte of a segment.

use crate::Error;
use alloc::vec::Vec;

/// A set of offsets below a fixed limit.
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// An empty set of offsets below `limit`.
    pub(crate) fn new(limit: usize) -> Result<Self, Error> {
        let words = limit.div_ceil(64);
        let mut bits = Vec::new();
        bits.try_reserve_exact(words).map_err(|_| Error::Memory)?;
        bits.resize(words, 0);
        Ok(Self(bits))
    }

    /// Whether `offset` is in the set.
    pub(crate) fn has(&self, offset: usize) -> bool {
        self.0.get(offset >> 6).is_some_and(|word| word >> (offset & 63) & 1 != 0)
    }

    /// Adds `offset`, and tells whether it was new. Offsets beyond the limit are ignored.
    pub(crate) fn add(&mut self, offset: usize) -> bool {
        let Some(word) = self.0.get_mut(offset >> 6) else { return false };
        let bit = 1 << (offset & 63);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}
