//! The line discipline: settings, input and output of one terminal, without anybody who reads or writes.

use super::input::Input;
use super::output::{Output, StoppedBy};
use super::packet::PacketStatus;
use super::settings::{InputFlags, LocalFlags, Settings, Special};
use crate::error::Result;
use crate::signal::Signal;

/// Between what is typed and who reads it, and between who writes and the screen.
#[derive(Default)]
pub(super) struct Discipline {
    settings: Settings,
    pub(super) input: Input,
    pub(super) output: Output,
}

impl Discipline {
    /// A line discipline with the settings of a new terminal.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`](crate::ErrorKind).
    pub(super) fn new() -> Result<Self> {
        let mut discipline = Self::default();
        discipline.input.reserve()?;
        Ok(discipline)
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Change the settings; what is already there is treated as the new ones say.
    pub(super) fn set(&mut self, settings: Settings) {
        let old = core::mem::replace(&mut self.settings, settings);
        if old.is_canonical() != settings.is_canonical() {
            self.input.change_mode(&settings);
        }
        if !settings.input.contains(InputFlags::IXON) && old.input.contains(InputFlags::IXON) {
            self.output.start(StoppedBy::Character);
        }
        let (before, now) = (old.has_usual_flow_control(), settings.has_usual_flow_control());
        if before != now {
            self.output.tell(if now { PacketStatus::DO_STOP } else { PacketStatus::NO_STOP });
        }
    }

    /// Whether one more byte can be typed.
    pub(super) fn has_room(&self) -> bool {
        self.input.has_room(&self.settings)
    }

    /// A byte was typed. The signal that it sends to the foreground.
    pub(super) fn receive(&mut self, byte: u8) -> Option<Signal> {
        let signal = self.input.receive(&self.settings, byte, &mut self.output)?;
        if !self.settings.local.contains(LocalFlags::NOFLSH) {
            self.output.flush();
            self.flush_input();
        }
        if self.settings.input.contains(InputFlags::IXON) {
            self.output.start(StoppedBy::Character);
        }
        if self.settings.local.contains(LocalFlags::ECHO) {
            self.output.echo(&self.settings, byte);
        }
        Some(signal)
    }

    /// Throw away what was typed and not read.
    pub(super) fn flush_input(&mut self) {
        self.input.clear();
        self.output.tell(PacketStatus::FLUSH_READ);
    }

    /// The fewest bytes that make the terminal readable for who waits for it.
    pub(super) fn threshold(&self) -> usize {
        let (minimum, time) = self.timing();
        if time == 0 { usize::from(minimum.max(1)) } else { 1 }
    }

    /// `VMIN` and `VTIME`: the fewest bytes a read waits for, and a time in tenths of a second.
    pub(super) fn timing(&self) -> (u8, u8) {
        (self.settings.character(Special::Minimum), self.settings.character(Special::Time))
    }
}
