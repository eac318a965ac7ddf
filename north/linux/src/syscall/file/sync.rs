//! `fsync(2)`, `fdatasync(2)`, `sync(2)`, `syncfs(2)`, `sync_file_range(2)`, `readahead(2)`, `posix_fadvise(2)`.

use litebox_libos::file::FileStatus;

use super::at::usable;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn fsync<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd) -> Result<()> {
    let description = usable(call, fd)?;
    let file = description.file();
    match file.regular() {
        Some(regular) => Ok(regular.sync()?),
        None if file.folder().is_some() => Ok(()),
        None => Err(Errno::EINVAL),
    }
}

pub(crate) fn fdatasync<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd) -> Result<()> {
    fsync(call, fd)
}

/// What is in memory is never on storage, and a host's files are written as they are: nothing is held back.
pub(crate) fn sync<H: LinuxHost>(_: &mut Call<'_, H>) -> Result<()> {
    Ok(())
}

pub(crate) fn syncfs<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd) -> Result<()> {
    usable(call, fd).map(drop)
}

pub(crate) fn sync_file_range<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    offset: i64,
    length: i64,
    flags: u32,
) -> Result<()> {
    /// `SYNC_FILE_RANGE_WAIT_BEFORE`, `_WRITE` and `_WAIT_AFTER`.
    const KNOWN: u32 = 7;
    let description = usable(call, fd)?;
    if flags & !KNOWN != 0 || offset < 0 || length < 0 || offset.checked_add(length).is_none() {
        return Err(Errno::EINVAL);
    }
    let file = description.file();
    match file.regular() {
        Some(regular) if flags != 0 => Ok(regular.sync()?),
        Some(_) => Ok(()),
        None if file.folder().is_some() => Ok(()),
        None => Err(Errno::ESPIPE),
    }
}

pub(crate) fn readahead<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    _offset: u64,
    _count: usize,
) -> Result<()> {
    let description = usable(call, fd)?;
    if !description.status().contains(FileStatus::READ) {
        return Err(Errno::EBADF);
    }
    description.file().regular().map(drop).ok_or(Errno::EINVAL)
}

pub(crate) fn fadvise64<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    _offset: i64,
    length: i64,
    advice: i32,
) -> Result<()> {
    /// `POSIX_FADV_NORMAL` to `POSIX_FADV_NOREUSE`.
    const KNOWN: core::ops::RangeInclusive<i32> = 0..=5;
    let description = usable(call, fd)?;
    if !description.file().is_seekable() {
        return Err(Errno::ESPIPE);
    }
    if length < 0 || !KNOWN.contains(&advice) { Err(Errno::EINVAL) } else { Ok(()) }
}
