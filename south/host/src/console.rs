//! Noun *console*: the three streams that a sandbox is started with.

use crate::HostError;
use crate::file::Attributes;
use crate::time::Deadline;

/// One of the three standard streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Descriptor 0.
    Input,
    /// Descriptor 1.
    Output,
    /// Descriptor 2.
    Error,
}

/// What a stream is waited for, and what it is ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamWait {
    /// The stream.
    pub stream: Stream,
    /// What is waited for.
    pub interest: Readiness,
    /// What came true; filled by [`Console::wait`].
    pub ready: Readiness,
}

bitflags::bitflags! {
    /// Conditions of a byte stream.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct Readiness: u32 {
        /// A read would not block.
        const READ = 1;
        /// A write would not block.
        const WRITE = 2;
        /// The other end is gone.
        const HANG_UP = 4;
        /// The stream is in error.
        const ERROR = 8;
    }
}

/// The three standard streams.
pub trait Console {
    /// Read what is there, at most `bytes.len()`; blocks while there is nothing. 0 is the end of the stream.
    ///
    /// # Errors
    /// [`HostError::Interrupted`] after a kick, and whatever the host's stream answers.
    fn read(&self, stream: Stream, bytes: &mut [u8]) -> Result<usize, HostError>;
    /// Write some of `bytes`; blocks while there is no room.
    ///
    /// # Errors
    /// As [`Console::read`]; [`HostError::BrokenPipe`] if nobody can read it any more.
    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<usize, HostError>;
    /// Wait until one of `waits` is ready, `deadline` has passed or a kick arrives. Returns how many are ready.
    ///
    /// # Errors
    /// [`HostError::Interrupted`] after a kick.
    fn wait(&self, waits: &mut [StreamWait], deadline: Option<Deadline>) -> Result<usize, HostError>;
    /// What `fstat(2)` tells of the stream: a pipe, a terminal, a file.
    ///
    /// # Errors
    /// [`HostError::NotSupported`] on a host whose streams are no files.
    fn describe(&self, stream: Stream) -> Result<Attributes, HostError> {
        let _ = stream;
        Err(HostError::NotSupported)
    }
}
