//! The slave's end: what programs know as their terminal.

use alloc::sync::Arc;

use litebox_host::file::Attributes;
use litebox_host::time::Deadline;

use super::Pty;
use super::settings::LocalFlags;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::{File, Location};
use crate::process::Process;
use crate::signal::Signal;
use crate::thread::Thread;
use crate::user::{Destination, Source};

/// An open slave of a pseudoterminal.
pub struct Slave {
    pty: Arc<Pty>,
    location: Location,
}

const HUNG_UP: Error = Error::new(ErrorKind::InputOutput, "the terminal has hung up");

/// Who opens a slave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// Somebody whom exclusive use keeps out.
    Ordinary,
    /// The superuser.
    Superuser,
}

impl Slave {
    /// One more opening of the slave of `pty`, at `location`.
    ///
    /// # Errors
    /// [`ErrorKind::InputOutput`] if it is locked or has hung up; [`ErrorKind::Busy`] if it is in exclusive use.
    pub fn open(pty: &Arc<Pty>, location: Location, privilege: Privilege) -> Result<Arc<Self>> {
        pty.change(|state| {
            if state.locked || state.hung_up {
                return Err(Error::new(ErrorKind::InputOutput, "the terminal is locked or has hung up"));
            }
            if state.exclusive && state.slaves > 0 && privilege == Privilege::Ordinary {
                return Err(Error::new(ErrorKind::Busy, "the terminal is in exclusive use"));
            }
            state.slaves += 1;
            state.slave_closed = false;
            Ok(())
        })?;
        Ok(Arc::new(Self { pty: Arc::clone(pty), location }))
    }

    /// The pseudoterminal.
    pub fn pty(&self) -> &Arc<Pty> {
        &self.pty
    }

    /// Read, where a hang-up that comes meanwhile is an error.
    ///
    /// # Errors
    /// Those of [`File::read`]; [`ErrorKind::InputOutput`].
    pub(super) fn read_or_hang_up(&self, to: &mut dyn Destination) -> Result<usize> {
        self.pty.change(|state| if state.hung_up { Err(HUNG_UP) } else { state.read(to) })
    }

    /// Whether `process` may read: a background process is stopped.
    ///
    /// # Errors
    /// Those of [`Pty::check_background`].
    pub fn check_read(&self, process: &Process, thread: &Thread) -> Result<()> {
        self.pty.check_background(process, thread, Signal::SIGTTIN)
    }

    /// Whether `process` may write: where `TOSTOP` is set, a background process is stopped.
    ///
    /// # Errors
    /// Those of [`Pty::check_background`].
    pub fn check_write(&self, process: &Process, thread: &Thread) -> Result<()> {
        if self.pty.settings().local.contains(LocalFlags::TOSTOP) {
            return self.pty.check_background(process, thread, Signal::SIGTTOU);
        }
        Ok(())
    }
}

impl File for Slave {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        if to.remaining() == 0 {
            return Ok(0);
        }
        self.pty.change(|state| if state.hung_up { Ok(0) } else { state.read(to) })
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        self.pty.change(|state| if state.hung_up { Err(HUNG_UP) } else { state.write(from) })
    }

    fn attributes(&self) -> Result<Attributes> {
        self.location.vnode.attributes()
    }

    fn readiness(&self) -> Readiness {
        let state = self.pty.state();
        if state.hung_up {
            return Readiness::READ | Readiness::WRITE | Readiness::ERROR | Readiness::HANG_UP;
        }
        let discipline = &state.discipline;
        let mut ready = Readiness::empty();
        let readable = discipline.input.is_readable(discipline.settings(), discipline.threshold());
        ready.set(Readiness::READ, readable);
        ready.set(Readiness::WRITE, discipline.output.is_writable());
        ready
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.pty.slave_queue)
    }

    fn deadline(&self, _: Option<Deadline>) -> Option<Deadline> {
        None
    }

    fn is_byte_stream(&self) -> bool {
        true
    }

    fn available(&self) -> Option<usize> {
        let state = self.pty.state();
        Some(state.discipline.input.available(state.discipline.settings()))
    }

    fn location(&self) -> Option<&Location> {
        Some(&self.location)
    }
}

impl Drop for Slave {
    fn drop(&mut self) {
        self.pty.change(|state| {
            state.slaves -= 1;
            if state.slaves == 0 {
                state.slave_closed = true;
                state.exclusive = false;
                state.announce(Readiness::READ | Readiness::HANG_UP, Readiness::empty());
            }
        });
    }
}
