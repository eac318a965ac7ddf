//! The address space, and making and removing mappings.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::HostError;
use litebox_host::file::FileKind;
use litebox_host::memory::{Protection, SharedMemory};
use litebox_host::sync::{AtomicU32, Mutex};

use super::area::{Area, AreaFlags, Backing};
use super::limits::{Limits, Usage};
use super::map::AreaMap;
use super::pages::{BAD_RANGE, MINIMUM_ADDRESS, NO_MEMORY, common, is_aligned, round_up, span};
use super::place::Placement;
use super::rewrite::is_room;
use super::shared::{Mappings, MemoryHost, map_pages};
use super::site::{KnownSites, Sites};
use crate::error::{Error, ErrorKind, Result};
use crate::file::File;
use crate::user::{UserBuffer, UserRange};

/// Where things go in an address space; chosen anew, with some randomness, for each program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Mappings are placed below this address, the next one below the last.
    pub top: usize,
    /// Where the heap starts: a page's address.
    pub heap: usize,
}

/// What to map.
#[derive(Clone, Debug)]
pub struct MapRequest {
    /// Where.
    pub placement: Placement,
    /// Bytes; rounded up to whole pages.
    pub length: usize,
    /// What the guest may do with the pages.
    pub protection: Protection,
    /// What else holds for them.
    pub flags: AreaFlags,
    /// Their first contents. A file's offset is that of a page.
    pub backing: Backing,
    /// What they are to people.
    pub label: Option<&'static str>,
}

/// The address space of one guest process, shared by its threads.
pub struct AddressSpace<H> {
    pub(super) host: H,
    pub(super) state: Arc<Mutex<State>>,
    /// The address space as its files know it.
    pub(super) mapper: Arc<Mappings<H>>,
    /// How many processes use it.
    pub(super) users: AtomicU32,
    /// What is known of calls in files, to all processes.
    pub(super) known: Arc<KnownSites>,
}

pub(super) struct State {
    pub(super) areas: AreaMap,
    /// The addresses that can be mapped.
    pub(super) bounds: Range<usize>,
    pub(super) layout: Layout,
    /// The end of the heap as the guest set it; not rounded.
    pub(super) heap_end: usize,
    pub(super) limits: Limits,
    /// Whether new mappings are locked (`MCL_FUTURE`).
    pub(super) lock_new: bool,
    /// What is known of calls in code that is no file's.
    pub(super) sites: Sites,
    /// The changes of what is known of files that were taken over.
    pub(super) changes: u64,
}

impl<H: MemoryHost> AddressSpace<H> {
    /// The address space that `host` is in, with nothing in it yet, for the first process of a sandbox.
    pub fn new(host: H, limits: Limits) -> Self {
        Self::empty(host, limits, Arc::default())
    }

    /// The address space that `host` is in, with nothing in it yet, for a process that had `self` before.
    #[must_use]
    pub fn successor(&self, host: H) -> Self {
        Self::empty(host, self.limits(), Arc::clone(&self.known))
    }

    fn empty(host: H, limits: Limits, known: Arc<KnownSites>) -> Self {
        let range = host.range();
        let bounds = range.start.max(MINIMUM_ADDRESS)..range.end;
        let layout = Layout { top: bounds.end, heap: bounds.start };
        let state = State {
            areas: AreaMap::default(),
            heap_end: layout.heap,
            bounds,
            layout,
            limits,
            lock_new: false,
            sites: Sites::default(),
            changes: 0,
        };
        let home = host.address_space();
        Self::around(host, state, home, known)
    }

    /// The address space of `state`, which the host calls `home`.
    pub(super) fn around(host: H, state: State, home: u64, known: Arc<KnownSites>) -> Self {
        let state = Arc::new(Mutex::new(state));
        let mapper = Mappings::new(host.clone(), &state, home);
        Self { host, state, mapper, users: AtomicU32::new(1), known }
    }

    /// The addresses that can be mapped.
    pub fn bounds(&self) -> Range<usize> {
        self.state.lock().bounds.clone()
    }

    /// Remove everything, and start anew with `layout`: the address space of a new program.
    ///
    /// # Errors
    /// The host's; what was there is gone from the map all the same.
    pub fn reset(&self, layout: Layout) -> Result<()> {
        let areas;
        let mut state = self.state.lock();
        areas = state.areas.take();
        state.layout = layout;
        state.heap_end = layout.heap;
        state.lock_new = false;
        state.sites = Sites::default();
        match (areas.first(), areas.last()) {
            (Some(first), Some(last)) => Ok(self.host.unmap(first.range.start..last.range.end)?),
            _ => Ok(()),
        }
    }

