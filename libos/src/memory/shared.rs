//! Mapping the pages of files.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, Rewrite, SharedMemory, SharedPage, Sharing, UserAccess};
use litebox_host::sync::{AtomicU64, Mutex, Ordering};

use super::area::{Area, AreaFlags, Backing};
use super::pages::{NO_MEMORY, common, round_down};
use super::space::{AddressSpace, State};
use crate::error::Result;
use crate::file::{Hold, Mapper};

/// What an address space needs of its host.
pub trait MemoryHost: SharedMemory + Rewrite + UserAccess + Clone + Send + Sync + 'static {}

impl<H: SharedMemory + Rewrite + UserAccess + Clone + Send + Sync + 'static> MemoryHost for H {}

/// An address space, as the files that are mapped into it know it.
pub(super) struct Mappings<H> {
    host: H,
    state: Weak<Mutex<State>>,
    /// The host's number of the address space; 0 until a forked child has entered it.
    home: AtomicU64,
}

impl<H: MemoryHost> Mappings<H> {
    pub(super) fn new(host: H, state: &Arc<Mutex<State>>, home: u64) -> Arc<Self> {
        Arc::new(Self { host, state: Arc::downgrade(state), home: AtomicU64::new(home) })
    }

    /// The host is in the address space now.
    pub(super) fn enter(&self) {
        self.home.store(self.host.address_space(), Ordering::Relaxed);
    }
}

impl<H: MemoryHost> Mappings<H> {
    /// Whether the host is in the address space.
    pub(super) fn is_here(&self) -> bool {
        self.home.load(Ordering::Relaxed) == self.host.address_space()
    }
}

impl<H: MemoryHost> Mapper for Mappings<H> {
    fn refresh(&self, object: u64, pages: Range<u64>) -> bool {
        let Some(state) = self.state.upgrade() else { return true };
        if !self.is_here() {
            // Another process's memory cannot be reached from here: it learns of new pages when it touches them.
            return false;
        }
        let state = state.lock();
        let mut done = true;
        for part in state.areas.all().iter().filter_map(|area| part_of(area, object, &pages)) {
            done &= map_pages(&self.host, &part).is_ok();
        }
        done
    }
}

/// The part of `area` that maps some of `pages` of file `object`.
fn part_of(area: &Area, object: u64, pages: &Range<u64>) -> Option<Area> {
    let (hold, first) = area.backing.hold()?;
    let address = |page: u64| {
        let distance = usize::try_from(page.saturating_sub(first)).unwrap_or(usize::MAX);
        area.range.start.saturating_add(distance.saturating_mul(PAGE_SIZE))
    };
    if hold.object() != object {
        return None;
    }
    area.part(&(address(pages.start)..address(pages.end)))
}

/// Pages that follow one another both in the address space and in memory.
struct Run {
    range: Range<usize>,
    first: SharedPage,
}

impl Run {
    fn is_continued_by(&self, address: usize, page: SharedPage) -> bool {
        let count = (self.range.end - self.range.start) / PAGE_SIZE;
        self.range.end == address && self.first.advanced(count as u64) == page
    }
}

/// The pages that the file behind `area` has, where they belong.
fn runs(area: &Area) -> Result<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    let Some((hold, first)) = area.backing.hold() else { return Ok(runs) };
    let pages = first..first.saturating_add((area.length() / PAGE_SIZE) as u64);
    hold.pages(pages, &mut |index, page, count| {
        let distance = usize::try_from(index.saturating_sub(first)).unwrap_or(usize::MAX);
        let start = area.range.start.saturating_add(distance.saturating_mul(PAGE_SIZE));
        let end = start.saturating_add(count.saturating_mul(PAGE_SIZE));
        match runs.last_mut().filter(|run| run.is_continued_by(start, page)) {
            Some(run) => run.range.end = end,
            None => {
                runs.try_reserve(1).map_err(|_| NO_MEMORY)?;
                runs.push(Run { range: start..end, first: page });
            }
        }
        Ok(())
    })?;
    Ok(runs)
}

/// Map the pages of `area`'s file where they belong, and nothing accessible where the file has none.
pub(super) fn map_pages<H: SharedMemory>(host: &H, area: &Area) -> Result<()> {
    let shared = area.flags.contains(AreaFlags::SHARED);
    let sharing = if shared { Sharing::Shared } else { Sharing::Private };
    let mut at = area.range.start;
    for run in runs(area)? {
        let range = common(&run.range, &area.range);
        if at < range.start {
            host.map_absent(at..range.start, area.protection)?;
        }
        at = range.end;
        host.map_shared(range, run.first, sharing, area.protection)?;
    }
    if at < area.range.end {
        host.map_absent(at..area.range.end, area.protection)?;
    }
    Ok(())
}

/// Move the pages of `from`, whose file's pages are mapped, to the start of `to`, and map what follows there.
pub(super) fn move_pages<H: SharedMemory>(host: &H, from: &Area, to: &Area) -> Result<()> {
    if from.flags.contains(AreaFlags::SHARED) {
        map_pages(host, to)?;
        return Ok(host.unmap(from.range.clone())?);
    }
    // Pages that were written are the mapping's own, and a host moves only what is one mapping to it.
    for (old, new) in from.range.clone().step_by(PAGE_SIZE).zip(to.range.clone().step_by(PAGE_SIZE)) {
        host.relocate(old..old.saturating_add(PAGE_SIZE), new..new.saturating_add(PAGE_SIZE))?;
    }
    let tail = to.range.start.saturating_add(from.length())..to.range.end;
    to.part(&tail).map_or(Ok(()), |tail| map_pages(host, &tail))
}

impl<H: MemoryHost> AddressSpace<H> {
    /// `backing` with a hold on the file's pages, if they are what is mapped.
    pub(super) fn held(&self, backing: Backing, flags: AreaFlags) -> Result<Backing> {
        let Backing::File { file, offset, hold: None } = backing else { return Ok(backing) };
        let writes = flags.contains(AreaFlags::SHARED) && !flags.contains(AreaFlags::READ_ONLY);
        if file.paged().is_none() || !writes && file.host_file().is_some() {
            return Ok(Backing::File { file, offset, hold: None });
        }
        let hold = Hold::new(Arc::clone(&file), self.mapper.clone(), writes)?;
        Ok(Backing::File { file, offset, hold: Some(hold) })
    }

    /// The guest touched `address`, for which the host has no bytes. Whether it has now, so that the guest may try
    /// again: the file may have grown by another process's hand.
    pub fn fault_beyond(&self, address: usize) -> bool {
        let state = self.state.lock();
        let page = round_down(address);
        let area = state.areas.find(page).and_then(|area| area.part(&(page..page.saturating_add(PAGE_SIZE))));
        let Some(area) = area else { return false };
        runs(&area).is_ok_and(|runs| !runs.is_empty()) && map_pages(&self.host, &area).is_ok()
    }
}

/// Give `areas` holds of their own for another address space, which `mapper` is.
pub(super) fn copy_holds(areas: &mut [Area], mapper: &Arc<dyn Mapper>) -> Result<()> {
    for area in areas {
        if let Backing::File { hold: Some(hold), .. } = &mut area.backing {
            *hold = hold.copied(Arc::clone(mapper))?;
        }
    }
    Ok(())
}
