//! `smaps` and `smaps_rollup` (`proc_pid_smaps(5)`): what is in memory only the host knows, so all that can be
//! accessed counts as resident, and as used by this process alone unless it is shared.

use litebox_host::memory::{PAGE_SIZE, Protection};
use litebox_libos::memory::{Area, AreaFlags, Backing};

use super::maps::put;
use super::text::Text;
use super::{Answer, Information};
use crate::host::LinuxHost;

/// Sums in bytes.
#[derive(Clone, Copy, Default)]
struct Counts {
    resident: usize,
    shared: usize,
    anonymous: usize,
    locked: usize,
}

impl Counts {
    fn of(area: &Area) -> Self {
        let resident = if area.protection.is_empty() { 0 } else { area.length() };
        let is_shared = area.flags.contains(AreaFlags::SHARED);
        let is_anonymous = !is_shared && matches!(area.backing, Backing::Anonymous);
        Self {
            resident,
            shared: if is_shared { resident } else { 0 },
            anonymous: if is_anonymous { resident } else { 0 },
            locked: if area.flags.contains(AreaFlags::LOCKED) { resident } else { 0 },
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            resident: self.resident.saturating_add(other.resident),
            shared: self.shared.saturating_add(other.shared),
            anonymous: self.anonymous.saturating_add(other.anonymous),
            locked: self.locked.saturating_add(other.locked),
        }
    }

    fn put(self, text: &mut Text) -> Answer<()> {
        let private = self.resident.saturating_sub(self.shared);
        let clean = private.saturating_sub(self.anonymous);
        for (name, bytes) in [
            ("Rss", self.resident),
            ("Pss", self.resident),
            ("Shared_Clean", 0),
            ("Shared_Dirty", self.shared),
            ("Private_Clean", clean),
            ("Private_Dirty", self.anonymous),
            ("Referenced", self.resident),
            ("Anonymous", self.anonymous),
            ("AnonHugePages", 0),
            ("Shared_Hugetlb", 0),
            ("Private_Hugetlb", 0),
            ("Swap", 0),
            ("SwapPss", 0),
            ("Locked", self.locked),
        ] {
            put_size(text, name, bytes)?;
        }
        Ok(())
    }
}

fn put_size(text: &mut Text, name: &str, bytes: usize) -> Answer<()> {
    /// Characters before the unit, without the colon.
    const COLUMN: usize = 23;
    let width = COLUMN.saturating_sub(name.len());
    text.line(format_args!("{name}:{:>width$} kB", bytes / 1024))
}

impl<H: LinuxHost> Information<H> {
    pub(super) fn detailed_maps(&self) -> Answer {
        let mut text = Text::default();
        for area in self.memory.areas()? {
            put(&mut text, &area, &self.place)?;
            put_size(&mut text, "Size", area.length())?;
            put_size(&mut text, "KernelPageSize", PAGE_SIZE)?;
            put_size(&mut text, "MMUPageSize", PAGE_SIZE)?;
            Counts::of(&area).put(&mut text)?;
            put_flags(&mut text, &area)?;
        }
        Ok(text.finish())
    }

    pub(super) fn maps_summary(&self) -> Answer {
        let areas = self.memory.areas()?;
        let mut text = Text::default();
        let (start, end) = (areas.first(), areas.last());
        text.line(format_args!(
            "{:08x}-{:08x} ---p 00000000 00:00 0                          [rollup]",
            start.map_or(0, |area| area.range.start),
            end.map_or(0, |area| area.range.end),
        ))?;
        areas.iter().map(Counts::of).fold(Counts::default(), Counts::plus).put(&mut text)?;
        Ok(text.finish())
    }
}

fn put_flags(text: &mut Text, area: &Area) -> Answer<()> {
    text.put(b"VmFlags:")?;
    for (flag, name) in [(Protection::READ, "rd"), (Protection::WRITE, "wr"), (Protection::EXECUTE, "ex")] {
        if area.protection.contains(flag) {
            text.format(format_args!(" {name}"))?;
        }
    }
    for (flag, name) in [(AreaFlags::SHARED, "sh"), (AreaFlags::GROWS_DOWN, "gd"), (AreaFlags::LOCKED, "lo")]
    {
        if area.flags.contains(flag) {
            text.format(format_args!(" {name}"))?;
        }
    }
    text.put(b" \n")
}
