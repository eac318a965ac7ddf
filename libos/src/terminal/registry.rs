//! The pseudoterminals of a sandbox, by number.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::file::Timestamp;
use litebox_host::sync::Mutex;

use super::job::{Acquisition, Leaving};
use super::{Master, Pty};
use crate::error::{Error, ErrorKind, Result};
use crate::file::Location;
use crate::process::Process;

/// How many there can be (`/proc/sys/kernel/pty/max`).
const MOST: usize = 4096;

/// All pseudoterminals.
pub struct Terminals {
    itself: Weak<Self>,
    /// By number. A leaf in the lock order, but for the terminals' own locks.
    table: Mutex<Vec<Option<Weak<Pty>>>>,
}

impl Terminals {
    /// None yet.
    pub fn new() -> Arc<Self> {
        Arc::new_cyclic(|itself| Self { itself: Weak::clone(itself), table: Mutex::new(Vec::new()) })
    }

    /// A new pseudoterminal of `owner`: its master, opened at `location` if by a path.
    ///
    /// # Errors
    /// [`ErrorKind::NoSpace`] if there are too many, [`ErrorKind::NoMemory`].
    pub fn open(&self, owner: u32, now: Timestamp, location: Option<Location>) -> Result<Arc<Master>> {
        let mut table = self.table.lock();
        let free = table.iter().position(Option::is_none).unwrap_or(table.len());
        if free >= MOST {
            return Err(Error::new(ErrorKind::NoSpace, "there are too many pseudoterminals"));
        }
        let reserved = table.try_reserve(1);
        reserved.map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a terminal"))?;
        let number = u32::try_from(free).unwrap_or(u32::MAX);
        let pty = Pty::new(number, owner, now, &self.itself)?;
        let entry = Some(Arc::downgrade(&pty));
        match table.get_mut(free) {
            Some(slot) => *slot = entry,
            None => table.push(entry),
        }
        drop(table);
        Ok(Master::new(pty, location))
    }

    /// The pseudoterminal whose slave is numbered `number`, unless its master is gone.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub fn get(&self, number: u32) -> Result<Arc<Pty>> {
        let entry = self.table.lock().get(number as usize).cloned().flatten();
        let pty = entry.and_then(|pty| pty.upgrade()).filter(|pty| !pty.is_hung_up());
        pty.ok_or(Error::new(ErrorKind::NotFound, "no such terminal"))
    }

    /// All whose master is there, by number.
    pub fn all(&self) -> Vec<Arc<Pty>> {
        let entries = self.table.lock().clone();
        let all = entries.into_iter().flatten().filter_map(|pty| pty.upgrade());
        all.filter(|pty| !pty.is_hung_up()).collect()
    }

    /// The number can be given again.
    pub(super) fn release(&self, number: u32) {
        if let Some(slot) = self.table.lock().get_mut(number as usize) {
            *slot = None;
        }
    }

    /// The controlling terminal of `process`.
    pub fn controlling(&self, process: &Process) -> Option<Arc<Pty>> {
        self.all().into_iter().find(|pty| pty.controls(process))
    }

    /// Make `pty` the controlling terminal of the session that `process` leads.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] if that cannot be, and it was not just by opening the terminal.
    pub fn acquire(&self, pty: &Pty, process: &Process, how: Acquisition) -> Result<()> {
        let has_other = self.controlling(process).is_some();
        match pty.acquire(process, has_other) {
            Err(_) if how == Acquisition::ByOpening => Ok(()),
            outcome => outcome,
        }
    }

    /// `process` has ended. If it led a session, the session's terminal is free, and the foreground is told. To be
    /// called once, when the last thread of a process is gone.
    pub fn process_ended(&self, process: &Process) {
        for pty in self.all() {
            pty.forget(process.id());
            let led = pty.session().is_some_and(|(session, _)| session == process.id());
            if led && process.session() == process.id() {
                pty.disband(Leaving::AtItsEnd);
            }
        }
    }
}
