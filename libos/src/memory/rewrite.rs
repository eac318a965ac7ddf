//! Room for rewritten system calls.
//!
//! A host that can rewrite a system-call instruction needs room for a few instructions of its own within reach of a
//! jump. That room is an area of the guest's address space which the guest did not make: it is left out of what a
//! guest is told, cannot be mapped over, and goes with the address space.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::{Protection, REWRITE_AREA, RewriteRequest, Rewritten, TrappedCall};

use super::area::{Area, AreaFlags, Backing};
use super::pages::NO_MEMORY;
use super::place::Placement;
use super::shared::MemoryHost;
use super::site::{FileKey, Known, Sites, fingerprint};
use super::space::{AddressSpace, MapRequest, State};
use crate::error::Result;

/// How far a jump reaches, less the area's own size and a margin for the distance inside the code.
const REACH: usize = (1 << 31) - 2 * REWRITE_AREA;

const EVERYTHING: Protection = Protection::all();

impl<H: MemoryHost> AddressSpace<H> {
    /// The call being served trapped; rewrite the instruction if that is worth it and can be done.
    ///
    /// # Errors
    /// The host's, and those of mapping. The call is served all the same: it trapped, and it may trap again.
    pub fn rewrite(&self, trapped: TrappedCall) -> Result<()> {
        let Some(code) = self.find(trapped.site).filter(can_be_rewritten) else { return Ok(()) };
        let place = Place::of(&code, trapped.site);
        let space = self.host.address_space();
        if !self.sites_of(place, |sites| sites.count(place.offset, space)) {
            return Ok(());
        }
        let fingerprint = fingerprint(&self.host, trapped.site, &code.range);
        match (self.rewrite_all(&code.range, &[trapped])?, place.file, fingerprint) {
            (Rewritten::Done, Some(file), Some(fingerprint)) => {
                self.known.keep(file, Known { offset: place.offset, number: trapped.number, fingerprint });
            }
            (Rewritten::Done, ..) => {}
            _ => self.sites_of(place, |sites| sites.refuse(place.offset)),
        }
        Ok(())
    }

    /// Rewrite what is known of the code at `range`. What cannot be rewritten goes on trapping.
    pub(super) fn rewrite_known(&self, range: &Range<usize>) {
        let Some(code) = self.find(range.start).filter(can_be_rewritten) else { return };
        let Some(file) = Place::of(&code, code.range.start).file else { return };
        let Backing::File { offset: start, .. } = code.backing else { return };
        let mut calls = Vec::new();
        for known in self.known.known(file, &(start..start.saturating_add(code.length() as u64))) {
            let distance = usize::try_from(known.offset.saturating_sub(start)).unwrap_or(usize::MAX);
            let site = code.range.start.saturating_add(distance);
            let is_same = fingerprint(&self.host, site, &code.range) == Some(known.fingerprint);
            if is_same && calls.try_reserve(1).is_ok() {
                calls.push(TrappedCall { site, number: known.number });
            }
        }
        if !calls.is_empty() {
            // It trapped in others, and it may trap here.
            let _ = self.rewrite_all(&code.range, &calls);
        }
    }

    /// Rewrite what was learned of the code here in other processes: children do what their parents never do.
    pub(super) fn rewrite_learned(&self) {
        let changes = self.known.changes();
        if core::mem::replace(&mut self.state.lock().changes, changes) == changes {
            return;
        }
        for area in self.areas().unwrap_or_default().iter().filter(|area| can_be_rewritten(area)) {
            self.rewrite_known(&area.range);
        }
    }

    fn sites_of<R: Default>(&self, place: Place, act: impl FnOnce(&mut Sites) -> R) -> R {
        match place.file {
            Some(file) => self.known.of(file, act).unwrap_or_default(),
            None => act(&mut self.state.lock().sites),
        }
    }

    /// Rewrite `calls` in the code at `code`, with new room if what there is does not suffice.
    fn rewrite_all(&self, code: &Range<usize>, calls: &[TrappedCall]) -> Result<Rewritten> {
        match self.rewrite_in_rooms(code, calls)? {
            Rewritten::NoRoom => {
                self.new_room(code)?;
                self.rewrite_in_rooms(code, calls)
            }
            outcome => Ok(outcome),
        }
    }