    /// Map what `request` says; where it went.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`] without room, or beyond a limit; [`ErrorKind::InvalidArgument`] for a length of 0
    /// or an address or offset that is not a page's; [`ErrorKind::Exists`]; [`ErrorKind::NotPermitted`] below the
    /// lowest address; [`ErrorKind::Overflow`] beyond a file's largest size; [`ErrorKind::NotADevice`] for a file
    /// without bytes; [`ErrorKind::WouldBlock`] if the locked pages would be too many; and the file's own.
    pub fn map(&self, request: MapRequest) -> Result<usize> {
        if request.length == 0 {
            return Err(BAD_RANGE);
        }
        let length = round_up(request.length).ok_or(NO_MEMORY)?;
        check_backing(&request.backing, length)?;
        let backing = self.held(request.backing, request.flags)?;
        let mut removed = Vec::new();
        let mut fills = Vec::new();
        fills.try_reserve(1).map_err(|_| NO_MEMORY)?;
        let mut state = self.state.lock();
        let range = state.place(request.placement, length)?;
        let area = Area {
            range: range.clone(),
            protection: request.protection,
            flags: request.flags,
            backing,
            label: request.label,
        };
        state.put(&self.host, area, &mut removed, &mut fills)?;
        drop(state);
        self.fill_all(&fills)?;
        if request.protection.contains(Protection::EXECUTE) {
            self.rewrite_known(&range);
        }
        Ok(range.start)
    }

    /// Where `length` bytes would be mapped, as long as nothing else is: for several mappings that lie together.
    ///
    /// # Errors
    /// Those of [`map`](Self::map) for where a mapping can be.
    pub fn find_room(&self, placement: Placement, length: usize) -> Result<usize> {
        let length = round_up(length).filter(|length| *length > 0).ok_or(BAD_RANGE)?;
        Ok(self.state.lock().place(placement, length)?.start)
    }

    /// Remove whatever is at the pages from `address`; holes are fine.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a length of 0, an address that is not a page's, or beyond the guest's
    /// addresses; [`ErrorKind::NoMemory`] when cutting would make too many areas.
    pub fn unmap(&self, address: usize, length: usize) -> Result<()> {
        let range = span(address, length).filter(|range| !range.is_empty() && is_aligned(address));
        let mut removed = Vec::new();
        let mut state = self.state.lock();
        let range = range.filter(|range| range.end <= state.bounds.end).ok_or(BAD_RANGE)?;
        state.clear(&self.host, &range, &mut removed)
    }

    /// What is mapped now, in the order of addresses.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn areas(&self) -> Result<Vec<Area>> {
        let mut areas = self.state.lock().areas.try_clone()?.take();
        areas.retain(|area| !is_room(area));
        Ok(areas)
    }

    /// The area with `address`.
    pub fn find(&self, address: usize) -> Option<Area> {
        self.state.lock().areas.find(address).cloned()
    }

    /// How much is mapped.
    pub fn usage(&self) -> Usage {
        self.state.lock().areas.usage()
    }

    /// The limits in force.
    pub fn limits(&self) -> Limits {
        self.state.lock().limits
    }

    /// Change the limits. What is mapped already stays.
    pub fn set_limits(&self, change: impl FnOnce(&mut Limits)) {
        change(&mut self.state.lock().limits);
    }

    /// Copy file bytes into pages that [`back`] could only make empty, and then give the pages the protection
    /// that the map says.
    pub(super) fn fill_all(&self, fills: &[Area]) -> Result<()> {
        for area in fills {
            let Backing::File { file, offset, .. } = &area.backing else { continue };
            if let Err(error) = self.fill(&area.range, &**file, *offset) {
                let _ = self.unmap(area.range.start, area.length());
                return Err(error);
            }
            let state = self.state.lock();
            for now in state.areas.overlapping(&area.range) {
                if now.protection != Protection::READ | Protection::WRITE {
                    self.host.protect(common(&now.range, &area.range), now.protection)?;
                }
            }
        }
        Ok(())
    }

    fn fill(&self, range: &Range<usize>, file: &dyn File, offset: u64) -> Result<()> {
        let length = range.end.saturating_sub(range.start);
        let pieces = [UserRange { address: range.start, length }];
        let mut to = UserBuffer::new(&self.host, &pieces);
        let mut position = offset;
        let mut left = length;
        while left > 0 {
            let count = match file.read(Some(position), &mut to) {
                // Another thread of the guest took the pages away: it is their owner by now.
                Ok(0) | Err(Error { kind: ErrorKind::BadAddress, .. }) => break,
                outcome => outcome?,
            };
            left = left.saturating_sub(count);
            position = position.saturating_add(count as u64);
        }
        Ok(())
    }
}

