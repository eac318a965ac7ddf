//! `lseek(2)`.

use litebox_libos::file::SeekTo;

use super::at::usable;
use crate::abi::file::transfer::{SEEK_CUR, SEEK_DATA, SEEK_END, SEEK_HOLE, SEEK_SET};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn lseek<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, offset: i64, whence: i32) -> Result<u64> {
    let description = usable(call, fd)?;
    let file = description.file();
    if !(SEEK_SET..=SEEK_HOLE).contains(&whence) {
        return Err(Errno::EINVAL);
    }
    if file.ignores_seek() {
        return Ok(0);
    }
    if !file.is_seekable() {
        return Err(Errno::ESPIPE);
    }
    let mut current = description.offset().lock();
    let from = |base: u64| {
        let position = base.checked_add_signed(offset).filter(|end| i64::try_from(*end).is_ok());
        position.ok_or(Errno::EINVAL)
    };
    let position = match whence {
        SEEK_SET => from(0)?,
        SEEK_CUR => from(*current)?,
        SEEK_END => from(file.attributes()?.size)?,
        _ => {
            let start = u64::try_from(offset).map_err(|_| Errno::ENXIO)?;
            let to = if whence == SEEK_DATA { SeekTo::Data } else { SeekTo::Hole };
            file.regular().ok_or(Errno::EINVAL)?.seek(start, to)?
        }
    };
    *current = position;
    Ok(position)
}
