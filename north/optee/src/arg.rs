//! The types of call arguments: decoding a register.

use litebox_libos::user::UserPointer;

use crate::error::{Result, TeeError};

/// The type of one argument.
pub trait Arg: Sized {
    /// The argument in `raw`, a register's value.
    ///
    /// # Errors
    /// What OP-TEE answers for a value that cannot be one, usually `BAD_PARAMETERS`.
    fn decode(raw: u64) -> Result<Self>;
}

impl Arg for u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the low half of the register is the argument")]
    fn decode(raw: u64) -> Result<Self> {
        Ok(raw as Self)
    }
}

impl Arg for u64 {
    fn decode(raw: u64) -> Result<Self> {
        Ok(raw)
    }
}

impl Arg for usize {
    fn decode(raw: u64) -> Result<Self> {
        Self::try_from(raw).map_err(|_| TeeError::BAD_PARAMETERS)
    }
}

impl<T> Arg for UserPointer<T> {
    fn decode(raw: u64) -> Result<Self> {
        usize::decode(raw).map(Self::new)
    }
}

/// A flags argument: known bits are decoded, any other is refused with `BAD_PARAMETERS`.
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
                Self::from_bits(bits).ok_or($crate::error::TeeError::BAD_PARAMETERS)
            }
        }
    };
}
