//! How much memory a process has, as `stat`, `statm` and `status` count it.

use alloc::sync::Arc;
use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, Protection};
use litebox_libos::memory::{Area, AreaFlags, Backing};

use super::text::Text;
use super::{Answer, Information};
use crate::host::LinuxHost;

/// Sums over the areas, in bytes. Which pages are in memory only the host knows: all that can be accessed count.
#[derive(Clone, Debug, Default)]
pub(super) struct Sizes {
    pub(super) mapped: usize,
    pub(super) locked: usize,
    /// Private writable pages, without stacks.
    pub(super) data: usize,
    pub(super) stack: usize,
    /// Executable pages of the program and of other files.
    pub(super) executable: usize,
    /// Accessible pages of files.
    pub(super) of_files: usize,
    /// Other accessible private pages.
    pub(super) anonymous: usize,
    /// Other accessible shared pages.
    pub(super) shared: usize,
    /// The program's own code and data.
    pub(super) code: Range<usize>,
    pub(super) program_data: Range<usize>,
}

impl Sizes {
    pub(super) fn resident(&self) -> usize {
        self.of_files.saturating_add(self.anonymous).saturating_add(self.shared)
    }

    pub(super) fn code_length(&self) -> usize {
        self.code.end.saturating_sub(self.code.start)
    }

    pub(super) fn libraries(&self) -> usize {
        self.executable.saturating_sub(self.code_length())
    }

    fn add(&mut self, area: &Area, is_program: bool) {
        let accessible = if area.protection.is_empty() { 0 } else { area.length() };
        let slot = match &area.backing {
            Backing::File { .. } => &mut self.of_files,
            Backing::Anonymous if area.flags.contains(AreaFlags::SHARED) => &mut self.shared,
            Backing::Anonymous => &mut self.anonymous,
        };
        *slot = slot.saturating_add(accessible);
        let executable = area.protection.contains(Protection::EXECUTE);
        if area.flags.contains(AreaFlags::GROWS_DOWN) {
            self.stack = self.stack.saturating_add(area.length());
        } else if executable && !area.protection.contains(Protection::WRITE) {
            self.executable = self.executable.saturating_add(area.length());
        }
        if is_program && executable {
            widen(&mut self.code, &area.range);
        } else if is_program && area.protection.contains(Protection::WRITE) {
            widen(&mut self.program_data, &area.range);
        }
    }
}

/// Let `range`, which may be empty, reach over `other` too.
fn widen(range: &mut Range<usize>, other: &Range<usize>) {
    if range.start >= range.end {
        *range = other.clone();
    } else {
        range.end = range.end.max(other.end);
    }
}

impl<H: LinuxHost> Information<H> {
    pub(super) fn sizes(&self) -> Answer<Sizes> {
        let usage = self.memory.usage();
        let mut sizes =
            Sizes { mapped: usage.mapped, locked: usage.locked, data: usage.data, ..Sizes::default() };
        for area in self.memory.areas()? {
            let is_program = matches!(&area.backing,
                Backing::File { file, .. } if Arc::ptr_eq(file, &self.image.program.file));
            sizes.add(&area, is_program);
        }
        Ok(sizes)
    }

    /// `proc_pid_statm(5)`, in pages.
    pub(super) fn memory_counts(&self) -> Answer {
        let sizes = self.sizes()?;
        let pages = |bytes: usize| bytes.div_ceil(PAGE_SIZE);
        let mut text = Text::default();
        text.line(format_args!(
            "{} {} {} {} 0 {} 0",
            pages(sizes.mapped),
            pages(sizes.resident()),
            pages(sizes.of_files.saturating_add(sizes.shared)),
            pages(sizes.code_length()),
            pages(sizes.data.saturating_add(sizes.stack)),
        ))?;
        Ok(text.finish())
    }
}

/// `proc_pid_io(5)`. Nobody counts: all are 0.
pub(super) fn transfers() -> Answer {
    let mut text = Text::default();
    for name in ["rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes", "cancelled_write_bytes"] {
        text.line(format_args!("{name}: 0"))?;
    }
    Ok(text.finish())
}
