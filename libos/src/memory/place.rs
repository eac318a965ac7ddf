//! Where a new mapping goes.

use core::ops::Range;

use super::area::AreaFlags;
use super::map::AreaMap;
use super::pages::{NO_MEMORY, is_aligned, round_down, span};
use super::space::State;
use crate::error::{Error, ErrorKind, Result};

/// What is kept free below an area that grows down, so that it does not meet its neighbour unseen
/// (`stack_guard_gap`, 256 pages).
pub(super) const GUARD: usize = 1 << 20;

/// Where a mapping is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Anywhere, preferably at the address.
    Near(usize),
    /// Anywhere below 2 GiB.
    Low,
    /// Exactly there, replacing what is there.
    Exact(usize),
    /// Exactly there, if nothing is there.
    Empty(usize),
}

impl State {
    /// The pages for a mapping of `length` bytes (whole pages, not 0).
    pub(super) fn place(&self, placement: Placement, length: usize) -> Result<Range<usize>> {
        if length > self.bounds.end.saturating_sub(self.bounds.start) {
            return Err(NO_MEMORY);
        }
        match placement {
            Placement::Near(hint) => self.near(round_down(hint), length),
            Placement::Low => hole_below(&self.areas, &self.clip(0x4000_0000..0x8000_0000), length),
            Placement::Exact(address) => self.exact(address, length),
            Placement::Empty(address) => {
                let range = self.exact(address, length)?;
                if self.areas.overlapping(&range).is_empty() {
                    Ok(range)
                } else {
                    Err(Error::new(ErrorKind::Exists, "something is mapped there"))
                }
            }
        }
    }

    fn exact(&self, address: usize, length: usize) -> Result<Range<usize>> {
        if !is_aligned(address) {
            return Err(Error::new(ErrorKind::InvalidArgument, "the address is not that of a page"));
        }
        let range = span(address, length).ok_or(NO_MEMORY)?;
        if range.end > self.bounds.end {
            return Err(NO_MEMORY);
        }
        self.check_visible(&range)?;
        if range.start < self.bounds.start {
            return Err(Error::new(ErrorKind::NotPermitted, "below the lowest address for mappings"));
        }
        Ok(range)
    }

    fn near(&self, hint: usize, length: usize) -> Result<Range<usize>> {
        if hint >= self.bounds.start
            && let Some(range) = span(hint, length).filter(|range| range.end <= self.bounds.end)
            && hole_below(&self.areas, &range, length).is_ok()
        {
            return Ok(range);
        }
        hole_below(&self.areas, &self.clip(0..self.layout.top), length)
            .or_else(|_| hole_below(&self.areas, &self.bounds, length))
    }

    /// The highest free pages of `length` bytes inside `window`.
    pub(super) fn hole_within(&self, window: &Range<usize>, length: usize) -> Result<Range<usize>> {
        hole_below(&self.areas, &self.clip(window.clone()), length)
    }

    fn clip(&self, range: Range<usize>) -> Range<usize> {
        super::pages::common(&self.bounds, &range)
    }
}

/// The highest free pages of `length` bytes inside `window`.
fn hole_below(areas: &AreaMap, window: &Range<usize>, length: usize) -> Result<Range<usize>> {
    let candidate = |top: usize, bottom: usize| {
        let start = top.min(window.end).checked_sub(length)?;
        (start >= bottom.max(window.start)).then_some(start..start.saturating_add(length))
    };
    let mut top = areas.next(window.end).map_or(window.end, |next| bottom_of(next).min(window.end));
    for area in areas.overlapping(window).iter().rev() {
        if let Some(range) = candidate(top, area.range.end) {
            return Ok(range);
        }
        top = top.min(bottom_of(area));
    }
    candidate(top, window.start).ok_or(NO_MEMORY)
}

/// The lowest address that belongs to `area`, its guard included.
pub(super) fn bottom_of(area: &super::Area) -> usize {
    let guard = if area.flags.contains(AreaFlags::GROWS_DOWN) { GUARD } else { 0 };
    area.range.start.saturating_sub(guard)
}
