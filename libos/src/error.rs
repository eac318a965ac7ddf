//! The library OS's one error type: a kind that a North translates, and a message for people.

use core::fmt;

use litebox_host::HostError;

/// A result of the library OS.
pub type Result<T> = core::result::Result<T, Error>;

/// What went wrong, and why in a few words (shown by traces, never to the guest).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// What a North answers from.
    pub kind: ErrorKind,
    /// Why, for a person reading a trace.
    pub message: &'static str,
}

impl Error {
    /// An error of `kind`, explained by `message`.
    pub const fn new(kind: ErrorKind, message: &'static str) -> Self {
        Self { kind, message }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.kind, self.message)
    }
}

/// The kinds of failure. Each North maps them in one exhaustive match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// An argument makes no sense.
    InvalidArgument,
    /// A guest address could not be accessed.
    BadAddress,
    /// No such descriptor, or not open for this.
    BadDescriptor,
    /// No such file.
    NotFound,
    /// No such device behind a device node or FIFO.
    NoSuchDevice,
    /// The object does not support being mapped or opened this way.
    NotADevice,
    /// Permission bits forbid it.
    AccessDenied,
    /// Only a more privileged caller may.
    NotPermitted,
    /// The file system cannot be written.
    ReadOnly,
    /// Exists already.
    Exists,
    /// A path component is no folder.
    NotDirectory,
    /// Is a folder.
    IsDirectory,
    /// The folder is not empty.
    NotEmpty,
    /// Too many symbolic links.
    TooManyLinks,
    /// The link count would overflow.
    LinkCount,
    /// A name or path is too long.
    NameTooLong,
    /// Across file systems.
    CrossDevice,
    /// The object is in use.
    Busy,
    /// The file is a program that runs, or one that is open for writing.
    TextBusy,
    /// No memory left.
    NoMemory,
    /// No space left.
    NoSpace,
    /// Larger than a file may be.
    FileTooBig,
    /// Larger than the process may make a file.
    FileSizeLimit,
    /// The process has too many descriptors.
    TooManyDescriptors,
    /// The system has too many open files.
    TooManyFiles,
    /// Nothing there yet; try again.
    WouldBlock,
    /// A signal arrived; the call may be started again.
    Interrupted,
    /// The time is over.
    TimedOut,
    /// No such child process.
    NoChild,
    /// Nobody reads the other end.
    BrokenPipe,
    /// The object has no position.
    NotSeekable,
    /// The object has no such operation.
    NotSupported,
    /// No such control request on this object.
    NoSuchControl,
    /// The object is not a socket.
    NotSocket,
    /// The peer is not connected.
    NotConnected,
    /// Nobody is at the other end.
    ConnectionRefused,
    /// The peer went away with data unread.
    ConnectionReset,
    /// The socket is connected already.
    AlreadyConnected,
    /// The socket's name exists.
    AddressInUse,
    /// The other socket is of another kind.
    WrongSocketKind,
    /// Too many descriptors are on their way in messages.
    TooManyReferences,
    /// The message is too long.
    MessageTooLong,
    /// The value does not fit the result.
    Overflow,
    /// The value lies outside what can be represented.
    OutOfRange,
    /// No such process or thread.
    NoSuchProcess,
    /// The file is no program.
    NotExecutable,
    /// The program's interpreter is no program.
    BadInterpreter,
    /// The argument list is too long.
    TooManyArguments,
    /// There would be a loop.
    Loop,
    /// The wait would never end.
    Deadlock,
    /// The object was removed meanwhile.
    Removed,
    /// No message of the wanted kind.
    NoMessage,
    /// The message does not fit what was given for it.
    MessageDoesNotFit,
    /// The user's share of a resource is used up.
    ShareUsedUp,
    /// The host failed.
    InputOutput,
    /// Not built.
    NotImplemented,
}

impl From<HostError> for Error {
    fn from(error: HostError) -> Self {
        let kind = match error {
            HostError::NoMemory => ErrorKind::NoMemory,
            HostError::NoDescriptors => ErrorKind::TooManyFiles,
            HostError::NotFound => ErrorKind::NotFound,
            HostError::Denied => ErrorKind::AccessDenied,
            HostError::ReadOnly => ErrorKind::ReadOnly,
            HostError::NotDirectory => ErrorKind::NotDirectory,
            HostError::IsDirectory => ErrorKind::IsDirectory,
            HostError::Exists => ErrorKind::Exists,
            HostError::NotEmpty => ErrorKind::NotEmpty,
            HostError::NoSpace => ErrorKind::NoSpace,
            HostError::CrossDevice => ErrorKind::CrossDevice,
            HostError::WouldBlock => ErrorKind::WouldBlock,
            HostError::Interrupted => ErrorKind::Interrupted,
            HostError::BrokenPipe => ErrorKind::BrokenPipe,
            HostError::NotSupported => ErrorKind::NotSupported,
            HostError::Invalid => ErrorKind::InvalidArgument,
            HostError::Unknown => ErrorKind::InputOutput,
        };
        Self::new(kind, "answered by the host")
    }
}
