//! Advice on the use of pages.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, Protection, SharedMemory};

use super::area::{Area, AreaFlags, Backing};
use super::pages::{BAD_RANGE, NO_MEMORY, NOT_MAPPED, is_aligned, span};
use super::shared::MemoryHost;
use super::space::{AddressSpace, State, back};
use crate::error::{Error, ErrorKind, Result};
use crate::file::Allocation;

/// What a guest advises (`madvise(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Something that changes no contents: nothing to do.
    Hint,
    /// The contents are not needed; the next access finds zeros or the file's bytes.
    DontNeed,
    /// The same, for locked pages too.
    DontNeedLocked,
    /// The contents are not needed; they may go at any time before the next store. They go at once here.
    Free,
    /// Make a hole in the file behind the pages.
    Remove,
    /// Set flags that only forks and core files look at.
    Set(AreaFlags),
    /// Clear such flags.
    Clear(AreaFlags),
    /// Touch the pages now.
    Populate(Protection),
}

impl<H: MemoryHost> AddressSpace<H> {
    /// Take `advice` for the pages of `length` bytes from `address`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an address that is not a page's, a range that wraps, or advice that the
    /// area cannot take; [`ErrorKind::NoMemory`] if part is not mapped: the mapped parts have taken it then.
    pub fn advise(&self, address: usize, length: usize, advice: Advice) -> Result<()> {
        if !is_aligned(address) {
            return Err(BAD_RANGE);
        }
        let range = span(address, length).ok_or(BAD_RANGE)?;
        let mut later = Vec::new();
        let mut state = self.state.lock();
        let parts = state.parts(&range)?;
        later.try_reserve(parts.len()).map_err(|_| NO_MEMORY)?;
        let mut outcome = Ok(());
        for part in &parts {
            outcome = state.advise(&self.host, part, advice, &mut later);
            if outcome.is_err() {
                break;
            }
        }
        let covered = state.areas.covers(&range);
        drop(state);
        if advice == Advice::Remove {
            make_holes(&later)?;
        } else {
            self.fill_all(&later)?;
        }
        outcome?;
        if covered { Ok(()) } else { Err(NOT_MAPPED) }
    }

    /// How many of the pages of `length` bytes from `address` are mapped before the first that is not. Every
    /// mapped page counts as being in memory.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an address that is not a page's; [`ErrorKind::NoMemory`] beyond the
    /// guest's addresses.
    pub fn resident(&self, address: usize, length: usize) -> Result<usize> {
        if !is_aligned(address) {
            return Err(BAD_RANGE);
        }
        let range = span(address, length).ok_or(NOT_MAPPED)?;
        let state = self.state.lock();
        if range.end > state.bounds.end {
            return Err(NOT_MAPPED);
        }
        Ok(state.areas.contiguous_end(&range).saturating_sub(range.start) / PAGE_SIZE)
    }

    /// Whether every page of `length` bytes from `address` is mapped.
    pub fn is_mapped(&self, address: usize, length: usize) -> bool {
        span(address, length).is_some_and(|range| self.state.lock().areas.covers(&range))
    }
}

/// Make holes in the files behind `areas`.
fn make_holes(areas: &[Area]) -> Result<()> {
    for area in areas {
        let Backing::File { file, offset, .. } = &area.backing else { continue };
        let range = *offset..offset.saturating_add(area.length() as u64);
        if let Some(regular) = file.regular() {
            regular.allocate(range, Allocation::Punch)?;
        }
    }
    Ok(())
}

impl State {
    /// The parts of areas inside `range`.
    fn parts(&self, range: &Range<usize>) -> Result<Vec<Area>> {
        let areas = self.areas.overlapping(range);
        let mut parts = Vec::new();
        parts.try_reserve_exact(areas.len()).map_err(|_| NO_MEMORY)?;
        parts.extend(areas.iter().filter_map(|area| area.part(range)));
        Ok(parts)
    }

    fn advise<H: SharedMemory>(
        &mut self,
        host: &H,
        part: &Area,
        advice: Advice,
        later: &mut Vec<Area>,
    ) -> Result<()> {
        let anonymous = matches!(part.backing, Backing::Anonymous);
        let shared = part.flags.contains(AreaFlags::SHARED);
        let locked = part.flags.contains(AreaFlags::LOCKED);
        let unfit = Err(Error::new(ErrorKind::InvalidArgument, "not for such an area"));
        match advice {
            Advice::DontNeed | Advice::Free if locked => unfit,
            Advice::Free if !anonymous || shared => unfit,
            Advice::Set(flags) if flags.contains(AreaFlags::WIPE_ON_FORK) && (!anonymous || shared) => unfit,
            Advice::Populate(protection) if !part.protection.contains(protection) => unfit,
            Advice::Remove if anonymous || locked => unfit,
            Advice::Remove if !shared || part.flags.contains(AreaFlags::READ_ONLY) => {
                Err(Error::new(ErrorKind::AccessDenied, "the file is not mapped for writing"))
            }
            Advice::Remove => {
                later.push(part.clone());
                Ok(())
            }
            Advice::DontNeed | Advice::DontNeedLocked | Advice::Free => {
                if part.flags.contains(AreaFlags::COPIED) && back(host, part)? {
                    later.push(part.clone());
                    return Ok(());
                }
                Ok(host.discard(part.range.clone())?)
            }
            Advice::Set(flags) => self.change_flags(&part.range, |area| area.flags |= flags),
            Advice::Clear(flags) => self.change_flags(&part.range, |area| area.flags -= flags),
            Advice::Hint | Advice::Populate(_) => Ok(()),
        }
    }

    fn change_flags(&mut self, range: &Range<usize>, change: impl FnMut(&mut Area)) -> Result<()> {
        self.areas.reserve(range, 0, &mut Vec::new())?;
        self.areas.edit(range, change);
        Ok(())
    }
}
