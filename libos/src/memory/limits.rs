//! How much memory an address space holds, and may hold.

use litebox_host::memory::Protection;

use super::area::{Area, AreaFlags};
use super::pages::NO_MEMORY;
use crate::error::Result;

/// What an address space may hold at most, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// All mappings together (`RLIMIT_AS`, getrlimit(2)).
    pub address_space: usize,
    /// Private writable mappings and the heap together (`RLIMIT_DATA`).
    pub data: usize,
    /// One area that grows down (`RLIMIT_STACK`).
    pub stack: usize,
    /// Locked pages (`RLIMIT_MEMLOCK`).
    pub locked: usize,
    /// Promised pages: those that a program may write to, whether or not it has. A sandbox with strict
    /// accounting sets it; programs commonly ask for far more than they touch.
    pub committed: usize,
}

impl Default for Limits {
    /// Linux's defaults: stacks of 8 MiB, 8 MiB locked, the rest without limit.
    fn default() -> Self {
        Self {
            address_space: usize::MAX,
            data: usize::MAX,
            stack: 8 << 20,
            locked: 8 << 20,
            committed: usize::MAX,
        }
    }
}

/// What an address space holds, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// All mappings.
    pub mapped: usize,
    /// Private writable mappings.
    pub data: usize,
    /// Locked pages.
    pub locked: usize,
    /// Promised pages.
    pub committed: usize,
}

impl Usage {
    /// What `area` adds.
    pub(super) fn of(area: &Area) -> Self {
        let length = area.length();
        let counted = |condition: bool| if condition { length } else { 0 };
        let private = !area.flags.intersects(AreaFlags::SHARED | AreaFlags::GROWS_DOWN);
        Self {
            mapped: length,
            data: counted(private && area.protection.contains(Protection::WRITE)),
            locked: counted(area.flags.contains(AreaFlags::LOCKED)),
            committed: counted(area.flags.contains(AreaFlags::COMMITTED)),
        }
    }

    /// Both together. Sums of disjoint areas cannot overflow; anything else is cut to the largest value.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            mapped: self.mapped.saturating_add(other.mapped),
            data: self.data.saturating_add(other.data),
            locked: self.locked.saturating_add(other.locked),
            committed: self.committed.saturating_add(other.committed),
        }
    }

    /// What is left of it without `other`.
    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            mapped: self.mapped.saturating_sub(other.mapped),
            data: self.data.saturating_sub(other.data),
            locked: self.locked.saturating_sub(other.locked),
            committed: self.committed.saturating_sub(other.committed),
        }
    }

    /// Whether `limits` allow a change from this to `new`. What does not grow is always allowed, so that a
    /// process above a lowered limit can still give memory back.
    ///
    /// # Errors
    /// [`NoMemory`](crate::ErrorKind::NoMemory).
    pub(super) fn may_become(self, new: Self, limits: &Limits) -> Result<()> {
        let exceeds = |old: usize, new: usize, limit: usize| new > old && new > limit;
        if exceeds(self.mapped, new.mapped, limits.address_space)
            || exceeds(self.data, new.data, limits.data)
            || exceeds(self.committed, new.committed, limits.committed)
        {
            return Err(NO_MEMORY);
        }
        Ok(())
    }
}
