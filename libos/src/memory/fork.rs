//! The address space of a forked child.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::area::AreaFlags;
use super::shared::{MemoryHost, copy_holds};
use super::space::{AddressSpace, State};
use crate::error::Result;
use crate::file::Mapper;

impl<H: MemoryHost> AddressSpace<H> {
    /// A copy of the map for a child whose pages the host is about to copy. The child calls
    /// [`enter_child`](Self::enter_child) before it runs guest code.
    ///
    /// # Errors
    /// [`NoMemory`](crate::ErrorKind::NoMemory).
    pub fn fork(&self, host: H) -> Result<Self> {
        let state = self.state.lock();
        let copy = State {
            areas: state.areas.try_clone()?,
            bounds: state.bounds.clone(),
            layout: state.layout,
            heap_end: state.heap_end,
            limits: state.limits,
            lock_new: false,
        };
        drop(state);
        // Its number is known when the child is in it.
        let copy = Self::around(host, copy, 0);
        let mapper: Arc<dyn Mapper> = copy.mapper.clone();
        copy_holds(copy.state.lock().areas.all_mut(), &mapper)?;
        Ok(copy)
    }

    /// Do what the parent asked for its children: leave areas out, or wipe them. Locks are not inherited
    /// (mlock(2)).
    ///
    /// # Errors
    /// The host's.
    pub fn enter_child(&self) -> Result<()> {
        let mut removed = Vec::new();
        self.mapper.enter();
        let mut state = self.state.lock();
        let bounds = state.bounds.clone();
        state.areas.edit(&bounds, |area| area.flags.remove(AreaFlags::LOCKED));
        let areas = state.areas.try_clone()?.take();
        for area in areas {
            if area.flags.contains(AreaFlags::NO_FORK) {
                state.clear(&self.host, &area.range, &mut removed)?;
            } else if area.flags.contains(AreaFlags::WIPE_ON_FORK) {
                self.host.map(area.range.clone(), area.protection)?;
            }
        }
        Ok(())
    }
}
