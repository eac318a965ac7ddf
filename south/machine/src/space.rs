//! Address spaces: what is mapped where, and the page faults that make it so.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering};

use litebox_host::HostError;
use litebox_host::memory::{PAGE_SIZE, Protection, SharedPage, Sharing};

use crate::frames::{self, Frame};
use crate::paging::{Mapping, Tables};
use crate::spin::Spin;

const PAGE: u64 = PAGE_SIZE as u64;

/// Where the bytes of a page come from that has none yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Zeros.
    Zeros,
    /// A shared page; the one of the region's first page.
    Shared(SharedPage, Sharing),
    /// From nowhere: touching it is a bus error.
    Nothing,
}

impl Origin {
    fn advanced(self, bytes: usize) -> Self {
        match self {
            Self::Shared(first, sharing) => Self::Shared(first.advanced((bytes / PAGE_SIZE) as u64), sharing),
            other => other,
        }
    }

    fn continues(self, before: Self, distance: usize) -> bool {
        before.advanced(distance) == self
    }
}

/// A run of pages that are alike; its start is its key.
#[derive(Clone, Copy, Debug)]
struct Region {
    end: usize,
    protection: Protection,
    origin: Origin,
}

/// What a page fault came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// The access can be tried again.
    Again,
    /// Nothing is mapped there.
    NotMapped,
    /// The protection forbids the access.
    Denied,
    /// There are no bytes, or no memory for them.
    NoBytes,
}

struct State {
    tables: Tables,
    /// Pages with a frame.
    resident: u64,
    regions: BTreeMap<usize, Region>,
}

/// An address space.
pub(crate) struct Space {
    number: u64,
    root: u64,
    state: Spin<State>,
}

static NUMBERS: AtomicU64 = AtomicU64::new(1);

impl Space {
    /// With nothing in it.
    pub(crate) fn new() -> Result<Arc<Self>, HostError> {
        Ok(Self::around(Tables::new().ok_or(HostError::NoMemory)?, 0, BTreeMap::new()))
    }

    fn around(tables: Tables, resident: u64, regions: BTreeMap<usize, Region>) -> Arc<Self> {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self { number, root: tables.root(), state: Spin::new(State { tables, resident, regions }) })
    }

    /// Its number: no other has had it.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The physical address of its tables.
    pub(crate) fn root(&self) -> u64 {
        self.root
    }

    /// Map `range`, replacing what is there.
    pub(crate) fn map(&self, range: Range<usize>, protection: Protection, origin: Origin) {
        let mut state = self.state.lock();
        state.clear(&range);
        state.insert(range, protection, origin);
    }

    /// Remove what is at `range`.
    pub(crate) fn unmap(&self, range: &Range<usize>) {
        self.state.lock().clear(range);
    }

    /// Change the protection of the pages in `range`.
    pub(crate) fn protect(&self, range: &Range<usize>, protection: Protection) {
        let mut state = self.state.lock();
        state.split(range.start);
        state.split(range.end);
        for (_, region) in state.regions.range_mut(range.clone()) {
            region.protection = protection;
        }
        let State { tables, .. } = &*state;
        tables.each(addresses(range), &mut |address, mapping| {
            // The tables down to the page are there, so this needs no memory.
            let _ = tables.set(address, Mapping { protection, ..mapping });
        });
        state.join(range.start);
        state.join(range.end);
    }

    /// Throw away the pages in `range`, but not what is mapped there.
    pub(crate) fn discard(&self, range: &Range<usize>) {
        self.state.lock().drop_pages(range);
    }

    /// Move the pages of `from` to the start of `to`; the rest of `to` is as they would have gone on.
    pub(crate) fn relocate(&self, from: &Range<usize>, to: &Range<usize>) -> Result<(), HostError> {
        let mut state = self.state.lock();
        state.clear(to);
        state.split(from.start);
        state.split(from.end);
        let distance = to.start.wrapping_sub(from.start);
        let moved: alloc::vec::Vec<_> =
            state.regions.range(from.clone()).map(|(start, region)| (*start, *region)).collect();
        let mut failed = false;
        let State { tables, .. } = &*state;
        tables.each(addresses(from), &mut |address, _| {
            if let Some(mapping) = tables.take(address)
                && tables.set(address.wrapping_add(distance as u64), mapping).is_none()
            {
                mapping.frame.release();
                failed = true;
            }
        });
        for (start, mut region) in moved {
            state.regions.remove(&start);
            region.end = region.end.wrapping_add(distance);
            if region.end == from.end.wrapping_add(distance) {
                region.end = to.end;
            }
            state.regions.insert(start.wrapping_add(distance), region);
        }
        if failed { Err(HostError::NoMemory) } else { Ok(()) }
    }

    /// A copy whose private pages are copied when either side writes them.
    pub(crate) fn fork(&self) -> Result<Arc<Self>, HostError> {
        let copy = Tables::new().ok_or(HostError::NoMemory)?;
        let state = self.state.lock();
        let mut complete = true;
        let tables = &state.tables;
        tables.each(0..u64::MAX >> 17, &mut |address, mapping| {
            let region = state.region(address as usize);
            let is_shared = matches!(region, Some(Region { origin: Origin::Shared(_, Sharing::Shared), .. }));
            let mapping = Mapping { is_copied_on_write: !is_shared, ..mapping };
            if copy.set(address, mapping).is_none() {
                complete = false;
                return;
            }
            mapping.frame.share();
            let _ = tables.set(address, mapping);
        });
        if complete {
            Ok(Self::around(copy, state.resident, state.regions.clone()))
        } else {
            Err(HostError::NoMemory)
        }
    }

    /// The guest, or the kernel for it, could not access `address`.
    pub(crate) fn resolve(&self, address: u64, wanted: Protection) -> Resolution {
        let mut state = self.state.lock();
        let page = address & !(PAGE - 1);
        let Some((start, region)) = state.region_at(page as usize) else { return Resolution::NotMapped };
        if !region.protection.contains(wanted) {
            return Resolution::Denied;
        }
        let before = state.tables.get(page);
        let needs_frame = before.is_none_or(|mapping| needs_copy(mapping, wanted));
        if needs_frame && !frames::may_have_more(state.resident) {
            return Resolution::NoBytes;
        }
        let made = match before {
            Some(mapping) => touched(mapping, region.protection, wanted),
            None => first(region.origin.advanced(page as usize - start), region.protection, wanted),
        };
        let Some(made) = made else { return Resolution::NoBytes };
        if state.tables.set(page, made).is_none() {
            made.frame.release();
            return Resolution::NoBytes;
        }
        state.resident += u64::from(before.is_none());
        Resolution::Again
    }
}

