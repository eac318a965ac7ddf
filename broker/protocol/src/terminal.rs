//! Terminal settings: the few operations of ioctl_tty(2) that reach the host's terminal.

use crate::ProtocolError;
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The kernel's `struct termios2`, 44 bytes (ioctl_tty(2)): the 36 bytes of `struct termios`, then the two speeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Termios {
    /// Input modes, `c_iflag`.
    pub input: u32,
    /// Output modes, `c_oflag`.
    pub output: u32,
    /// Control modes, `c_cflag`.
    pub control: u32,
    /// Local modes, `c_lflag`.
    pub local: u32,
    /// The line discipline, `c_line`; only 0 (`N_TTY`) can be set.
    pub line: u8,
    /// Control characters, `c_cc`.
    pub characters: [u8; 19],
    /// Input speed, in baud.
    pub input_speed: u32,
    /// Output speed, in baud.
    pub output_speed: u32,
}

/// The size of a terminal's window (`struct winsize`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowSize {
    /// Rows of characters.
    pub rows: u16,
    /// Columns of characters.
    pub columns: u16,
    /// Width in pixels, often 0.
    pub width: u16,
    /// Height in pixels, often 0.
    pub height: u16,
}

/// When new settings take effect (tcsetattr(3)). A broker that must not wait may apply them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum When {
    /// At once.
    Now = 0,
    /// After all output has been sent.
    Drain = 1,
    /// After all output has been sent; unread input is discarded.
    Flush = 2,
}

/// What is asked of a terminal. There is no other operation: pushing input back (`TIOCSTI`), console commands
/// (`TIOCLINUX`), taking the controlling terminal and the rest cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalOperation {
    /// Read the settings.
    GetAttributes,
    /// Change the settings.
    SetAttributes(When, Termios),
    /// Read the window's size.
    GetWindowSize,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct TermiosWire {
    input: U32,
    output: U32,
    control: U32,
    local: U32,
    line: u8,
    characters: [u8; 19],
    input_speed: U32,
    output_speed: U32,
}

impl From<&Termios> for TermiosWire {
    fn from(value: &Termios) -> Self {
        Self {
            input: value.input.into(),
            output: value.output.into(),
            control: value.control.into(),
            local: value.local.into(),
            line: value.line,
            characters: value.characters,
            input_speed: value.input_speed.into(),
            output_speed: value.output_speed.into(),
        }
    }
}

impl From<&TermiosWire> for Termios {
    fn from(wire: &TermiosWire) -> Self {
        Self {
            input: wire.input.get(),
            output: wire.output.get(),
            control: wire.control.get(),
            local: wire.local.get(),
            line: wire.line,
            characters: wire.characters,
            input_speed: wire.input_speed.get(),
            output_speed: wire.output_speed.get(),
        }
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct WindowSizeWire([U16; 4]);

impl From<&WindowSize> for WindowSizeWire {
    fn from(value: &WindowSize) -> Self {
        Self([value.rows, value.columns, value.width, value.height].map(U16::from))
    }
}

impl From<&WindowSizeWire> for WindowSize {
    fn from(wire: &WindowSizeWire) -> Self {
        let [rows, columns, width, height] = wire.0.map(U16::get);
        Self { rows, columns, width, height }
    }
}

impl When {
    pub(crate) fn decode(value: u32) -> Result<Self, ProtocolError> {
        match value {
            0 => Ok(Self::Now),
            1 => Ok(Self::Drain),
            2 => Ok(Self::Flush),
            _ => Err(ProtocolError::Value("terminal when")),
        }
    }
}
