//! `truncate(2)`, `ftruncate(2)`, `fallocate(2)`.

use litebox_host::file::{AttributeChange, FileKind};
use litebox_libos::file::{Allocation, FileStatus, LastLink, check_size_change};
use litebox_libos::user::UserString;

use super::at::{At, CURRENT, usable};
use crate::abi::file::transfer::AllocateMode;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn truncate<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString, length: i64) -> Result<()> {
    let size = u64::try_from(length).map_err(|_| Errno::EINVAL)?;
    let at = At::new(call, CURRENT, path)?;
    let location = at.find(LastLink::Follow)?;
    check_size_change(&location, at.caller())?;
    check_limit(call, location.vnode.attributes()?.size, size)?;
    let change = AttributeChange { size: Some(size), ..AttributeChange::default() };
    Ok(location.vnode.set_attributes(&change)?)
}

pub(crate) fn ftruncate<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, length: i64) -> Result<()> {
    let size = u64::try_from(length).map_err(|_| Errno::EINVAL)?;
    let description = usable(call, fd)?;
    let regular = description.file().regular().ok_or(Errno::EINVAL)?;
    if !description.status().contains(FileStatus::WRITE) {
        return Err(Errno::EINVAL);
    }
    check_limit(call, description.file().attributes()?.size, size)?;
    Ok(regular.set_size(size)?)
}

/// Whether the process may make a file of `old` bytes one of `new` bytes (`RLIMIT_FSIZE`).
fn check_limit<H: LinuxHost>(call: &mut Call<'_, H>, old: u64, new: u64) -> Result<()> {
    if new <= old || new <= call.file_size_limit() {
        return Ok(());
    }
    call.raise_file_size();
    Err(Errno::EFBIG)
}

pub(crate) fn fallocate<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    mode: i32,
    offset: i64,
    length: i64,
) -> Result<()> {
    let description = usable(call, fd)?;
    let start = u64::try_from(offset).map_err(|_| Errno::EINVAL)?;
    let length = u64::try_from(length).ok().filter(|length| *length > 0).ok_or(Errno::EINVAL)?;
    let how = allocation(mode.cast_unsigned())?;
    if !description.status().contains(FileStatus::WRITE) {
        return Err(Errno::EBADF);
    }
    let Some(regular) = description.file().regular() else {
        return Err(match description.file().attributes()?.kind {
            FileKind::Directory => Errno::EISDIR,
            FileKind::Fifo => Errno::ESPIPE,
            _ => Errno::ENODEV,
        });
    };
    let end = start.checked_add(length).ok_or(Errno::EFBIG)?;
    if matches!(how, Allocation::Extend | Allocation::Zero) {
        check_limit(call, description.file().attributes()?.size, end)?;
    }
    Ok(regular.allocate(start..end, how)?)
}

fn allocation(mode: u32) -> Result<Allocation> {
    let mode = AllocateMode::from_bits(mode).ok_or(Errno::EOPNOTSUPP)?;
    let keep = mode.contains(AllocateMode::FALLOC_FL_KEEP_SIZE);
    let punch = mode.contains(AllocateMode::FALLOC_FL_PUNCH_HOLE);
    let zero = mode.contains(AllocateMode::FALLOC_FL_ZERO_RANGE);
    match (punch, zero, keep) {
        (false, false, false) => Ok(Allocation::Extend),
        (false, false, true) => Ok(Allocation::Reserve),
        (true, false, true) => Ok(Allocation::Punch),
        (false, true, false) => Ok(Allocation::Zero),
        (false, true, true) => Ok(Allocation::ZeroInside),
        (true, ..) => Err(Errno::EOPNOTSUPP),
    }
}
