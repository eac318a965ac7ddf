//! Linux error numbers.

use core::fmt;

use litebox_host::memory::AccessFault;
use litebox_libos::{Error, ErrorKind};

/// A Linux error number (`errno(3)`). A newtype with constants, not an enum: a number may come from anywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub u16);

/// A handler's result.
pub type Result<T> = core::result::Result<T, Errno>;

macro_rules! errnos {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal;)*) => {
        impl Errno {
            $($(#[doc = $doc])* pub const $name: Self = Self($number);)*

            /// The constant's name, or `None` for a number without one.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }
    };
}

errnos! {
    /// Operation not permitted.
    EPERM = 1;
    /// No such file or directory.
    ENOENT = 2;
    /// No such process.
    ESRCH = 3;
    /// Interrupted system call.
    EINTR = 4;
    /// Input/output error.
    EIO = 5;
    /// No such device or address.
    ENXIO = 6;
    /// Argument list too long.
    E2BIG = 7;
    /// Exec format error.
    ENOEXEC = 8;
    /// Bad file descriptor.
    EBADF = 9;
    /// No child processes.
    ECHILD = 10;
    /// Resource temporarily unavailable.
    EAGAIN = 11;
    /// Cannot allocate memory.
    ENOMEM = 12;
    /// Permission denied.
    EACCES = 13;
    /// Bad address.
    EFAULT = 14;
    /// Block device required.
    ENOTBLK = 15;
    /// Device or resource busy.
    EBUSY = 16;
    /// File exists.
    EEXIST = 17;
    /// Invalid cross-device link.
    EXDEV = 18;
    /// No such device.
    ENODEV = 19;
    /// Not a directory.
    ENOTDIR = 20;
    /// Is a directory.
    EISDIR = 21;
    /// Invalid argument.
    EINVAL = 22;
    /// Too many open files in system.
    ENFILE = 23;
    /// Too many open files.
    EMFILE = 24;
    /// Inappropriate ioctl for device.
    ENOTTY = 25;
    /// Text file busy.
    ETXTBSY = 26;
    /// File too large.
    EFBIG = 27;
    /// No space left on device.
    ENOSPC = 28;
    /// Illegal seek.
    ESPIPE = 29;
    /// Read-only file system.
    EROFS = 30;
    /// Too many links.
    EMLINK = 31;
    /// Broken pipe.
    EPIPE = 32;
    /// Numerical argument out of domain.
    EDOM = 33;
    /// Numerical result out of range.
    ERANGE = 34;
    /// Resource deadlock avoided.
    EDEADLK = 35;
    /// File name too long.
    ENAMETOOLONG = 36;
    /// No locks available.
    ENOLCK = 37;
    /// Function not implemented.
    ENOSYS = 38;
    /// Directory not empty.
    ENOTEMPTY = 39;
    /// Too many levels of symbolic links.
    ELOOP = 40;
    /// No message of desired type.
    ENOMSG = 42;
    /// Identifier removed.
    EIDRM = 43;
    /// No data available.
    ENODATA = 61;
    /// Timer expired.
    ETIME = 62;
    /// Accessing a corrupted shared library.
    ELIBBAD = 80;
    /// Value too large for defined data type.
    EOVERFLOW = 75;
    /// Socket operation on non-socket.
    ENOTSOCK = 88;
    /// Destination address required.
    EDESTADDRREQ = 89;
    /// Message too long.
    EMSGSIZE = 90;
    /// Protocol wrong type for socket.
    EPROTOTYPE = 91;
    /// Protocol not available.
    ENOPROTOOPT = 92;
    /// Protocol not supported.
    EPROTONOSUPPORT = 93;
    /// Socket type not supported.
    ESOCKTNOSUPPORT = 94;
    /// Operation not supported.
    EOPNOTSUPP = 95;
    /// Address family not supported by protocol.
    EAFNOSUPPORT = 97;
    /// Address already in use.
    EADDRINUSE = 98;
    /// Cannot assign requested address.
    EADDRNOTAVAIL = 99;
    /// Network is unreachable.
    ENETUNREACH = 101;
    /// Connection reset by peer.
    ECONNRESET = 104;
    /// No buffer space available.
    ENOBUFS = 105;
    /// Transport endpoint is already connected.
    EISCONN = 106;
    /// Transport endpoint is not connected.
    ENOTCONN = 107;
    /// Cannot send after transport endpoint shutdown.
    ESHUTDOWN = 108;
    /// Too many references: cannot splice.
    ETOOMANYREFS = 109;
    /// Connection timed out.
    ETIMEDOUT = 110;
    /// Connection refused.
    ECONNREFUSED = 111;
    /// Operation already in progress.
    EALREADY = 114;
    /// Operation now in progress.
    EINPROGRESS = 115;
    /// Disk quota exceeded.
    EDQUOT = 122;
    /// Owner died.
    EOWNERDEAD = 130;
    /// Internal to this shim, as in Linux: restart the call after the signal handler if it asked for that
    /// (`SA_RESTART`), else answer EINTR. Never reaches a guest.
    ERESTARTSYS = 512;
    /// Internal: restart the call after whatever handler runs. Never reaches a guest.
    ERESTARTNOINTR = 513;
    /// Internal: restart the call only if no handler runs, else answer EINTR. Never reaches a guest.
    ERESTARTNOHAND = 514;
}

impl fmt::Debug for Errno {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => formatter.write_str(name),
            None => write!(formatter, "errno {}", self.0),
        }
    }
}

