//! Noun *terminal*: the terminal behind a standard stream, if there is one.

use crate::HostError;
use crate::console::Stream;

/// The bytes of the kernel's `struct termios` (`ioctl_tty(2)`): four flag words, a line discipline, 19 characters.
pub type TerminalAttributes = [u8; 36];

/// When new attributes take effect (`TCSETS`, `TCSETSW`, `TCSETSF`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetWhen {
    /// At once.
    Now,
    /// When written output has been sent.
    Drain,
    /// When written output has been sent; unread input is thrown away.
    Flush,
}

/// Size of a terminal window in characters and pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct WindowSize {
    /// Rows of characters.
    pub rows: u16,
    /// Columns of characters.
    pub columns: u16,
    /// Width in pixels, or 0.
    pub width: u16,
    /// Height in pixels, or 0.
    pub height: u16,
}

/// Terminals behind the standard streams. Every method fails with [`HostError::NotSupported`] on a stream that
/// is no terminal.
pub trait Terminal {
    /// Read the attributes.
    ///
    /// # Errors
    /// See the trait.
    fn attributes(&self, stream: Stream) -> Result<TerminalAttributes, HostError>;
    /// Change the attributes; the host restores the old ones when the sandbox ends.
    ///
    /// # Errors
    /// See the trait.
    fn set_attributes(
        &self,
        stream: Stream,
        when: SetWhen,
        attributes: &TerminalAttributes,
    ) -> Result<(), HostError>;
    /// Read the window's size.
    ///
    /// # Errors
    /// See the trait.
    fn window_size(&self, stream: Stream) -> Result<WindowSize, HostError>;
}
