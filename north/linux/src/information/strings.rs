//! `cmdline`, `environ`, `auxv`: what the program was started with, as its own memory has it now.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::UserAccess;
use litebox_libos::{Error, ErrorKind};

use super::{Answer, Information};
use crate::host::LinuxHost;

impl<H: LinuxHost> Information<H> {
    /// `proc_pid_auxv(5)`: keys and values.
    pub(super) fn auxiliary_text(&self) -> Answer {
        let mut bytes = reserved(self.auxiliary.len().saturating_mul(size_of::<u64>()))?;
        bytes.extend(self.auxiliary.iter().flat_map(|word| word.to_le_bytes()));
        Ok(bytes)
    }

    /// `proc_pid_cmdline(5)`. A program that wrote over the last NUL has put one string there, which may go on
    /// into the environment (`setproctitle(3)`).
    pub(super) fn arguments_text(&self) -> Answer {
        let bytes = self.memory_at(&self.arguments)?;
        if bytes.last().is_none_or(|last| *last == 0) {
            return Ok(bytes);
        }
        let mut title = self.memory_at(&(self.arguments.start..self.environment.end))?;
        let end = title.iter().position(|byte| *byte == 0);
        title.truncate(end.unwrap_or(title.len()));
        Ok(title)
    }

    /// `proc_pid_environ(5)`.
    pub(super) fn environment_text(&self) -> Answer {
        self.memory_at(&self.environment)
    }

    /// The process's memory at `range`, as far as it can be read. The caller is in its address space.
    fn memory_at(&self, range: &Range<usize>) -> Answer {
        let length = range.end.saturating_sub(range.start);
        let mut bytes = reserved(length)?;
        bytes.resize(length, 0);
        if let Err(fault) = UserAccess::read(&self.host, range.start, &mut bytes) {
            bytes.truncate(fault.copied);
        }
        Ok(bytes)
    }
}

fn reserved(length: usize) -> Answer {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(length)
        .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a program's strings"))?;
    Ok(bytes)
}
