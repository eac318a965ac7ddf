//! The map from addresses to areas.
//!
//! A sorted vector, not a tree: its growth can fail without ending the sandbox, a look-up is a binary search in
//! memory that is read in order, and the few hundred areas of common programs move faster than a tree is walked.

use alloc::vec::Vec;
use core::ops::Range;

use super::area::Area;
use super::limits::Usage;
use super::pages::{NO_MEMORY, common};
use crate::error::Result;

/// How many areas an address space may have (`vm.max_map_count`, proc(5)).
pub const MAX_AREAS: usize = 65530;

/// Areas in the order of their addresses: disjoint, and none continued by the next.
#[derive(Default)]
pub(super) struct AreaMap {
    areas: Vec<Area>,
    usage: Usage,
}

impl AreaMap {
    /// What all areas add up to.
    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    /// The area with `address`.
    pub(super) fn find(&self, address: usize) -> Option<&Area> {
        self.next(address).filter(|area| area.range.start <= address)
    }

    /// The first area that ends above `address`: the one with it, or the next one.
    pub(super) fn next(&self, address: usize) -> Option<&Area> {
        self.areas.get(self.index(address))
    }

    /// The last area that lies wholly below `address`, or ends there.
    pub(super) fn previous(&self, address: usize) -> Option<&Area> {
        self.areas.get(self.index(address).checked_sub(1)?)
    }

    /// All areas.
    pub(super) fn all(&self) -> &[Area] {
        &self.areas
    }

    /// All areas; their addresses and lengths stay.
    pub(super) fn all_mut(&mut self) -> &mut [Area] {
        &mut self.areas
    }

    /// The areas that have pages in `range`.
    pub(super) fn overlapping(&self, range: &Range<usize>) -> &[Area] {
        self.areas.get(self.indices(range)).unwrap_or_default()
    }

    /// Where `range` is mapped without a hole from its start, that stretch ends here; at most `range.end`.
    pub(super) fn contiguous_end(&self, range: &Range<usize>) -> usize {
        let mut end = range.start;
        for area in self.overlapping(range) {
            if area.range.start > end {
                break;
            }
            end = area.range.end.min(range.end);
        }
        end
    }

    /// Whether every page of `range` is mapped.
    pub(super) fn covers(&self, range: &Range<usize>) -> bool {
        self.contiguous_end(range) == range.end
    }

    /// What the pages in `range` add up to.
    pub(super) fn usage_in(&self, range: &Range<usize>) -> Usage {
        let parts = self.overlapping(range).iter().filter_map(|area| area.part(range));
        parts.fold(Usage::default(), |sum, part| sum.plus(Usage::of(&part)))
    }

    /// Make room for cutting at both ends of `range` and for `new` more areas, and in `removed` for what is cut
    /// out. After this, one [`remove`](Self::remove) or [`edit`](Self::edit) of `range` and `new` insertions
    /// cannot fail.
    ///
    /// # Errors
    /// [`NoMemory`](crate::ErrorKind::NoMemory), also if there would be more than [`MAX_AREAS`].
    pub(super) fn reserve(
        &mut self,
        range: &Range<usize>,
        new: usize,
        removed: &mut Vec<Area>,
    ) -> Result<()> {
        let is_cut = |address| self.find(address).is_some_and(|area| area.range.start < address);
        let more = new.saturating_add([range.start, range.end].into_iter().filter(|at| is_cut(*at)).count());
        if more > 0 && self.areas.len().saturating_add(more) > MAX_AREAS {
            return Err(NO_MEMORY);
        }
        // Cutting both ends of one area takes one place in the vector more than cutting one.
        self.areas.try_reserve(more.saturating_add(1)).map_err(|_| NO_MEMORY)?;
        removed.try_reserve(self.indices(range).len().saturating_add(1)).map_err(|_| NO_MEMORY)
    }

    /// Cut `range` out and hand its areas over to `removed`.
    pub(super) fn remove(&mut self, range: &Range<usize>, removed: &mut Vec<Area>) {
        self.split(range.start);
        self.split(range.end);
        let indices = self.indices(range);
        for area in self.areas.drain(indices) {
            self.usage = self.usage.minus(Usage::of(&area));
            removed.push(area);
        }
    }

    /// Put `area` into a hole.
    pub(super) fn insert(&mut self, area: Area) {
        let index = self.index(area.range.start);
        self.usage = self.usage.plus(Usage::of(&area));
        let range = area.range.clone();
        self.areas.insert(index, area);
        self.join(&range);
    }

    /// Change every area in `range`, cut at both ends if need be. `change` leaves their addresses alone.
    pub(super) fn edit(&mut self, range: &Range<usize>, mut change: impl FnMut(&mut Area)) {
        self.split(range.start);
        self.split(range.end);
        let indices = self.indices(range);
        for area in self.areas.get_mut(indices).unwrap_or_default() {
            self.usage = self.usage.minus(Usage::of(area));
            change(area);
            self.usage = self.usage.plus(Usage::of(area));
        }
        self.join(range);
    }

    /// Move the start of the area at `start` down to `new_start`; the pages between are free.
    pub(super) fn extend_down(&mut self, start: usize, new_start: usize) {
        let index = self.index(start);
        if let Some(area) = self.areas.get_mut(index) {
            self.usage = self.usage.minus(Usage::of(area));
            area.range.start = new_start;
            self.usage = self.usage.plus(Usage::of(area));
        }
    }

    /// Forget everything; the areas go to the caller.
    pub(super) fn take(&mut self) -> Vec<Area> {
        self.usage = Usage::default();
        core::mem::take(&mut self.areas)
    }

    /// A copy.
    ///
    /// # Errors
    /// [`NoMemory`](crate::ErrorKind::NoMemory).
    pub(super) fn try_clone(&self) -> Result<Self> {
        let mut areas = Vec::new();
        areas.try_reserve_exact(self.areas.len()).map_err(|_| NO_MEMORY)?;
        areas.extend(self.areas.iter().cloned());
        Ok(Self { areas, usage: self.usage })
    }

    /// Index of the first area that ends above `address`.
    fn index(&self, address: usize) -> usize {
        self.areas.partition_point(|area| area.range.end <= address)
    }

    /// Indices of the areas with pages in `range`.
    fn indices(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.index(range.start);
        let end = self.areas.partition_point(|area| area.range.start < range.end);
        first..end.max(first)
    }

    /// Make `address` a border between areas, if it lies inside one.
    fn split(&mut self, address: usize) {
        let index = self.index(address);
        let Some(area) = self.areas.get_mut(index).filter(|area| area.range.start < address) else { return };
        let Some(upper) = area.part(&(address..area.range.end)) else { return };
        area.range = common(&area.range, &(0..address));
        self.areas.insert(index.saturating_add(1), upper);
    }

    /// Make one area of each run of areas in and around `range` that continue one another.
    fn join(&mut self, range: &Range<usize>) {
        let indices = self.indices(range);
        let mut index = indices.start.saturating_sub(1);
        let mut left = indices.len().saturating_add(1);
        while left > 0 {
            left -= 1;
            let next = index.saturating_add(1);
            let (Some(first), Some(second)) = (self.areas.get(index), self.areas.get(next)) else { return };
            if first.is_continued_by(second) {
                let end = second.range.end;
                // The file of the one that goes is the file of the one that stays, so nothing is closed here.
                self.areas.remove(next);
                if let Some(area) = self.areas.get_mut(index) {
                    area.range.end = end;
                }
            } else {
                index = next;
            }
        }
    }
}
