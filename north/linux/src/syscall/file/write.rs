//! `write(2)`.

use litebox_libos::file::FileStatus;
use litebox_libos::user::{UserBuffer, UserPointer, UserRange};

use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The most that one call transfers (`write(2)`, NOTES).
const MAX_COUNT: usize = 0x7fff_f000;

pub(crate) fn write<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: usize,
) -> Result<usize> {
    let description = call.descriptors.get(fd.number()?)?;
    if !description.status().contains(FileStatus::WRITE) {
        return Err(Errno::EBADF);
    }
    let ranges = [UserRange { address: buffer.address(), length: count.min(MAX_COUNT) }];
    Ok(description.file().write(None, &mut UserBuffer::new(&call.host, &ranges))?)
}
