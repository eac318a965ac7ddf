//! Job control: sessions and their controlling terminal, the foreground, and what background processes may not do
//! (`credentials(7)`, `tty_ioctl(4)`).

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::pty::Pty;
use crate::error::{Error, ErrorKind, Result};
use crate::process::{Process, Registry};
use crate::signal::{Disposition, Signal};
use crate::thread::Thread;

/// The session that a terminal controls.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) session: u32,
    /// The group that gets the terminal's signals.
    pub(super) foreground: Option<u32>,
    pub(super) registry: Arc<Registry>,
    /// Processes of the session that gave the terminal up.
    detached: Vec<u32>,
}

const NOT_CONTROLLING: Error =
    Error::new(ErrorKind::NoSuchControl, "the terminal is not the process's controlling terminal");
const TAKEN: Error = Error::new(ErrorKind::NotPermitted, "the terminal or the process has a partner already");
const SIGNALLED: Error =
    Error::new(ErrorKind::Interrupted, "the group was told that it is in the background");
const NOBODY_TO_TELL: Error =
    Error::new(ErrorKind::InputOutput, "a background process that cannot be stopped");

impl Job {
    /// The terminal is gone: the session's leader is told, and told to go on if it is stopped.
    pub(super) fn hang_up(&self) {
        if let Ok(leader) = self.registry.process(self.session) {
            leader.signal_by_system(Signal::SIGHUP);
            leader.signal_by_system(Signal::SIGCONT);
        }
    }

    /// The session's leader gives the terminal up: the foreground is told.
    fn disband(&self, ending: Leaving) {
        let Some(foreground) = self.foreground else { return };
        self.registry.signal_group(foreground, Signal::SIGHUP);
        if ending == Leaving::Willingly {
            self.registry.signal_group(foreground, Signal::SIGCONT);
        }
    }
}

/// Why a leader gives its terminal up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// It said so.
    Willingly,
    /// It has ended.
    AtItsEnd,
}

/// How a controlling terminal is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acquisition {
    /// By opening the terminal: nothing happens where it cannot be had.
    ByOpening,
    /// By asking for it (`TIOCSCTTY`).
    Asked,
}

impl Pty {
    /// Whether it is the controlling terminal of `process`.
    pub fn controls(&self, process: &Process) -> bool {
        let state = self.state();
        let job = state.job.as_ref().filter(|job| job.session == process.session());
        job.is_some_and(|job| !job.detached.contains(&process.id()))
    }

    /// The session that it controls, and the group in the foreground.
    pub fn session(&self) -> Option<(u32, Option<u32>)> {
        self.state().job.as_ref().map(|job| (job.session, job.foreground))
    }

    /// Make it the controlling terminal of the session that `process` leads. `has_other` says whether the process has a
    /// controlling terminal.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] if the process leads no session or has a terminal, or this one has a session.
    pub(super) fn acquire(&self, process: &Process, has_other: bool) -> Result<()> {
        let is_leader = process.session() == process.id();
        let mut state = self.state();
        if is_leader && state.job.as_ref().is_some_and(|job| job.session == process.session()) {
            return Ok(());
        }
        if !is_leader || has_other || state.job.is_some() || state.hung_up {
            return Err(TAKEN);
        }
        state.job = Some(Job {
            session: process.session(),
            foreground: Some(process.group()),
            registry: Arc::clone(process.registry()),
            detached: Vec::new(),
        });
        Ok(())
    }

    /// `process` gives its controlling terminal up; if it leads the session, all of the session do.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchControl`] if it is not its own; [`ErrorKind::NoMemory`].
    pub fn give_up(&self, process: &Process) -> Result<()> {
        if !self.controls(process) {
            return Err(NOT_CONTROLLING);
        }
        if process.session() == process.id() {
            self.disband(Leaving::Willingly);
            return Ok(());
        }
        let mut state = self.state();
        if let Some(job) = &mut state.job {
            let reserved = job.detached.try_reserve(1);
            reserved.map_err(|_| Error::new(ErrorKind::NoMemory, "no memory to note who left a session"))?;
            job.detached.push(process.id());
        }
        Ok(())
    }

    pub(super) fn disband(&self, leaving: Leaving) {
        let job = self.state().job.take();
        if let Some(job) = job {
            job.disband(leaving);
        }
    }

    /// The process numbered `process` has ended: its number may be given to another.
    pub(super) fn forget(&self, process: u32) {
        if let Some(job) = &mut self.state().job {
            job.detached.retain(|detached| *detached != process);
        }
    }

    /// Put `group` in the foreground, on behalf of `process`.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchControl`] if it is not its controlling terminal; [`ErrorKind::NoSuchProcess`] if there is no
    /// such group; [`ErrorKind::NotPermitted`] if it is of another session.
    pub fn set_foreground(&self, process: &Process, group: u32) -> Result<()> {
        if !self.controls(process) {
            return Err(NOT_CONTROLLING);
        }
        let members = process.registry().group(group);
        let member =
            members.first().ok_or(Error::new(ErrorKind::NoSuchProcess, "no process is in the group"))?;
        if member.session() != process.session() {
            return Err(Error::new(ErrorKind::NotPermitted, "the group is of another session"));
        }
        if let Some(job) = &mut self.state().job {
            job.foreground = Some(group);
        }
        Ok(())
    }

    /// What stops background processes: `signal` is for reading or for writing and changing. Its whole group is sent
    /// it.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] after the signal was sent; [`ErrorKind::InputOutput`] where that cannot stop the
    /// process.
    pub fn check_background(&self, process: &Process, thread: &Thread, signal: Signal) -> Result<()> {
        if !self.controls(process) {
            return Ok(());
        }
        let group = process.group();
        match self.session() {
            Some((_, Some(foreground))) if foreground != group => {}
            _ => return Ok(()),
        }
        let is_ignored = process.signals.action(signal).disposition == Disposition::Ignore
            || thread.signals().mask().contains(signal);
        match (is_ignored, signal) {
            (true, Signal::SIGTTIN) => Err(NOBODY_TO_TELL),
            (true, _) => Ok(()),
            (false, _) if process.is_in_orphaned_group() => Err(NOBODY_TO_TELL),
            (false, _) => {
                process.registry().signal_group(group, signal);
                thread.note_attention();
                Err(SIGNALLED)
            }
        }
    }
}
