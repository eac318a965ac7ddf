//! Areas that grow down when the guest touches what is just below them.

use alloc::vec::Vec;

use litebox_host::memory::{Protection, SharedMemory};

use super::area::AreaFlags;
use super::limits::Usage;
use super::pages::round_down;
use super::place::GUARD;
use super::shared::MemoryHost;
use super::space::{AddressSpace, State};

impl<H: MemoryHost> AddressSpace<H> {
    /// The guest touched `address`, where there is no page. Whether there is one now, so that it may try again.
    pub fn fault(&self, address: usize) -> bool {
        let mut state = self.state.lock();
        state.grow_down(&self.host, address).is_some()
    }

    /// The guest was not let run the code at `address`. Whether it may by now: the page is not executable while a call in
    /// it is rewritten, for which the map is locked.
    pub fn fault_in_code(&self, address: usize) -> bool {
        let state = self.state.lock();
        state.areas.find(address).is_some_and(|area| area.protection.contains(Protection::EXECUTE))
    }
}

impl State {
    fn grow_down<H: SharedMemory>(&mut self, host: &H, address: usize) -> Option<()> {
        let area = self.areas.next(address).filter(|area| area.flags.contains(AreaFlags::GROWS_DOWN))?;
        if area.range.start <= address {
            // Another thread was first, unless there is a page that just cannot be read.
            return area.protection.contains(Protection::READ).then_some(());
        }
        let start = round_down(address);
        let below = self.areas.previous(address);
        let gap = below.map_or(usize::MAX, |below| start.saturating_sub(below.range.end));
        let guarded = below.is_none_or(|below| below.protection.is_empty()) || gap >= GUARD;
        let size = area.range.end.checked_sub(start)?;
        if start < self.bounds.start || !guarded || size > self.limits.stack {
            return None;
        }
        let mut added = area.at(start..area.range.start);
        if added.should_commit() {
            added.flags |= AreaFlags::COMMITTED;
        }
        let usage = self.areas.usage();
        usage.may_become(usage.plus(Usage::of(&added)), &self.limits).ok()?;
        self.areas.reserve(&added.range, 0, &mut Vec::new()).ok()?;
        host.map(added.range.clone(), added.protection).ok()?;
        self.areas.extend_down(added.range.end, added.range.start);
        Some(())
    }
}