/// Whether `length` bytes of `backing` can be mapped at all.
fn check_backing(backing: &Backing, length: usize) -> Result<()> {
    let Backing::File { file, offset, .. } = backing else { return Ok(()) };
    if !offset.is_multiple_of(litebox_host::memory::PAGE_SIZE as u64) {
        return Err(BAD_RANGE);
    }
    check_extent(backing, length)?;
    if file.attributes()?.kind != FileKind::Regular {
        return Err(Error::new(ErrorKind::NotADevice, "only regular files can be mapped"));
    }
    Ok(())
}

/// Whether `length` bytes of `backing` end within the largest size of a file.
pub(super) fn check_extent(backing: &Backing, length: usize) -> Result<()> {
    let Backing::File { offset, .. } = backing else { return Ok(()) };
    match offset.checked_add(length as u64).map(i64::try_from) {
        Some(Ok(_)) => Ok(()),
        _ => Err(Error::new(ErrorKind::Overflow, "beyond the largest size of a file")),
    }
}

/// Have `host` make the pages of `area`. `true` if they are empty and still need the file's bytes.
pub(super) fn back<H: SharedMemory>(host: &H, area: &Area) -> Result<bool> {
    let range = area.range.clone();
    if area.backing.hold().is_some() {
        map_pages(host, area)?;
        return Ok(false);
    }
    let Backing::File { file, offset, .. } = &area.backing else {
        host.map(range, area.protection)?;
        return Ok(false);
    };
    if let Some(host_file) = file.host_file() {
        match host.map_file(range.clone(), host_file, *offset, area.protection) {
            Err(HostError::NotSupported) => {}
            outcome => return Ok(outcome.map(|()| false)?),
        }
    }
    host.map(range, Protection::READ | Protection::WRITE)?;
    Ok(true)
}

impl State {
    /// Map `area`, replacing what is there. `fills` has room for one more.
    pub(super) fn put<H: SharedMemory>(
        &mut self,
        host: &H,
        mut area: Area,
        removed: &mut Vec<Area>,
        fills: &mut Vec<Area>,
    ) -> Result<()> {
        if area.should_commit() {
            area.flags |= AreaFlags::COMMITTED;
        }
        if self.lock_new {
            area.flags |= AreaFlags::LOCKED;
        }
        self.admit(&area)?;
        self.areas.reserve(&area.range, 1, removed)?;
        match back(host, &area) {
            Ok(false) => {}
            Ok(true) => {
                area.flags |= AreaFlags::COPIED;
                fills.push(area.clone());
            }
            Err(error) if area.backing.hold().is_some() => {
                // Some of its pages may be there already.
                host.unmap(area.range.clone())?;
                self.areas.remove(&area.range, removed);
                return Err(error);
            }
            Err(error) => return Err(error),
        }
        self.areas.remove(&area.range, removed);
        self.areas.insert(area);
        Ok(())
    }

    /// Whether the limits allow `area` in place of what is there.
    pub(super) fn admit(&self, area: &Area) -> Result<()> {
        let old = self.areas.usage();
        let new = old.minus(self.areas.usage_in(&area.range)).plus(Usage::of(area));
        old.may_become(new, &self.limits)?;
        if new.locked > old.locked && new.locked > self.limits.locked {
            return Err(Error::new(ErrorKind::WouldBlock, "too many locked pages"));
        }
        Ok(())
    }

    /// Remove the pages of `range`.
    pub(super) fn clear<H: SharedMemory>(
        &mut self,
        host: &H,
        range: &Range<usize>,
        removed: &mut Vec<Area>,
    ) -> Result<()> {
        let mut rest = range.clone();
        // Room for rewritten calls stays: the code that jumps to it may stay too.
        while let Some(room) = self.areas.overlapping(&rest).iter().find(|area| is_room(area)) {
            let room = room.range.clone();
            self.clear_visible(host, &(rest.start..room.start.max(rest.start)), removed)?;
            rest.start = room.end.min(rest.end);
        }
        self.clear_visible(host, &rest, removed)
    }

    fn clear_visible<H: SharedMemory>(
        &mut self,
        host: &H,
        range: &Range<usize>,
        removed: &mut Vec<Area>,
    ) -> Result<()> {
        let areas = self.areas.overlapping(range);
        let Some((first, last)) = areas.first().zip(areas.last()) else { return Ok(()) };
        let hull = common(range, &(first.range.start..last.range.end));
        self.areas.reserve(&hull, 0, removed)?;
        host.unmap(hull.clone())?;
        self.areas.remove(&hull, removed);
        Ok(())
    }
}

/// A file as the first contents of pages.
impl From<(Arc<dyn File>, u64)> for Backing {
    fn from((file, offset): (Arc<dyn File>, u64)) -> Self {
        Self::File { file, offset, hold: None }
    }
}
