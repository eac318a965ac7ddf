//! The pieces of guest memory that the vector calls name, and positions.

use alloc::vec::Vec;
use core::ops::Deref;

use litebox_libos::file::transfer::Position;
use litebox_libos::user::{UserPointer, UserRange};

use crate::abi::file::transfer::{Iovec, MAX_COUNT, MAX_PIECES};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Pieces of guest memory, copied in and cut to what one call transfers.
pub(crate) struct Pieces(Vec<UserRange>);

impl Pieces {
    /// The `count` pieces at `ranges`.
    pub(crate) fn read<H: LinuxHost>(
        call: &Call<'_, H>,
        ranges: UserPointer<Iovec>,
        count: usize,
    ) -> Result<Self> {
        if count > MAX_PIECES {
            return Err(Errno::EINVAL);
        }
        let mut pieces = Vec::new();
        pieces.try_reserve_exact(count).map_err(|_| Errno::ENOMEM)?;
        let mut left = MAX_COUNT;
        for index in 0..count {
            let piece = ranges.element(index).read(&call.host)?;
            // A length that is negative as ssize_t is refused.
            let length = i64::try_from(piece.length).ok().and_then(|length| usize::try_from(length).ok());
            let length = length.ok_or(Errno::EINVAL)?;
            let address = usize::try_from(piece.base).map_err(|_| Errno::EFAULT)?;
            // A vector of one is cut to what can be transferred before its end is looked at, as Linux does.
            let shown = if count == 1 { length.min(left) } else { length };
            UserRange { address, length: shown }.reachable(&call.host)?;
            let length = length.min(left);
            left -= length;
            pieces.push(UserRange { address, length });
        }
        Ok(Self(pieces))
    }
}

/// The `count` bytes at `buffer`, cut to what one call transfers.
pub(super) fn one_piece<H: LinuxHost>(
    call: &Call<'_, H>,
    buffer: UserPointer<u8>,
    count: usize,
) -> Result<UserRange> {
    let whole = UserRange { address: buffer.address(), length: count }.reachable(&call.host)?;
    Ok(UserRange { length: count.min(MAX_COUNT), ..whole })
}

impl Deref for Pieces {
    type Target = [UserRange];
    fn deref(&self) -> &[UserRange] {
        &self.0
    }
}

/// A position given by the guest.
pub(super) fn position(offset: i64) -> Result<Position> {
    u64::try_from(offset).map(Position::At).map_err(|_| Errno::EINVAL)
}

/// As [`position`], where -1 stands for the description's own offset.
pub(super) fn vector_position(offset: i64) -> Result<Position> {
    if offset == -1 { Ok(Position::Current) } else { position(offset) }
}
