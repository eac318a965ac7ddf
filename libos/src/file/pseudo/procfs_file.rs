//! What the open files of `/proc` read and write.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::procfs::Shared;
use super::procfs_static::Generator;
use super::text::{FIXED, TextSource};
use super::{ProcessInformation, ProcessText};
use crate::error::{Error, ErrorKind, Result};
use crate::file::Asker;

/// A file about the machine.
pub(super) struct OfMachine {
    pub(super) shared: Arc<Shared>,
    pub(super) generate: Generator,
}

impl TextSource for OfMachine {
    fn text(&self) -> Result<Vec<u8>> {
        (self.generate)(&self.shared)
    }

    fn write(&self, _: Asker<'_>, _: &[u8]) -> Result<()> {
        Err(FIXED)
    }
}

/// A file about a thread or its process.
pub(super) struct OfProcess {
    shared: Arc<Shared>,
    process: u32,
    thread: u32,
    text: ProcessText,
    /// When the process started: a later one with the same number is another.
    started: Duration,
}

impl OfProcess {
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is no such process.
    pub(super) fn new(shared: Arc<Shared>, process: u32, thread: u32, text: ProcessText) -> Result<Self> {
        let started = shared.processes.get(process)?.started();
        Ok(Self { shared, process, thread, text, started })
    }

    fn shown(&self) -> Result<Arc<dyn ProcessInformation>> {
        const GONE: Error = Error::new(ErrorKind::NoSuchProcess, "the process is gone");
        let shown = self.shared.processes.get(self.process).map_err(|_| GONE)?;
        if shown.started() == self.started { Ok(shown) } else { Err(GONE) }
    }
}

impl TextSource for OfProcess {
    fn text(&self) -> Result<Vec<u8>> {
        self.shown()?.text(self.thread, self.text)
    }

    fn prepare(&self, asker: Asker<'_>) {
        if let Ok(shown) = self.shown() {
            shown.prepare(self.text, asker);
        }
    }

    fn write(&self, asker: Asker<'_>, text: &[u8]) -> Result<()> {
        self.shown()?.write(self.thread, self.text, asker, text)
    }
}
