//! `vmsplice(2)`.

use litebox_libos::event::Readiness;
use litebox_libos::file::FileStatus;
use litebox_libos::file::transfer;
use litebox_libos::pipe::{Conduit, Side};
use litebox_libos::user::{UserBuffer, UserPointer};

use crate::abi::file::transfer::Iovec;
use crate::abi::pipe::SpliceFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::{Pieces, usable, written};

/// The bytes are copied: memory that is given away (`SPLICE_F_GIFT`) stays the caller's.
pub(crate) fn vmsplice<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    ranges: UserPointer<Iovec>,
    count: usize,
    flags: u32,
) -> Result<usize> {
    let flags = SpliceFlags::from_bits(flags).ok_or(Errno::EINVAL)?;
    let description = usable(call, fd)?;
    let file = &**description.file();
    let side = if description.status().contains(FileStatus::WRITE) { Side::Write } else { Side::Read };
    if Conduit::of(file, side).is_none() {
        return Err(Errno::EBADF);
    }
    let pieces = Pieces::read(call, ranges, count)?;
    let mut status = description.status();
    if flags.contains(SpliceFlags::SPLICE_F_NONBLOCK) {
        status |= FileStatus::NONBLOCK;
    }
    let mut buffer = UserBuffer::new(&call.host, &pieces);
    let caller = call.caller();
    let outcome = match side {
        Side::Write => {
            transfer::transfer(&caller, file, status, Readiness::WRITE, || file.write(None, &mut buffer))
        }
        Side::Read => {
            transfer::transfer(&caller, file, status, Readiness::READ, || file.read(None, &mut buffer))
        }
    };
    written(call, &description, outcome, false)
}