    /// Rewrite with the room there is. The map stays locked meanwhile: the pages must stay what they were found to be.
    fn rewrite_in_rooms(&self, code: &Range<usize>, calls: &[TrappedCall]) -> Result<Rewritten> {
        let state = self.state.lock();
        let now = state.areas.find(code.start).filter(|area| can_be_rewritten(area));
        let Some(now) = now.filter(|area| area.range == *code) else { return Ok(Rewritten::Unsuitable) };
        for room in state.rooms(code) {
            let request = RewriteRequest { calls, code: code.clone(), protection: now.protection, room };
            match self.host.rewrite(&request)? {
                Rewritten::NoRoom => {}
                outcome => return Ok(outcome),
            }
        }
        Ok(Rewritten::NoRoom)
    }

    fn new_room(&self, code: &Range<usize>) -> Result<usize> {
        let hole = self.state.lock().hole_for(code)?;
        self.map(MapRequest {
            placement: Placement::Empty(hole.start),
            length: REWRITE_AREA,
            protection: EVERYTHING,
            flags: AreaFlags::HIDDEN | AreaFlags::NO_RESERVE,
            backing: Backing::Anonymous,
            label: None,
        })
    }
}

/// Where a call is counted.
#[derive(Clone, Copy)]
struct Place {
    /// The file whose code it is.
    file: Option<FileKey>,
    /// Its offset there; else its address.
    offset: u64,
}

impl Place {
    /// That of `site` in `area`.
    fn of(area: &Area, site: usize) -> Self {
        let address = Self { file: None, offset: site as u64 };
        let Backing::File { file, offset, .. } = &area.backing else { return address };
        let distance = site.saturating_sub(area.range.start) as u64;
        FileKey::of(&**file)
            .map_or(address, |file| Self { file: Some(file), offset: offset.saturating_add(distance) })
    }
}

/// The addresses that a jump reaches from everywhere in `code`.
fn window(code: &Range<usize>) -> Range<usize> {
    code.end.saturating_sub(REACH)..code.start.saturating_add(REACH)
}

/// Whether instructions in `area` may be changed behind the guest's back: code that the guest does not write itself,
/// and that nobody else has.
fn can_be_rewritten(area: &Area) -> bool {
    let is_a_files = area.flags.contains(AreaFlags::SHARED) && area.backing.hold().is_some();
    area.protection.contains(Protection::EXECUTE)
        && !area.protection.contains(Protection::WRITE)
        && !is_a_files
        && !is_room(area)
}

/// Whether `area` is room for rewritten calls.
pub(super) fn is_room(area: &Area) -> bool {
    area.flags.contains(AreaFlags::HIDDEN)
}

impl State {
    /// A hole for room that code reaches: close below it if there is one, where no heap grows and where the page tables
    /// are that the code has.
    fn hole_for(&self, code: &Range<usize>) -> Result<Range<usize>> {
        const CLOSE: usize = 8 << 20;
        let below = code.start.saturating_sub(CLOSE)..code.start;
        self.hole_within(&below, REWRITE_AREA).or_else(|_| self.hole_within(&window(code), REWRITE_AREA))
    }

    /// The rooms within reach of all of `code`.
    fn rooms(&self, code: &Range<usize>) -> impl Iterator<Item = usize> {
        let window = window(code);
        let hidden = self.areas.overlapping(&window).iter().filter(|area| is_room(area));
        hidden
            .filter(move |area| window.start <= area.range.start && area.range.end <= window.end)
            .map(|area| area.range.start)
    }

    /// Refuse what would change room for rewritten calls.
    ///
    /// # Errors
    /// `NoMemory`, as for addresses that a guest cannot have.
    pub(super) fn check_visible(&self, range: &Range<usize>) -> Result<()> {
        if self.areas.overlapping(range).iter().any(is_room) { Err(NO_MEMORY) } else { Ok(()) }
    }
}
