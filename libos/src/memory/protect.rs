//! Changing what may be done with pages.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::{Protection, SharedMemory};

use super::area::{Area, AreaFlags};
use super::limits::Usage;
use super::pages::{BAD_RANGE, NOT_MAPPED, is_aligned, span};
use super::shared::MemoryHost;
use super::space::{AddressSpace, State};
use crate::error::{Error, ErrorKind, Result};

/// Which pages a change of protection means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Those of the range.
    Exact,
    /// Those of the range and all below it, in an area that grows down (`PROT_GROWSDOWN`).
    WholeStack,
}

impl<H: MemoryHost> AddressSpace<H> {
    /// Give the pages of `length` bytes from `address` another protection.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an address that is not a page's; [`ErrorKind::NoMemory`] at the first
    /// page that is not mapped, and [`ErrorKind::AccessDenied`] at the first that can never be written; the pages
    /// before it are changed then, as Linux does.
    pub fn protect(&self, address: usize, length: usize, protection: Protection, which: Span) -> Result<()> {
        if !is_aligned(address) {
            return Err(BAD_RANGE);
        }
        if length == 0 {
            return Ok(());
        }
        let mut range = span(address, length).ok_or(NOT_MAPPED)?;
        let mut state = self.state.lock();
        state.check_visible(&range)?;
        if which == Span::WholeStack {
            range.start = state.stack_start(&range)?;
        }
        let mapped = range.start..state.areas.contiguous_end(&range);
        let writes = protection.contains(Protection::WRITE);
        let refuses = |area: &&Area| writes && area.flags.contains(AreaFlags::READ_ONLY);
        let refusing = state.areas.overlapping(&mapped).iter().find(refuses);
        let allowed = refusing.map(|area| mapped.start..area.range.start.max(mapped.start));
        state.set_protection(&self.host, allowed.as_ref().unwrap_or(&mapped), protection)?;
        if allowed.is_some() {
            Err(Error::new(ErrorKind::AccessDenied, "the file is not open for writing"))
        } else if mapped.end < range.end {
            Err(NOT_MAPPED)
        } else {
            Ok(())
        }
    }
}

impl State {
    fn stack_start(&self, range: &Range<usize>) -> Result<usize> {
        let area = self.areas.next(range.start).filter(|area| area.range.start < range.end);
        let area = area.ok_or(NOT_MAPPED)?;
        if area.flags.contains(AreaFlags::GROWS_DOWN) {
            Ok(area.range.start)
        } else {
            Err(Error::new(ErrorKind::InvalidArgument, "the area does not grow down"))
        }
    }

    /// Change the pages of `range`, all of which are mapped.
    fn set_protection<H: SharedMemory>(
        &mut self,
        host: &H,
        range: &Range<usize>,
        protection: Protection,
    ) -> Result<()> {
        if self.areas.overlapping(range).iter().all(|area| area.protection == protection) {
            return Ok(());
        }
        let change = |area: &mut Area| {
            area.protection = protection;
            if area.should_commit() {
                area.flags |= AreaFlags::COMMITTED;
            }
        };
        let parts = self.areas.overlapping(range).iter().filter_map(|area| area.part(range));
        let changed = parts.fold(Usage::default(), |sum, mut part| {
            change(&mut part);
            sum.plus(Usage::of(&part))
        });
        let old = self.areas.usage();
        old.may_become(old.minus(self.areas.usage_in(range)).plus(changed), &self.limits)?;
        self.areas.reserve(range, 0, &mut Vec::new())?;
        host.protect(range.clone(), protection)?;
        self.areas.edit(range, change);
        Ok(())
    }
}
