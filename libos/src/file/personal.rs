//! Objects that are something else to everybody who uses them: signals as data, files about processes, and whatever
//! watches such objects.

use alloc::sync::Arc;

use super::File;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::process::Process;
use crate::thread::Thread;
use crate::user::{Destination, Source};

/// Who uses an open object.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The process.
    pub process: &'a Process,
    /// The calling thread, one of the process's.
    pub thread: &'a Thread,
}

/// What an object is to whoever uses it.
pub trait PersonalFile {
    /// Called before every read, while nothing is locked: the one operation that may block, if only for a moment.
    fn prepare(&self, asker: Asker<'_>) {
        let _ = asker;
    }

    /// As [`File::read`].
    ///
    /// # Errors
    /// Those of [`File::read`].
    fn read(&self, asker: Asker<'_>, position: Option<u64>, to: &mut dyn Destination) -> Result<usize>;

    /// As [`File::write`]; the position means nothing.
    ///
    /// # Errors
    /// Those of [`File::write`].
    fn write(&self, asker: Asker<'_>, from: &mut dyn Source) -> Result<usize> {
        let _ = (asker, from);
        Err(Error::new(ErrorKind::InvalidArgument, "the object cannot be written"))
    }

    /// As [`File::readiness`].
    fn readiness(&self, asker: Asker<'_>) -> Readiness;

    /// As [`File::queue`]; `None` if that is the one for everybody.
    fn queue<'a>(&'a self, process: &'a Process) -> Option<&'a Arc<WaitQueue>> {
        let _ = process;
        None
    }
}

/// An open object as its user has it.
#[derive(Clone, Copy)]
pub(crate) struct Used<'a> {
    file: &'a dyn File,
    asker: Asker<'a>,
}

impl<'a> Used<'a> {
    pub(crate) fn new(file: &'a dyn File, asker: Asker<'a>) -> Self {
        Self { file, asker }
    }

    pub(crate) fn prepare(self) {
        if let Some(personal) = self.file.personal() {
            personal.prepare(self.asker);
        }
    }

    pub(crate) fn read(self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        match self.file.personal() {
            Some(personal) => personal.read(self.asker, position, to),
            None => self.file.read(position, to),
        }
    }

    pub(crate) fn readiness(self) -> Readiness {
        match self.file.personal() {
            Some(personal) => personal.readiness(self.asker),
            None => self.file.readiness(),
        }
    }

    pub(crate) fn queue(self) -> Option<&'a WaitQueue> {
        let own = self.file.personal().and_then(|personal| personal.queue(self.asker.process));
        own.map(|queue| &**queue).or_else(|| self.file.queue())
    }
}
