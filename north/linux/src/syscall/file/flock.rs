//! `flock(2)`.

use litebox_libos::event::{Readiness, block};
use litebox_libos::file::record::LockKind;

use super::at::usable;
use crate::abi::file::path::{LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn flock<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, operation: i32) -> Result<()> {
    let kind = match operation & !LOCK_NB {
        LOCK_SH => Some(LockKind::Shared),
        LOCK_EX => Some(LockKind::Exclusive),
        LOCK_UN => None,
        _ => return Err(Errno::EINVAL),
    };
    let description = usable(call, fd)?;
    // What lies in no folder is not shared by name, so nobody else can want its lock.
    let Some(lock) = description.file().whole_lock() else { return Ok(()) };
    match kind {
        None => {
            lock.release();
            Ok(())
        }
        Some(kind) if operation & LOCK_NB != 0 => Ok(lock.take(kind)?),
        Some(kind) => Ok(block(&call.thread, &[(lock.queue(), Readiness::WRITE)], None, || lock.take(kind))?),
    }
}
