//! Room for rewritten system calls.
//!
//! A host that can rewrite a system-call instruction needs room for a few instructions of its own within reach of a
//! jump. That room is an area of the guest's address space which the guest did not make: it is left out of what a
//! guest is told, cannot be mapped over, and goes with the address space.

use core::ops::Range;

use litebox_host::memory::{Protection, REWRITE_AREA, Rewrite, RewriteSite, Rewritten};

use super::area::{Area, AreaFlags, Backing};
use super::pages::NO_MEMORY;
use super::place::Placement;
use super::shared::MemoryHost;
use super::space::{AddressSpace, MapRequest, State};
use crate::error::Result;

/// How far a jump reaches, less the area's own size and a margin for the distance inside the code.
const REACH: usize = (1 << 31) - 2 * REWRITE_AREA;

const EVERYTHING: Protection = Protection::all();

impl<H: MemoryHost + Rewrite> AddressSpace<H> {
    /// The call being served trapped at `site`; rewrite the instruction if that can be done.
    ///
    /// # Errors
    /// The host's, and those of mapping. The call is served all the same: it trapped, and it may trap again.
    pub fn rewrite(&self, site: usize) -> Result<()> {
        let Some(code) = self.find(site).filter(can_be_rewritten) else { return Ok(()) };
        if self.rewrite_in_rooms(site)? == Rewritten::NoRoom {
            self.new_room(&code.range)?;
            self.rewrite_in_rooms(site)?;
        }
        Ok(())
    }

    /// Rewrite with the room there is. The map stays locked meanwhile: the pages must stay what they were found to be.
    fn rewrite_in_rooms(&self, site: usize) -> Result<Rewritten> {
        let state = self.state.lock();
        let Some(code) = state.areas.find(site).filter(|area| can_be_rewritten(area)) else {
            return Ok(Rewritten::Unsuitable);
        };
        let (range, protection) = (&code.range, code.protection);
        for room in state.rooms(range) {
            let request = RewriteSite { site, code: range.clone(), protection, room };
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
