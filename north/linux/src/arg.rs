//! The types of system-call arguments and results: decoding a register, and showing it in a trace.

use core::fmt::{self, Write};

use litebox_host::memory::UserAccess;
use litebox_libos::ErrorKind;
use litebox_libos::user::{UserPointer, UserString};

use crate::error::{Errno, Result};

/// The type of one argument.
pub trait Arg: Sized {
    /// The argument in `raw`, a register's value.
    ///
    /// # Errors
    /// What Linux answers for a value that cannot be one, usually `EINVAL`.
    fn decode(raw: u64) -> Result<Self>;

    /// Show `raw` as a trace does. Guest memory may be read; it is shown as it is at that moment.
    ///
    /// # Errors
    /// Those of `out`.
    fn show(raw: u64, memory: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result;
}

/// Guest memory as a trace reads it.
pub trait ShowMemory {
    /// The NUL-terminated string at `address`, at most `limit` bytes of it.
    fn string(&self, address: usize, limit: usize) -> Option<alloc::vec::Vec<u8>>;
}

impl<H: UserAccess> ShowMemory for H {
    fn string(&self, address: usize, limit: usize) -> Option<alloc::vec::Vec<u8>> {
        UserString::new(address).read(self, limit, ErrorKind::NameTooLong).ok()
    }
}

/// A file descriptor's number. Linux takes the low 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fd(pub i32);

impl Fd {
    /// The number as an index of the descriptor table.
    ///
    /// # Errors
    /// `EBADF` if it is negative.
    pub fn number(self) -> Result<u32> {
        u32::try_from(self.0).map_err(|_| Errno::EBADF)
    }
}

impl Arg for Fd {
    fn decode(raw: u64) -> Result<Self> {
        i32::decode(raw).map(Self)
    }

    fn show(raw: u64, memory: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        match low_half(raw) {
            -100 => out.write_str("AT_FDCWD"),
            _ => i32::show(raw, memory, out),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "Linux takes the low half of the register")]
const fn low_half(raw: u64) -> i32 {
    raw as i32
}

impl Arg for i32 {
    fn decode(raw: u64) -> Result<Self> {
        Ok(low_half(raw))
    }

    fn show(raw: u64, _: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{}", low_half(raw))
    }
}

impl Arg for u32 {
    fn decode(raw: u64) -> Result<Self> {
        Ok(low_half(raw).cast_unsigned())
    }

    fn show(raw: u64, _: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{:#x}", low_half(raw).cast_unsigned())
    }
}

impl Arg for u64 {
    fn decode(raw: u64) -> Result<Self> {
        Ok(raw)
    }

    fn show(raw: u64, _: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{raw:#x}")
    }
}

impl Arg for i64 {
    fn decode(raw: u64) -> Result<Self> {
        Ok(raw.cast_signed())
    }

    fn show(raw: u64, _: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{}", raw.cast_signed())
    }
}

impl Arg for usize {
    fn decode(raw: u64) -> Result<Self> {
        usize::try_from(raw).map_err(|_| Errno::EINVAL)
    }

    fn show(raw: u64, _: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{raw}")
    }
}

impl<T> Arg for UserPointer<T> {
    fn decode(raw: u64) -> Result<Self> {
        usize::decode(raw).map(Self::new)
    }

    fn show(raw: u64, _: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        if raw == 0 { out.write_str("NULL") } else { write!(out, "{raw:#x}") }
    }
}

impl Arg for UserString {
    fn decode(raw: u64) -> Result<Self> {
        usize::decode(raw).map(Self::new)
    }

    fn show(raw: u64, memory: &dyn ShowMemory, out: &mut dyn Write) -> fmt::Result {
        /// Longest string that a trace shows whole.
        const LIMIT: usize = 4096;
        let string = usize::try_from(raw).ok().and_then(|address| memory.string(address, LIMIT));
        match string {
            Some(bytes) => write!(out, "\"{}\"", bytes.escape_ascii()),
            None => write!(out, "{raw:#x}"),
        }
    }
}

/// The type of a result.
pub trait Ret {
    /// The value of `rax` for success.
    fn encode(self) -> u64;
}

impl Ret for () {
    fn encode(self) -> u64 {
        0
    }
}

impl Ret for usize {
    fn encode(self) -> u64 {
        self as u64
    }
}

impl Ret for u64 {
    fn encode(self) -> u64 {
        self
    }
}

impl Ret for u32 {
    fn encode(self) -> u64 {
        u64::from(self)
    }
}

impl Ret for i32 {
    fn encode(self) -> u64 {
        i64::from(self).cast_unsigned()
    }
}

impl Ret for i64 {
    fn encode(self) -> u64 {
        self.cast_unsigned()
    }
}

impl Ret for Fd {
    fn encode(self) -> u64 {
        self.0.encode()
    }
}

/// A flags argument: known bits are decoded, any other is refused with `EINVAL`. A North's flag types list
/// Linux's bits, and the supported ones among them.
#[macro_export]
macro_rules! flag_argument {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident: $bits:ty { $($body:tt)* }) => {
        bitflags::bitflags! {
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
            $visibility struct $name: $bits { $($body)* }
        }

        impl $crate::arg::Arg for $name {
            fn decode(raw: u64) -> $crate::error::Result<Self> {
                let bits = <$bits as $crate::arg::Arg>::decode(raw)?;
                Self::from_bits(bits).ok_or($crate::error::Errno::EINVAL)
            }

            fn show(
                raw: u64,
                _: &dyn $crate::arg::ShowMemory,
                out: &mut dyn core::fmt::Write,
            ) -> core::fmt::Result {
                let Ok(bits) = <$bits as $crate::arg::Arg>::decode(raw) else { return write!(out, "{raw:#x}") };
                if bits == 0 {
                    return out.write_str("0");
                }
                bitflags::parser::to_writer(&Self::from_bits_retain(bits), out)
            }
        }
    };
}
