//! What a call of a trusted application answers when it does not succeed.

use core::fmt;

use litebox_host::HostError;
use litebox_host::memory::AccessFault;
use litebox_libos::{Error, ErrorKind};

/// An error code of the GlobalPlatform TEE Internal Core API 1.3.1, section 3.3, or one of OP-TEE's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TeeError(pub u32);

/// The result of a call.
pub type Result<T> = core::result::Result<T, TeeError>;

macro_rules! errors {
    ($($(#[$meta:meta])* $name:ident = $value:literal;)*) => {
        impl TeeError {
            $($(#[$meta])* pub const $name: Self = Self($value);)*

            /// The specification's name of the code, without `TEE_ERROR_`.
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }
    };
}

errors! {
    /// Any other cause.
    GENERIC = 0xffff_0000;
    /// The caller may not.
    ACCESS_DENIED = 0xffff_0001;
    /// The operation was cancelled.
    CANCEL = 0xffff_0002;
    /// Concurrent accesses contradict one another.
    ACCESS_CONFLICT = 0xffff_0003;
    /// More data than was asked for.
    EXCESS_DATA = 0xffff_0004;
    /// The input's format is wrong.
    BAD_FORMAT = 0xffff_0005;
    /// Parameters are wrong.
    BAD_PARAMETERS = 0xffff_0006;
    /// Not in this state.
    BAD_STATE = 0xffff_0007;
    /// No such item.
    ITEM_NOT_FOUND = 0xffff_0008;
    /// Should be there and is not.
    NOT_IMPLEMENTED = 0xffff_0009;
    /// Valid and not supported.
    NOT_SUPPORTED = 0xffff_000a;
    /// Data were expected.
    NO_DATA = 0xffff_000b;
    /// Memory does not suffice.
    OUT_OF_MEMORY = 0xffff_000c;
    /// In use.
    BUSY = 0xffff_000d;
    /// Another party did not answer.
    COMMUNICATION = 0xffff_000e;
    /// A check for security failed.
    SECURITY = 0xffff_000f;
    /// The buffer is too short; its needed size is told.
    SHORT_BUFFER = 0xffff_0010;
    /// A number does not fit.
    OVERFLOW = 0xffff_300f;
    /// The trusted application has panicked.
    TARGET_DEAD = 0xffff_3024;
    /// The storage is full.
    STORAGE_NO_SPACE = 0xffff_3041;
    /// The message authentication code is wrong.
    MAC_INVALID = 0xffff_3071;
    /// The signature is wrong.
    SIGNATURE_INVALID = 0xffff_3072;
    /// The persistent time was never set.
    TIME_NOT_SET = 0xffff_5000;
    /// The persistent time may be wrong.
    TIME_NEEDS_RESET = 0xffff_5001;
}

impl fmt::Display for TeeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(formatter, "TEE_ERROR_{name}"),
            None => write!(formatter, "{:#010x}", self.0),
        }
    }
}

impl fmt::Debug for TeeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A pointer that is no memory of the application's is an access it does not have, as in OP-TEE.
impl From<AccessFault> for TeeError {
    fn from(_: AccessFault) -> Self {
        Self::ACCESS_DENIED
    }
}

impl From<HostError> for TeeError {
    fn from(error: HostError) -> Self {
        Error::from(error).into()
    }
}

impl From<Error> for TeeError {
    fn from(error: Error) -> Self {
        match error.kind {
            ErrorKind::BadAddress | ErrorKind::AccessDenied | ErrorKind::NotPermitted => Self::ACCESS_DENIED,
            ErrorKind::NoMemory => Self::OUT_OF_MEMORY,
            ErrorKind::NotFound | ErrorKind::NotDirectory => Self::ITEM_NOT_FOUND,
            ErrorKind::NoSpace => Self::STORAGE_NO_SPACE,
            ErrorKind::InvalidArgument => Self::BAD_PARAMETERS,
            ErrorKind::NotSupported | ErrorKind::NotImplemented => Self::NOT_SUPPORTED,
            ErrorKind::Overflow => Self::OVERFLOW,
            ErrorKind::Busy => Self::BUSY,
            _ => Self::GENERIC,
        }
    }
}
