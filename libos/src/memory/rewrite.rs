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
    /// The call being served trapped at `site`; rewrite the instruction if that can be done. `exclusive` says that
    /// no other thread can be running the code.
    ///
    /// # Errors
    /// The host's, and those of mapping. The call is served all the same: it trapped, and it may trap again.
    pub fn rewrite(&self, site: usize, exclusive: bool) -> Result<()> {
        let Some(code) = self.find(site).filter(can_be_rewritten) else { return Ok(()) };
        let request = |room: usize| RewriteSite {
            site,
            code: code.range.clone(),
            protection: code.protection,
            room,
            exclusive,
        };
        for room in self.rooms(&code.range) {
            if self.host.rewrite(&request(room))? != Rewritten::NoRoom {
                return Ok(());
            }
        }
        let room = self.new_room(&code.range)?;
        self.host.rewrite(&request(room))?;
        Ok(())
    }

    /// The rooms within reach of all of `code`.
    fn rooms(&self, code: &Range<usize>) -> impl Iterator<Item = usize> {
        let window = window(code);
        let state = self.state.lock();
        let mut rooms = [0; 8];
        let hidden = state.areas.overlapping(&window).iter().filter(|area| is_room(area));
        let inside = hidden.filter(|area| window.start <= area.range.start && area.range.end <= window.end);
        for (to, area) in rooms.iter_mut().zip(inside) {
            *to = area.range.start;
        }
        rooms.into_iter().filter(|room| *room != 0)
    }

    fn new_room(&self, code: &Range<usize>) -> Result<usize> {
        let hole = self.state.lock().hole_within(&window(code), REWRITE_AREA)?;
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

/// Whether instructions in `area` may be changed behind the guest's back: code that the guest does not write itself.
fn can_be_rewritten(area: &Area) -> bool {
    area.protection.contains(Protection::EXECUTE)
        && !area.protection.contains(Protection::WRITE)
        && !is_room(area)
}

/// Whether `area` is room for rewritten calls.
pub(super) fn is_room(area: &Area) -> bool {
    area.flags.contains(AreaFlags::HIDDEN)
}

impl State {
    /// Refuse what would change room for rewritten calls.
    ///
    /// # Errors
    /// `NoMemory`, as for addresses that a guest cannot have.
    pub(super) fn check_visible(&self, range: &Range<usize>) -> Result<()> {
        if self.areas.overlapping(range).iter().any(is_room) { Err(NO_MEMORY) } else { Ok(()) }
    }
}
