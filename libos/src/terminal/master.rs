//! The master's end: what a terminal emulator holds.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::{Attributes, FileKind};

use super::Pty;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::{File, Location, anonymous_attributes};
use crate::user::{Destination, Source};

/// The master of a pseudoterminal. There is one; when it is dropped, the terminal hangs up.
pub struct Master {
    pty: Arc<Pty>,
    location: Option<Location>,
}

impl Master {
    pub(super) fn new(pty: Arc<Pty>, location: Option<Location>) -> Arc<Self> {
        Arc::new(Self { pty, location })
    }

    /// Take what was written to the terminal, whether or not a slave is open.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`]; the destination's.
    pub(super) fn take_output(&self, to: &mut dyn Destination) -> Result<usize> {
        self.pty.change(|state| {
            if state.discipline.output.len() == 0 {
                return Err(Error::new(ErrorKind::WouldBlock, "nothing was written to the terminal"));
            }
            state.read_output(to)
        })
    }

    /// The pseudoterminal.
    pub fn pty(&self) -> &Arc<Pty> {
        &self.pty
    }
}

impl File for Master {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        if to.remaining() == 0 {
            return Ok(0);
        }
        self.pty.change(|state| {
            if let Some(status) = state.take_packet_status() {
                if !status.is_empty() {
                    return to.put(&[status.bits()]);
                }
                if state.discipline.output.len() > 0 {
                    let mark = to.put(&[0])?;
                    return Ok(mark + state.read_output(to).unwrap_or(0));
                }
            }
            if state.discipline.output.len() > 0 {
                return state.read_output(to);
            }
            Err(if state.slave_closed {
                Error::new(ErrorKind::InputOutput, "the terminal is closed")
            } else {
                Error::new(ErrorKind::WouldBlock, "nothing was written to the terminal")
            })
        })
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        if from.remaining() == 0 {
            return Ok(0);
        }
        self.pty.change(|state| state.type_in(from))
    }

    fn attributes(&self) -> Result<Attributes> {
        match &self.location {
            Some(location) => location.vnode.attributes(),
            None => Ok(anonymous_attributes(FileKind::CharacterDevice, 0o666, self)),
        }
    }

    fn readiness(&self) -> Readiness {
        let state = self.pty.state();
        let mut ready = Readiness::empty();
        ready.set(Readiness::READ, state.discipline.output.len() > 0);
        if state.has_packet_status() {
            ready |= Readiness::READ | Readiness::PRIORITY;
        }
        ready.set(Readiness::WRITE, state.takes_input());
        ready.set(Readiness::HANG_UP, state.slave_closed);
        ready
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.pty.master_queue)
    }

    fn is_byte_stream(&self) -> bool {
        true
    }

    fn available(&self) -> Option<usize> {
        Some(self.pty.state().discipline.output.len())
    }

    fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    fn label(&self) -> Vec<u8> {
        b"/dev/ptmx".to_vec()
    }
}

impl Drop for Master {
    fn drop(&mut self) {
        self.pty.hang_up();
    }
}
