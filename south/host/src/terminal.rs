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

/// What comes over the link to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromTerminal {
    /// So many bytes were typed.
    Bytes(usize),
    /// The window has this size.
    Window(WindowSize),
    /// Nothing more will be typed.
    End,
}

/// The most bytes that cross the link at a time.
pub const LINK_BYTES: usize = 4096;

/// The link between a terminal of the host and the pseudoterminal that a sandbox was given. Both of the standard
/// streams are it then.
pub trait TerminalLink {
    /// Wait for what comes next. `bytes` is where typed bytes go.
    ///
    /// # Errors
    /// [`HostError::Interrupted`] after a kick; [`HostError::BrokenPipe`] if the other side is gone.
    fn receive(&self, bytes: &mut [u8; LINK_BYTES]) -> Result<FromTerminal, HostError>;
    /// Show some of `bytes`; blocks while there is no room. How many.
    ///
    /// # Errors
    /// As [`TerminalLink::receive`].
    fn show(&self, bytes: &[u8]) -> Result<usize, HostError>;
    /// Ask for a stop of the whole sandbox, as of a job: nobody inside could continue what the stop key stops.
    ///
    /// # Errors
    /// As [`TerminalLink::receive`].
    fn suspend(&self) -> Result<(), HostError>;
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
