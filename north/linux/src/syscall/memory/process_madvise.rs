//! `process_madvise(2)`.

use litebox_libos::user::UserPointer;

use super::madvise::decode;
use crate::abi::file::transfer::Iovec;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::Pieces;
use crate::syscall::process::process_of_pidfd;

/// Only the own process is advised: to the memory of another nobody here has access.
pub(crate) fn process_madvise<H: LinuxHost>(
    call: &mut Call<'_, H>,
    pidfd: Fd,
    ranges: UserPointer<Iovec>,
    count: usize,
    advice: i32,
    flags: u32,
) -> Result<usize> {
    if flags != 0 {
        return Err(Errno::EINVAL);
    }
    let pieces = Pieces::read(call, ranges, count)?;
    let target = process_of_pidfd(call, pidfd)?;
    if target.has_finished() {
        return Err(Errno::ESRCH);
    }
    let advice = decode(advice)?;
    if target.id() != call.process.id() {
        return Err(Errno::EPERM);
    }
    let mut done = 0_usize;
    for piece in pieces.iter() {
        match call.memory.advise(piece.address, piece.length, advice) {
            Err(_) if done > 0 => break,
            outcome => outcome?,
        }
        done = done.saturating_add(piece.length);
    }
    Ok(done)
}
