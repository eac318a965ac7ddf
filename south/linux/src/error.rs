//! The host kernel's error numbers, as far as they mean something to the library OS.

use litebox_host::HostError;

/// An error number of the host's, 1 to 4095.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostErrno(pub(crate) u16);

/// What a host call answers.
pub(crate) type Result<T> = core::result::Result<T, HostErrno>;

impl HostErrno {
    pub(crate) const EINTR: Self = Self(4);
    pub(crate) const EAGAIN: Self = Self(11);
    pub(crate) const ETIMEDOUT: Self = Self(110);
}

/// Split a raw result as `syscall(2)` describes: -4095 to -1 are errors.
pub(crate) fn decode(raw: usize) -> Result<usize> {
    match u16::try_from(raw.wrapping_neg()) {
        Ok(number @ 1..=4095) => Err(HostErrno(number)),
        _ => Ok(raw),
    }
}

impl From<HostErrno> for HostError {
    fn from(errno: HostErrno) -> Self {
        match errno.0 {
            1 | 13 => Self::Denied,
            2 => Self::NotFound,
            4 => Self::Interrupted,
            11 => Self::WouldBlock,
            12 => Self::NoMemory,
            17 => Self::Exists,
            20 => Self::NotDirectory,
            21 => Self::IsDirectory,
            22 => Self::Invalid,
            23 | 24 => Self::NoDescriptors,
            28 | 122 => Self::NoSpace,
            30 => Self::ReadOnly,
            32 => Self::BrokenPipe,
            18 => Self::CrossDevice,
            39 => Self::NotEmpty,
            19 | 25 | 29 | 95 => Self::NotSupported,
            _ => Self::Unknown,
        }
    }
}
