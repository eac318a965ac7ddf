//! The address space of a forked child.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Ordering;

use super::area::AreaFlags;
use super::shared::{MemoryHost, copy_holds};
use super::site::Sites;
use super::space::{AddressSpace, State};
use crate::error::Result;
use crate::file::Mapper;

impl<H: MemoryHost> AddressSpace<H> {
    /// Have `make` make a process with a copy of the pages; it is given a copy of the map. Nothing changes in the map
    /// or the pages meanwhile. The child calls [`enter_child`](Self::enter_child) before it runs guest code.
    ///
    /// # Errors
    /// [`NoMemory`](crate::ErrorKind::NoMemory).
    pub fn fork<R>(&self, host: H, make: impl FnOnce(Arc<Self>) -> R) -> Result<R> {
        self.rewrite_learned();
        let state = self.state.lock();
        let copy = State {
            areas: state.areas.try_clone()?,
            bounds: state.bounds.clone(),
            layout: state.layout,
            heap_end: state.heap_end,
            limits: state.limits,
            lock_new: false,
            sites: Sites::default(),
            changes: state.changes,
        };
        // Its number is known when the child is in it.
        let copy = Arc::new(Self::around(host, copy, 0, Arc::clone(&self.known)));
        let mapper: Arc<dyn Mapper> = copy.mapper.clone();
        copy_holds(copy.state.lock().areas.all_mut(), &mapper)?;
        let made = make(copy);
        drop(state);
        Ok(made)
    }

    /// Whether the caller is in it.
    pub fn is_current(&self) -> bool {
        self.mapper.is_here()
    }

    /// One more process uses the address space.
    pub fn share(&self) {
        self.users.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether more than one process uses the address space.
    pub fn is_shared(&self) -> bool {
        self.users.load(Ordering::Acquire) > 1
    }

    /// A process uses the address space no more. With the last one its files are let go; what is left of the pages
    /// goes with the host's process.
    pub fn leave(&self) {
        if self.users.fetch_sub(1, Ordering::AcqRel) == 1 {
            let areas = self.state.lock().areas.take();
            drop(areas);
        }
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
