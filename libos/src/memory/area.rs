//! One run of pages that are alike.

use alloc::sync::Arc;
use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, Protection};

use super::pages::common;
use crate::file::{File, Hold};

bitflags::bitflags! {
    /// What holds for all pages of an area.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct AreaFlags: u16 {
        /// Stores are meant to be seen by others.
        const SHARED = 1;
        /// An access just below extends the area downwards.
        const GROWS_DOWN = 2;
        /// The pages are to stay in memory.
        const LOCKED = 4;
        /// The pages do not count as promised memory.
        const NO_RESERVE = 8;
        /// The pages count as promised memory; set once they may be written.
        const COMMITTED = 16;
        /// A forked child does not get the pages.
        const NO_FORK = 32;
        /// A forked child finds zeros.
        const WIPE_ON_FORK = 64;
        /// The pages are left out of core files.
        const NO_DUMP = 128;
        /// The pages can never be made writable.
        const READ_ONLY = 256;
        /// The pages are a copy of a file that the host cannot map.
        const COPIED = 512;
        /// The guest did not make the pages and is not told of them; see `rewrite`.
        const HIDDEN = 1024;
    }
}

/// Where the first contents of pages come from.
#[derive(Clone)]
pub enum Backing {
    /// Zeros.
    Anonymous,
    /// A file.
    File {
        /// The file; kept so that it stays open while it is mapped.
        file: Arc<dyn File>,
        /// The place of the area's first byte in it.
        offset: u64,
        /// The mapping of the file's own pages; `None` if the host maps its file, or the bytes are copied. Left out
        /// of what is asked for: it is made when the file is mapped.
        hold: Option<Arc<Hold>>,
    },
}

impl Backing {
    /// The backing of what lies `distance` bytes further.
    fn advanced(&self, distance: usize) -> Self {
        match self {
            Self::Anonymous => Self::Anonymous,
            // A mapping's end fits a u64 (checked when it was made), so nothing inside can wrap.
            Self::File { file, offset, hold } => Self::File {
                file: file.clone(),
                offset: offset.wrapping_add(distance as u64),
                hold: hold.clone(),
            },
        }
    }

    /// The mapping of a file's own pages, and the number of the first page in the file.
    pub(super) fn hold(&self) -> Option<(&Arc<Hold>, u64)> {
        match self {
            Self::File { hold: Some(hold), offset, .. } => Some((hold, offset / PAGE_SIZE as u64)),
            _ => None,
        }
    }
}

impl core::fmt::Debug for Backing {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Anonymous => formatter.write_str("anonymous"),
            Self::File { offset, .. } => write!(formatter, "file at {offset:#x}"),
        }
    }
}

/// A run of pages that are alike.
#[derive(Clone, Debug)]
pub struct Area {
    /// Their addresses: whole pages, not empty.
    pub range: Range<usize>,
    /// What the guest may do with them.
    pub protection: Protection,
    /// What else holds for them.
    pub flags: AreaFlags,
    /// Their first contents.
    pub backing: Backing,
    /// What they are to people: `[heap]`, `[stack]`, …; `None` for what programs map themselves.
    pub label: Option<&'static str>,
}

impl Area {
    /// Bytes.
    pub fn length(&self) -> usize {
        self.range.end.saturating_sub(self.range.start)
    }

    /// The part of the area inside `range`, or `None` if there is none.
    pub fn part(&self, range: &Range<usize>) -> Option<Self> {
        let range = common(&self.range, range);
        if range.is_empty() {
            return None;
        }
        let backing = self.backing.advanced(range.start - self.range.start);
        Some(Self { range, backing, ..self.clone() })
    }

    /// The same pages at another address.
    pub(super) fn at(&self, range: Range<usize>) -> Self {
        Self { range, ..self.clone() }
    }

    /// Pages at `range`, which starts where the area ends, as they would be if the area were longer.
    pub(super) fn continuation(&self, range: Range<usize>) -> Self {
        Self { range, backing: self.backing.advanced(self.length()), ..self.clone() }
    }

    /// Whether `next` continues this area, so that the two can be one.
    pub(super) fn is_continued_by(&self, next: &Self) -> bool {
        let same = self.range.end == next.range.start
            && self.protection == next.protection
            && self.flags == next.flags
            && self.label == next.label
            && !self.flags.contains(AreaFlags::GROWS_DOWN);
        same && match (&self.backing, &next.backing) {
            (Backing::Anonymous, Backing::Anonymous) => true,
            (
                Backing::File { file, offset, hold },
                Backing::File { file: next_file, offset: next_offset, hold: next_hold },
            ) => {
                Arc::ptr_eq(file, next_file)
                    && hold.is_some() == next_hold.is_some()
                    && offset.wrapping_add(self.length() as u64) == *next_offset
            }
            _ => false,
        }
    }

    /// Whether its pages are promised to it: private or anonymous, writable at some time, and not exempt.
    pub(super) fn should_commit(&self) -> bool {
        let own = !self.flags.contains(AreaFlags::SHARED) || matches!(self.backing, Backing::Anonymous);
        own && self.protection.contains(Protection::WRITE) && !self.flags.contains(AreaFlags::NO_RESERVE)
    }
}
