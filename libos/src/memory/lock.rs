//! Locked pages. The host's pages are not locked; what is kept is the account that programs see.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::PAGE_SIZE;

use super::area::AreaFlags;
use super::pages::{BAD_RANGE, NO_MEMORY, NOT_MAPPED, round_down};
use super::shared::MemoryHost;
use super::space::AddressSpace;
use crate::error::{Error, ErrorKind, Result};

impl<H: MemoryHost> AddressSpace<H> {
    /// Lock the pages with any of the `length` bytes from `address`.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`] beyond the limit, or if part is not mapped (the part before it is locked then);
    /// [`ErrorKind::NotPermitted`] if the limit is 0; [`ErrorKind::InvalidArgument`] for a range that wraps.
    pub fn lock(&self, address: usize, length: usize) -> Result<()> {
        let range = touched(address, length)?;
        let mut state = self.state.lock();
        if state.limits.locked == 0 {
            return Err(Error::new(ErrorKind::NotPermitted, "no page may be locked"));
        }
        let new = range.end.saturating_sub(range.start).saturating_sub(state.areas.usage_in(&range).locked);
        if state.areas.usage().locked.saturating_add(new) > state.limits.locked {
            return Err(NO_MEMORY);
        }
        let mapped = range.start..state.areas.contiguous_end(&range);
        state.areas.reserve(&mapped, 0, &mut Vec::new())?;
        state.areas.edit(&mapped, |area| area.flags.insert(AreaFlags::LOCKED));
        if mapped.end < range.end { Err(NOT_MAPPED) } else { Ok(()) }
    }

    /// Take the lock back.
    ///
    /// # Errors
    /// As [`AddressSpace::lock`], without the limit.
    pub fn unlock(&self, address: usize, length: usize) -> Result<()> {
        let range = touched(address, length)?;
        let mut state = self.state.lock();
        let mapped = range.start..state.areas.contiguous_end(&range);
        state.areas.reserve(&mapped, 0, &mut Vec::new())?;
        state.areas.edit(&mapped, |area| area.flags.remove(AreaFlags::LOCKED));
        if mapped.end < range.end { Err(NOT_MAPPED) } else { Ok(()) }
    }

    /// Lock all pages that are mapped now.
    ///
    /// # Errors
    /// As [`AddressSpace::lock`].
    pub fn lock_all(&self) -> Result<()> {
        let mut state = self.state.lock();
        if state.limits.locked == 0 {
            return Err(Error::new(ErrorKind::NotPermitted, "no page may be locked"));
        }
        if state.areas.usage().mapped > state.limits.locked {
            return Err(NO_MEMORY);
        }
        let bounds = state.bounds.clone();
        state.areas.edit(&bounds, |area| area.flags.insert(AreaFlags::LOCKED));
        Ok(())
    }

    /// Lock every page that will be mapped.
    pub fn lock_new(&self) {
        self.state.lock().lock_new = true;
    }

    /// Take all locks back, and lock no new page.
    pub fn unlock_all(&self) {
        let mut state = self.state.lock();
        state.lock_new = false;
        let bounds = state.bounds.clone();
        state.areas.edit(&bounds, |area| area.flags.remove(AreaFlags::LOCKED));
    }
}

/// The pages with any of the bytes. A length so large that rounding it wraps is 0, as in Linux.
fn touched(address: usize, length: usize) -> Result<Range<usize>> {
    let start = round_down(address);
    let length = round_down(length.wrapping_add(address - start).wrapping_add(PAGE_SIZE - 1));
    Ok(start..start.checked_add(length).ok_or(BAD_RANGE)?)
}