/// Whether the page with `mapping` gets a frame of its own when it is accessed.
fn needs_copy(mapping: Mapping, wanted: Protection) -> bool {
    mapping.is_copied_on_write && wanted.contains(Protection::WRITE) && !mapping.frame.is_sole()
}

/// What the page with `mapping` becomes that is accessed; `None` without memory.
fn touched(mapping: Mapping, protection: Protection, wanted: Protection) -> Option<Mapping> {
    let mapping = Mapping { protection, ..mapping };
    if !mapping.is_copied_on_write || !wanted.contains(Protection::WRITE) {
        return Some(mapping);
    }
    if !needs_copy(mapping, wanted) {
        return Some(Mapping { is_copied_on_write: false, ..mapping });
    }
    let frame = mapping.frame.copied()?;
    mapping.frame.release();
    Some(Mapping { frame, is_copied_on_write: false, ..mapping })
}

/// The first mapping of a page.
fn first(origin: Origin, protection: Protection, wanted: Protection) -> Option<Mapping> {
    match origin {
        Origin::Zeros => {
            let frame = Frame::zeroed()?;
            Some(Mapping { frame, protection, is_copied_on_write: false })
        }
        Origin::Shared(page, sharing) => {
            let frame = frames::shared(page.0)?;
            frame.share();
            let is_copied_on_write = sharing == Sharing::Private;
            touched(Mapping { frame, protection, is_copied_on_write }, protection, wanted)
        }
        Origin::Nothing => None,
    }
}

fn addresses(range: &Range<usize>) -> Range<u64> {
    range.start as u64..range.end as u64
}

impl State {
    fn region_at(&self, address: usize) -> Option<(usize, Region)> {
        let (start, region) = self.regions.range(..=address).next_back()?;
        (region.end > address).then_some((*start, *region))
    }

    fn region(&self, address: usize) -> Option<Region> {
        self.region_at(address).map(|(_, region)| region)
    }

    /// Have a region start at `address`, if one goes over it.
    fn split(&mut self, address: usize) {
        let Some((start, region)) = self.region_at(address).filter(|(start, _)| *start < address) else {
            return;
        };
        let origin = region.origin.advanced(address - start);
        self.regions.insert(start, Region { end: address, ..region });
        self.regions.insert(address, Region { origin, ..region });
    }

    /// Join the regions that meet at `address`, if they are alike.
    fn join(&mut self, address: usize) {
        let Some(after) = self.regions.get(&address).copied() else { return };
        let Some((start, before)) = self.regions.range(..address).next_back().map(|(s, r)| (*s, *r)) else {
            return;
        };
        if before.end == address
            && before.protection == after.protection
            && after.origin.continues(before.origin, address - start)
        {
            self.regions.remove(&address);
            self.regions.insert(start, Region { end: after.end, ..before });
        }
    }

    fn insert(&mut self, range: Range<usize>, protection: Protection, origin: Origin) {
        self.regions.insert(range.start, Region { end: range.end, protection, origin });
        self.join(range.start);
        self.join(range.end);
    }

    fn clear(&mut self, range: &Range<usize>) {
        self.drop_pages(range);
        self.split(range.start);
        self.split(range.end);
        let inside: alloc::vec::Vec<usize> =
            self.regions.range(range.clone()).map(|(start, _)| *start).collect();
        for start in inside {
            self.regions.remove(&start);
        }
    }

    fn drop_pages(&mut self, range: &Range<usize>) {
        let Self { tables, resident, .. } = self;
        tables.each(addresses(range), &mut |address, _| {
            if let Some(mapping) = tables.take(address) {
                mapping.frame.release();
                *resident = resident.saturating_sub(1);
            }
        });
    }
}
