//! `Terminal`: the settings and the size of the terminal that the sandbox was given.
//!
//! Changing settings from a background process group stops the caller (SIGTTOU, termios(3)): whoever runs a server
//! blocks or ignores that signal.

use crate::refusal::{Cause, Failure};
use litebox_broker_protocol::{Reply, TerminalOperation, Terminals, Termios, When, WindowSize};
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;
use rustix::termios::{ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The control characters that are defined on Linux, by their place in `c_cc` (termios(3)).
const CHARACTERS: [SpecialCodeIndex; 17] = [
    SpecialCodeIndex::VINTR,
    SpecialCodeIndex::VQUIT,
    SpecialCodeIndex::VERASE,
    SpecialCodeIndex::VKILL,
    SpecialCodeIndex::VEOF,
    SpecialCodeIndex::VTIME,
    SpecialCodeIndex::VMIN,
    SpecialCodeIndex::VSWTC,
    SpecialCodeIndex::VSTART,
    SpecialCodeIndex::VSTOP,
    SpecialCodeIndex::VSUSP,
    SpecialCodeIndex::VEOL,
    SpecialCodeIndex::VREPRINT,
    SpecialCodeIndex::VDISCARD,
    SpecialCodeIndex::VWERASE,
    SpecialCodeIndex::VLNEXT,
    SpecialCodeIndex::VEOL2,
];

/// One of the sandbox's first three descriptors, when it is a terminal.
struct Terminal {
    descriptor: OwnedFd,
    /// As they were when the server started.
    original: rustix::termios::Termios,
    changed: AtomicBool,
}

impl Terminal {
    fn open(descriptor: OwnedFd) -> Option<Self> {
        let original = rustix::termios::tcgetattr(&descriptor).ok()?;
        Some(Self { descriptor, original, changed: AtomicBool::new(false) })
    }

    fn restore(&self) {
        if self.changed.swap(false, Ordering::Relaxed) {
            let _ = rustix::termios::tcsetattr(&self.descriptor, OptionalActions::Now, &self.original);
        }
    }
}

/// The terminals of a server; their settings are put back when the last of these is dropped.
#[derive(Clone)]
pub struct TerminalRestorer(Arc<[Option<Terminal>; 3]>);

impl TerminalRestorer {
    pub(super) fn new(descriptors: [Option<OwnedFd>; 3]) -> Self {
        Self(Arc::new(descriptors.map(|descriptor| descriptor.and_then(Terminal::open))))
    }

    /// Puts the settings back, if they were changed. For where no destructor runs: a panic hook (the process aborts
    /// on panic), or just before the process ends by a signal.
    pub fn restore(&self) {
        self.0.iter().flatten().for_each(Terminal::restore);
    }

    /// Which descriptors are terminals.
    #[must_use]
    pub fn terminals(&self) -> Terminals {
        let all = [Terminals::INPUT, Terminals::OUTPUT, Terminals::ERROR];
        let present = all.into_iter().zip(self.0.iter()).filter(|(_, terminal)| terminal.is_some());
        present.map(|(flag, _)| flag).collect()
    }

    /// Does what a request asks.
    pub(super) fn operate(
        &self,
        descriptor: u32,
        operation: &TerminalOperation,
    ) -> Result<Reply<'static>, Failure> {
        let place = usize::try_from(descriptor).unwrap_or(usize::MAX);
        let terminal = self.0.get(place).and_then(Option::as_ref).ok_or(Failure::from(Errno::NOTTY))?;
        match operation {
            TerminalOperation::GetAttributes => {
                let termios = rustix::termios::tcgetattr(&terminal.descriptor)?;
                Ok(Reply::Termios(from_host(&termios)))
            }
            TerminalOperation::SetAttributes(when, termios) => {
                set(terminal, *when, termios)?;
                Ok(Reply::Done)
            }
            TerminalOperation::GetWindowSize => {
                let size = rustix::termios::tcgetwinsize(terminal.descriptor.as_fd())?;
                let (rows, columns, width, height) =
                    (size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel);
                Ok(Reply::WindowSize(WindowSize { rows, columns, width, height }))
            }
        }
    }
}

impl Drop for TerminalRestorer {
    fn drop(&mut self) {
        if Arc::strong_count(&self.0) == 1 {
            self.restore();
        }
    }
}

fn from_host(termios: &rustix::termios::Termios) -> Termios {
    let mut characters = [0; 19];
    for (character, index) in characters.iter_mut().zip(CHARACTERS) {
        *character = termios.special_codes[index];
    }
    Termios {
        input: termios.input_modes.bits(),
        output: termios.output_modes.bits(),
        control: termios.control_modes.bits(),
        local: termios.local_modes.bits(),
        line: termios.line_discipline,
        characters,
        input_speed: termios.input_speed(),
        output_speed: termios.output_speed(),
    }
}

/// Changes a terminal's settings: all of termios but the line discipline, which would load kernel modules, and the
/// speed, which is the host's. Output that is under way is not waited for: on a terminal that is held (`^S`) the wait
/// would never end, and the broker serves nobody meanwhile.
fn set(terminal: &Terminal, when: When, wanted: &Termios) -> Result<(), Failure> {
    let mut termios = rustix::termios::tcgetattr(&terminal.descriptor)?;
    if wanted.line != termios.line_discipline {
        return Err(Failure::refused(Errno::INVAL, Cause::Terminal));
    }
    let speed = ControlModes::from_bits_retain(SPEED_BITS);
    let kept = termios.control_modes & speed;
    termios.input_modes = InputModes::from_bits_retain(wanted.input);
    termios.output_modes = OutputModes::from_bits_retain(wanted.output);
    termios.control_modes = (ControlModes::from_bits_retain(wanted.control) - speed) | kept;
    termios.local_modes = LocalModes::from_bits_retain(wanted.local);
    for (character, index) in wanted.characters.into_iter().zip(CHARACTERS) {
        termios.special_codes[index] = character;
    }
    if when == When::Flush {
        let _ = rustix::termios::tcflush(&terminal.descriptor, rustix::termios::QueueSelector::IFlush);
    }
    terminal.changed.store(true, Ordering::Relaxed);
    rustix::termios::tcsetattr(&terminal.descriptor, OptionalActions::Now, &termios)?;
    Ok(())
}

/// `CBAUD`, `CBAUDEX` and `CIBAUD`: the bits of `c_cflag` that state speeds.
const SPEED_BITS: u32 = 0o010_017 | 0o002_003_600_000;
