//! Where in a file a call that moves bytes goes on: at a position that the guest keeps, or at the file's own offset.

use litebox_libos::file::transfer::Position;
use litebox_libos::user::UserPointer;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// A position of the guest's; `None` for the description's own offset.
pub(crate) struct Offset(pub(super) Option<u64>);

impl Offset {
    /// What `from` points at, unless it is null.
    ///
    /// # Errors
    /// `EFAULT`; `EINVAL` for a negative one.
    pub(crate) fn read<H: LinuxHost>(call: &Call<'_, H>, from: UserPointer<u64>) -> Result<Self> {
        let Some(from) = from.non_null() else { return Ok(Self(None)) };
        let position = from.read(&call.host)?;
        i64::try_from(position).map_err(|_| Errno::EINVAL)?;
        Ok(Self(Some(position)))
    }

    pub(crate) fn position(&self) -> Position {
        self.0.map_or(Position::Current, Position::At)
    }

    /// `count` bytes further.
    pub(crate) fn advance(&mut self, count: usize) {
        if let Some(position) = &mut self.0 {
            *position = position.saturating_add(count as u64);
        }
    }

    /// Tell the guest where it is now, if it asked.
    ///
    /// # Errors
    /// `EFAULT`.
    pub(crate) fn store<H: LinuxHost>(&self, call: &Call<'_, H>, to: UserPointer<u64>) -> Result<()> {
        match self.0 {
            Some(position) => Ok(to.write(&call.host, &position)?),
            None => Ok(()),
        }
    }
}
