//! The heap that `brk(2)` moves the end of.

use alloc::vec::Vec;

use litebox_host::memory::{PAGE_SIZE, Protection, SharedMemory};

use super::area::{Area, AreaFlags, Backing};
use super::pages::{NO_MEMORY, round_down, round_up};
use super::place::bottom_of;
use super::shared::MemoryHost;
use super::space::{AddressSpace, State};
use crate::error::Result;

impl<H: MemoryHost> AddressSpace<H> {
    /// Try to move the end of the heap to `wanted`; the end afterwards, moved or not.
    pub fn set_heap_end(&self, wanted: usize) -> usize {
        let mut removed = Vec::new();
        let mut state = self.state.lock();
        if state.move_heap(&self.host, wanted, &mut removed).is_ok() {
            state.heap_end = wanted;
        }
        state.heap_end
    }

    /// Let the heap start, empty, at the page of `start`: the loader knows it only when the program is in place.
    pub fn set_heap_start(&self, start: usize) {
        let mut state = self.state.lock();
        state.layout.heap = round_down(start).clamp(state.bounds.start, state.bounds.end);
        state.heap_end = state.layout.heap;
    }

    /// Where the heap starts and ends; the end is not rounded to a page.
    pub fn heap(&self) -> core::ops::Range<usize> {
        let state = self.state.lock();
        state.layout.heap..state.heap_end
    }
}

impl State {
    fn move_heap<H: SharedMemory>(&mut self, host: &H, wanted: usize, removed: &mut Vec<Area>) -> Result<()> {
        if wanted < self.layout.heap {
            return Err(NO_MEMORY);
        }
        let old = round_up(self.heap_end).ok_or(NO_MEMORY)?;
        let new = round_up(wanted).ok_or(NO_MEMORY)?;
        if new == old {
            return Ok(());
        }
        if new < old {
            return self.clear(host, &(new..old), removed);
        }
        // Linux keeps a page free between the heap and what comes next.
        let free_to = self.areas.next(old).map_or(self.bounds.end, bottom_of);
        if new.checked_add(PAGE_SIZE).is_none_or(|end| end > free_to) {
            return Err(NO_MEMORY);
        }
        let area = Area {
            range: old..new,
            protection: Protection::READ | Protection::WRITE,
            flags: AreaFlags::empty(),
            backing: Backing::Anonymous,
            label: Some("[heap]"),
        };
        self.put(host, area, removed, &mut Vec::new())
    }
}
