//! What is asked of a terminal besides reading and writing (`ioctl_tty(2)`).

use super::Pty;
use super::output::StoppedBy;
use super::settings::{Settings, Special};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;

/// Which queues are thrown away (`tcflush(3)`), as the caller sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queues {
    /// What can be read.
    Input,
    /// What was written.
    Output,
    /// Both.
    Both,
}

impl Queues {
    fn input(self) -> bool {
        self != Self::Output
    }

    fn output(self) -> bool {
        self != Self::Input
    }
}

/// What `tcflow(3)` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Hold output back.
    StopOutput,
    /// Let it go on.
    StartOutput,
    /// Ask the other end to be silent.
    StopInput,
    /// Ask it to go on.
    StartInput,
}

impl Pty {
    /// The settings.
    pub fn settings(&self) -> Settings {
        *self.state().discipline.settings()
    }

    /// Change the settings.
    pub fn set_settings(&self, settings: Settings) {
        self.change(|state| {
            state.discipline.set(settings);
            // Whoever waits looks again: what counts as readable may have changed.
            let all = Readiness::READ | Readiness::WRITE;
            state.announce(all, all);
        });
    }

    /// Throw away what is queued, as the slave sees it.
    pub fn flush(&self, queues: Queues) {
        self.change(|state| {
            if queues.input() {
                state.discipline.flush_input();
                state.flush_intake();
            }
            if queues.output() {
                state.discipline.output.flush();
                state.announce(Readiness::empty(), Readiness::WRITE);
            }
        });
    }

    /// Throw away what is queued, as the master sees it.
    pub fn flush_master(&self, queues: Queues) {
        self.change(|state| {
            if queues.input() {
                state.discipline.output.discard();
                state.announce(Readiness::empty(), Readiness::WRITE);
            }
            if queues.output() {
                state.flush_intake();
            }
        });
    }

    /// Stop or start output, or tell the other end to.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] where the other end has no room for the character.
    pub fn flow(&self, flow: Flow) -> Result<()> {
        self.change(|state| {
            let settings = *state.discipline.settings();
            let character = match flow {
                Flow::StopOutput => {
                    state.discipline.output.stop(StoppedBy::Call);
                    return Ok(());
                }
                Flow::StartOutput => {
                    state.discipline.output.start(StoppedBy::Call);
                    state.announce(Readiness::READ, Readiness::WRITE);
                    return Ok(());
                }
                Flow::StopInput => settings.character(Special::Stop),
                Flow::StartInput => settings.character(Special::Start),
            };
            if character == 0 || state.discipline.output.is_stopped() {
                return Ok(());
            }
            let raw = Settings { output: super::OutputFlags::empty(), ..settings };
            state.announce(Readiness::READ, Readiness::empty());
            let written = state.discipline.output.write(&raw, &mut &[character][..]);
            written.map(|_| ()).map_err(|_| Error::new(ErrorKind::WouldBlock, "the other end does not read"))
        })
    }
}