impl From<AccessFault> for Errno {
    fn from(_: AccessFault) -> Self {
        Self::EFAULT
    }
}

impl From<litebox_host::HostError> for Errno {
    fn from(error: litebox_host::HostError) -> Self {
        Error::from(error).into()
    }
}

impl From<Error> for Errno {
    fn from(error: Error) -> Self {
        match error.kind {
            ErrorKind::InvalidArgument => Self::EINVAL,
            ErrorKind::BadAddress => Self::EFAULT,
            ErrorKind::BadDescriptor => Self::EBADF,
            ErrorKind::NotFound => Self::ENOENT,
            ErrorKind::NoSuchDevice => Self::ENXIO,
            ErrorKind::NotADevice => Self::ENODEV,
            ErrorKind::AccessDenied => Self::EACCES,
            ErrorKind::NotPermitted => Self::EPERM,
            ErrorKind::ReadOnly => Self::EROFS,
            ErrorKind::Exists => Self::EEXIST,
            ErrorKind::NotDirectory => Self::ENOTDIR,
            ErrorKind::IsDirectory => Self::EISDIR,
            ErrorKind::NotEmpty => Self::ENOTEMPTY,
            ErrorKind::TooManyLinks | ErrorKind::Loop => Self::ELOOP,
            ErrorKind::LinkCount => Self::EMLINK,
            ErrorKind::NameTooLong => Self::ENAMETOOLONG,
            ErrorKind::CrossDevice => Self::EXDEV,
            ErrorKind::Busy => Self::EBUSY,
            ErrorKind::TextBusy => Self::ETXTBSY,
            ErrorKind::NoMemory => Self::ENOMEM,
            ErrorKind::NoSpace => Self::ENOSPC,
            ErrorKind::FileTooBig | ErrorKind::FileSizeLimit => Self::EFBIG,
            ErrorKind::TooManyDescriptors => Self::EMFILE,
            ErrorKind::TooManyFiles => Self::ENFILE,
            ErrorKind::WouldBlock => Self::EAGAIN,
            ErrorKind::Interrupted => Self::ERESTARTSYS,
            ErrorKind::TimedOut => Self::ETIMEDOUT,
            ErrorKind::BrokenPipe => Self::EPIPE,
            ErrorKind::NotSeekable => Self::ESPIPE,
            ErrorKind::NotSupported => Self::EOPNOTSUPP,
            ErrorKind::NoSuchControl => Self::ENOTTY,
            ErrorKind::NotSocket => Self::ENOTSOCK,
            ErrorKind::NotConnected => Self::ENOTCONN,
            ErrorKind::ConnectionRefused => Self::ECONNREFUSED,
            ErrorKind::ConnectionReset => Self::ECONNRESET,
            ErrorKind::AlreadyConnected => Self::EISCONN,
            ErrorKind::AddressInUse => Self::EADDRINUSE,
            ErrorKind::WrongSocketKind => Self::EPROTOTYPE,
            ErrorKind::TooManyReferences => Self::ETOOMANYREFS,
            ErrorKind::MessageTooLong => Self::EMSGSIZE,
            ErrorKind::Overflow => Self::EOVERFLOW,
            ErrorKind::OutOfRange => Self::ERANGE,
            ErrorKind::NoChild => Self::ECHILD,
            ErrorKind::NoSuchProcess => Self::ESRCH,
            ErrorKind::NotExecutable => Self::ENOEXEC,
            ErrorKind::BadInterpreter => Self::ELIBBAD,
            ErrorKind::TooManyArguments => Self::E2BIG,
            ErrorKind::Deadlock => Self::EDEADLK,
            ErrorKind::Removed => Self::EIDRM,
            ErrorKind::NoMessage => Self::ENOMSG,
            ErrorKind::MessageDoesNotFit => Self::E2BIG,
            ErrorKind::ShareUsedUp => Self::EMFILE,
            ErrorKind::InputOutput => Self::EIO,
            ErrorKind::NotImplemented => Self::ENOSYS,
        }
    }
}
