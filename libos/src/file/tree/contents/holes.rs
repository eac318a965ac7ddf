//! Room for pages, holes in files, and finding them.

use core::ops::Range;

use litebox_host::memory::BLOCK_PAGES;

use super::{Contents, MAX_SIZE, PAGE, PAGE_BYTES, ZEROS, split};
use crate::error::{Error, ErrorKind, Result};
use crate::file::tree::Tree;
use crate::file::{Allocation, Seals, SeekTo};

impl Contents {
    /// Change how `range` is kept.
    pub(in crate::file::tree) fn allocate(
        &mut self,
        tree: &Tree,
        range: Range<u64>,
        how: Allocation,
    ) -> Result<()> {
        if range.end > MAX_SIZE {
            return Err(Error::new(ErrorKind::FileTooBig, "the range is beyond the largest file"));
        }
        let grows = matches!(how, Allocation::Extend | Allocation::Zero) && range.end > self.length;
        if grows {
            self.check_seals(Seals::GROW)?;
        }
        match how {
            Allocation::Extend | Allocation::Reserve => self.reserve(tree, &range)?,
            Allocation::Zero | Allocation::ZeroInside | Allocation::Punch => {
                self.check_seals(Seals::WRITE | Seals::FUTURE_WRITE)?;
                self.zero(tree, &range)?;
            }
        }
        if grows {
            self.length = range.end;
        }
        Ok(())
    }

    /// Own the pages of `range` that are holes.
    fn reserve(&mut self, tree: &Tree, range: &Range<u64>) -> Result<()> {
        let first = (range.start / PAGE_BYTES).max(self.lower_length.div_ceil(PAGE_BYTES));
        let end = range.end.div_ceil(PAGE_BYTES).max(first);
        self.check_room(tree, first..end)?;
        let mut index = first;
        while index < end {
            let (_, count) =
                self.own(tree, index, BLOCK_PAGES.min(usize::try_from(end - index).unwrap_or(1)))?;
            index += count as u64;
        }
        Ok(())
    }

    /// Whether those of `pages` that are not here can be made; so that nothing is taken if not all can be.
    pub(super) fn check_room(&self, tree: &Tree, pages: Range<u64>) -> Result<()> {
        if pages.is_empty() {
            return Ok(());
        }
        let here = self.pages.count(pages.start, pages.end);
        let missing = (pages.end - pages.start).saturating_sub(here).saturating_mul(PAGE_BYTES);
        tree.charge(missing)?;
        tree.release(missing);
        Ok(())
    }

    fn zero(&mut self, tree: &Tree, range: &Range<u64>) -> Result<()> {
        // Beyond the end and in holes there are zeros already.
        let end = range.end.min(self.length);
        let lower_end = self.lower_length.div_ceil(PAGE_BYTES);
        let mut index = range.start / PAGE_BYTES;
        while index * PAGE_BYTES < end {
            if index >= lower_end {
                // Only pages that are here hold anything.
                match self.pages.next(index) {
                    Some(next) if next * PAGE_BYTES < end => index = next,
                    _ => break,
                }
            }
            let start = index * PAGE_BYTES;
            let whole = range.start <= start && start + PAGE_BYTES <= range.end;
            if whole && index >= lower_end && !self.mapped.is_mapped() {
                self.release_page(tree, index);
            } else {
                let from = usize::try_from(range.start.saturating_sub(start)).unwrap_or(PAGE);
                let to = usize::try_from(end - start).unwrap_or(PAGE).min(PAGE);
                let (page, _) = self.own(tree, index, 1)?;
                tree.pages().write_page(page, from, ZEROS.get(from..to).unwrap_or_default())?;
            }
            index += 1;
        }
        Ok(())
    }

    /// Make a hole of page `index`, which is here, beyond the host's bytes.
    fn release_page(&mut self, tree: &Tree, index: u64) {
        if self.pages.is_owned(index) {
            tree.release(PAGE_BYTES);
            self.owned -= 1;
            self.beyond -= 1;
        } else {
            tree.uncache(PAGE_BYTES);
        }
        self.drop_page(tree, index);
    }

    /// The first offset from `from` on that lies in data, or in a hole.
    pub(in crate::file::tree) fn seek(&self, from: u64, to: SeekTo) -> Result<u64> {
        let none = Error::new(ErrorKind::NoSuchDevice, "nothing like it before the end of the file");
        if from >= self.length {
            return Err(none);
        }
        let is_data = |index: u64| index * PAGE_BYTES < self.lower_length || self.pages.is_here(index);
        let (first, _) = split(from);
        let found = match to {
            SeekTo::Data if is_data(first) => first,
            SeekTo::Data => self.pages.next(first).ok_or(none)?,
            SeekTo::Hole if !is_data(first) => first,
            SeekTo::Hole => self.pages.next_missing(first.max(self.lower_length.div_ceil(PAGE_BYTES))),
        };
        let offset = (found * PAGE_BYTES).max(from);
        match to {
            SeekTo::Data if offset >= self.length => Err(none),
            SeekTo::Data => Ok(offset),
            SeekTo::Hole => Ok(offset.min(self.length)),
        }
    }
}
