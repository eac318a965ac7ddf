//! Resizing and moving mappings.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::{Protection, SharedMemory};

use super::area::{Area, AreaFlags};
use super::limits::Usage;
use super::pages::{BAD_RANGE, NO_MEMORY, is_aligned, round_up, span};
use super::place::{Placement, bottom_of};
use super::shared::{MemoryHost, move_pages};
use super::space::{AddressSpace, State, back, check_extent};
use crate::error::{Error, ErrorKind, Result};

const NO_AREA: Error = Error::new(ErrorKind::BadAddress, "the range is not within one mapping");

/// Where a resized mapping may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Only where it is.
    InPlace,
    /// Where it is, or elsewhere.
    Anywhere,
    /// Exactly there, replacing what is there.
    Exact(usize),
}

/// What becomes of the old addresses when a mapping moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// They are free.
    Free,
    /// They stay mapped, as fresh pages; the mapping always moves.
    Fresh,
}

/// How to resize or move a mapping (`mremap(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remap {
    /// Where it is.
    pub address: usize,
    /// Its length in bytes; 0 makes another mapping of the same shared file.
    pub old_length: usize,
    /// The length it is to have.
    pub new_length: usize,
    /// Where it may be.
    pub target: Target,
    /// What becomes of its old addresses.
    pub old: Old,
}

impl<H: MemoryHost> AddressSpace<H> {
    /// Resize or move a mapping; where it is afterwards.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for addresses that are no page's, lengths of 0 or beyond the guest's
    /// addresses, overlapping ranges, or private memory with an old length of 0; [`ErrorKind::BadAddress`] if the
    /// old range is not within one area; [`ErrorKind::NoMemory`] without room or beyond a limit;
    /// [`ErrorKind::WouldBlock`] if the locked pages would be too many.
    pub fn remap(&self, remap: Remap) -> Result<usize> {
        let old_length = round_up(remap.old_length).ok_or(BAD_RANGE)?;
        let new_length = round_up(remap.new_length).filter(|length| *length > 0).ok_or(BAD_RANGE)?;
        let old = span(remap.address, old_length).ok_or(BAD_RANGE)?;
        let mut lists = Lists::default();
        lists.fills.try_reserve(2).map_err(|_| NO_MEMORY)?;
        let mut state = self.state.lock();
        let fits = |length: usize| length <= state.bounds.end;
        if !is_aligned(remap.address) || !fits(old_length) || !fits(new_length) {
            return Err(BAD_RANGE);
        }
        let target = match remap.target {
            Target::Exact(address) => Some(state.check_target(address, new_length, &old)?),
            _ => None,
        };
        let area = state.areas.find(remap.address).cloned().ok_or(NO_AREA)?;
        state.check_visible(&old)?;
        let plan = Plan { old, new_length, target, remap };
        let address = state.remap(&self.host, area, plan, &mut lists)?;
        drop(state);
        self.fill_all(&lists.fills)?;
        Ok(address)
    }
}

/// What is left for after the lock.
#[derive(Default)]
struct Lists {
    removed: Vec<Area>,
    moved: Vec<Area>,
    fills: Vec<Area>,
}

/// A request in whole pages.
struct Plan {
    old: Range<usize>,
    new_length: usize,
    target: Option<Range<usize>>,
    remap: Remap,
}

impl State {
    fn check_target(&self, address: usize, length: usize, old: &Range<usize>) -> Result<Range<usize>> {
        let range = span(address, length).filter(|range| range.end <= self.bounds.end);
        let range = range.filter(|_| is_aligned(address)).ok_or(BAD_RANGE)?;
        if range.start < old.end && old.start < range.end {
            return Err(BAD_RANGE);
        }
        if range.start < self.bounds.start {
            return Err(Error::new(ErrorKind::NotPermitted, "below the lowest address for mappings"));
        }
        Ok(range)
    }

