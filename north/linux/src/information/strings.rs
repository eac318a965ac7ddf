//! `cmdline`, `environ`, `auxv`: what the program was started with, as its own memory has it now; others see what it
//! told last.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::UserAccess;
use litebox_libos::memory::buffer;

use super::{Answer, Information};
use crate::host::LinuxHost;

/// The bytes of a program's arguments and environment.
pub(super) struct Strings {
    start: usize,
    bytes: Vec<u8>,
}

/// The most that is kept of them.
const MOST: usize = 64 << 10;

impl Strings {
    /// Those at `range` of the memory that the caller is in.
    ///
    /// # Errors
    /// `ENOMEM`.
    pub(super) fn read<H: LinuxHost>(host: &H, range: &Range<usize>) -> Answer<Self> {
        let length = range.end.saturating_sub(range.start).min(MOST);
        Ok(Self { start: range.start, bytes: memory_at(host, &(range.start..range.start + length))? })
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        let offset = |address: usize| address.saturating_sub(self.start).min(self.bytes.len());
        self.bytes.get(offset(range.start)..offset(range.end)).unwrap_or_default()
    }
}

/// Guest memory at `range`, as far as it can be read.
fn memory_at<H: LinuxHost>(host: &H, range: &Range<usize>) -> Answer {
    let length = range.end.saturating_sub(range.start);
    let mut bytes = buffer::zeroed(length)?;
    if let Err(fault) = UserAccess::read(host, range.start, &mut bytes) {
        bytes.truncate(fault.copied);
    }
    Ok(bytes)
}

impl<H: LinuxHost> Information<H> {
    /// `proc_pid_auxv(5)`: keys and values.
    pub(super) fn auxiliary_text(&self) -> Answer {
        let mut bytes = buffer::reserved(self.image.auxiliary.len().saturating_mul(size_of::<u64>()))?;
        bytes.extend(self.image.auxiliary.iter().flat_map(|word| word.to_le_bytes()));
        Ok(bytes)
    }

    /// `proc_pid_cmdline(5)`. A program that wrote over the last NUL has put one string there, which may go on
    /// into the environment (`setproctitle(3)`).
    pub(super) fn arguments_text(&self) -> Answer {
        let bytes = self.memory_at(&self.image.arguments)?;
        if bytes.last().is_none_or(|last| *last == 0) {
            return Ok(bytes);
        }
        let mut title = self.memory_at(&self.image.strings())?;
        let end = title.iter().position(|byte| *byte == 0);
        title.truncate(end.unwrap_or(title.len()));
        Ok(title)
    }

    /// `proc_pid_environ(5)`.
    pub(super) fn environment_text(&self) -> Answer {
        self.memory_at(&self.image.environment)
    }

    /// The process's memory at `range`, as far as it is known.
    fn memory_at(&self, range: &Range<usize>) -> Answer {
        if self.memory.is_current() {
            return memory_at(&self.host, range);
        }
        let strings = Arc::clone(&self.strings.lock());
        let part = strings.part(range);
        buffer::copied(part)
    }
}