    fn remap<H: SharedMemory>(
        &mut self,
        host: &H,
        area: Area,
        mut plan: Plan,
        lists: &mut Lists,
    ) -> Result<usize> {
        let old_length = plan.old.end - plan.old.start;
        if old_length == 0 {
            return self.duplicate(host, &area, plan, lists);
        }
        let moves = plan.target.is_some() || plan.remap.old == Old::Fresh;
        if plan.new_length < old_length {
            let tail = plan.old.start + plan.new_length..plan.old.end;
            self.clear(host, &tail, &mut lists.removed)?;
            plan.old.end = tail.start;
        }
        if plan.new_length <= old_length && !moves {
            return Ok(plan.old.start);
        }
        let from = area.part(&plan.old).filter(|part| part.range == plan.old).ok_or(NO_AREA)?;
        check_extent(&from.backing, plan.new_length).map_err(|_| BAD_RANGE)?;
        if !moves && self.grow(host, &area, &plan, lists)? {
            return Ok(plan.old.start);
        }
        let to = match (plan.target, plan.remap.target) {
            (Some(range), _) => range,
            (None, Target::InPlace) => return Err(NO_MEMORY),
            (None, _) => self.place(Placement::Near(0), plan.new_length)?,
        };
        let address = to.start;
        self.move_area(host, &from, to, plan.remap.old, lists)?;
        Ok(address)
    }

    /// Map once more what is mapped at `area`, which is shared.
    fn duplicate<H: SharedMemory>(
        &mut self,
        host: &H,
        area: &Area,
        plan: Plan,
        lists: &mut Lists,
    ) -> Result<usize> {
        if !area.flags.contains(AreaFlags::SHARED) || plan.remap.target == Target::InPlace {
            return Err(Error::new(ErrorKind::InvalidArgument, "only shared memory can be mapped once more"));
        }
        let source = area.part(&(plan.old.start..area.range.end)).ok_or(NO_AREA)?;
        check_extent(&source.backing, plan.new_length).map_err(|_| BAD_RANGE)?;
        let range = match plan.target {
            Some(range) => range,
            None => self.place(Placement::Near(0), plan.new_length)?,
        };
        let address = range.start;
        self.put(host, source.at(range), &mut lists.removed, &mut lists.fills)?;
        Ok(address)
    }

    /// Add pages at the end of `area` if `plan` ends there and the addresses are free.
    fn grow<H: SharedMemory>(
        &mut self,
        host: &H,
        area: &Area,
        plan: &Plan,
        lists: &mut Lists,
    ) -> Result<bool> {
        let more = span(plan.old.start, plan.new_length).map(|new| plan.old.end..new.end);
        let free_to = self.areas.next(plan.old.end).map_or(self.bounds.end, bottom_of);
        let Some(more) = more.filter(|more| area.range.end == plan.old.end && more.end <= free_to) else {
            return Ok(false);
        };
        self.put(host, area.continuation(more), &mut lists.removed, &mut lists.fills)?;
        Ok(true)
    }

    /// Move the pages of `from`, part of an area, to `to`, which may be longer.
    fn move_area<H: SharedMemory>(
        &mut self,
        host: &H,
        from: &Area,
        to: Range<usize>,
        old: Old,
        lists: &mut Lists,
    ) -> Result<()> {
        let moved = from.at(to.clone());
        let usage = self.areas.usage();
        let freed = if old == Old::Free { Usage::of(from) } else { Usage::default() };
        let replaced = self.areas.usage_in(&to);
        usage.may_become(usage.minus(freed).minus(replaced).plus(Usage::of(&moved)), &self.limits)?;
        self.areas.reserve(&from.range, 1, &mut lists.moved)?;
        // Room for the cuts around both ranges and for both new areas.
        self.areas.reserve(&to, 4, &mut lists.removed)?;
        if from.backing.hold().is_some() {
            move_pages(host, from, &moved)?;
        } else {
            host.relocate(from.range.clone(), to.clone())?;
        }
        self.areas.remove(&to, &mut lists.removed);
        self.areas.remove(&from.range, &mut lists.moved);
        self.areas.insert(moved.clone());
        let tail = to.start + from.length()..to.end;
        if moved.flags.contains(AreaFlags::COPIED) && !tail.is_empty() {
            host.protect(tail.clone(), Protection::READ | Protection::WRITE)?;
            lists.fills.extend(moved.part(&tail));
        }
        if old == Old::Fresh {
            if back(host, from)? {
                lists.fills.push(from.clone());
            }
            self.areas.insert(from.clone());
        }
        Ok(())
    }
}
