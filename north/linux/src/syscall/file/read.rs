//! `read(2)`, `pread(2)`, `readv(2)`, `preadv(2)`, `preadv2(2)`.

use litebox_libos::file::transfer::{self, Position};
use litebox_libos::user::{UserBuffer, UserPointer, UserRange};

use super::pieces::{Pieces, one_piece, position, vector_position};
use crate::abi::file::transfer::{Iovec, TransferFlags};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn read<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: usize,
) -> Result<usize> {
    read_one(call, fd, Position::Current, buffer, count)
}

pub(crate) fn pread64<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: usize,
    offset: i64,
) -> Result<usize> {
    read_one(call, fd, position(offset)?, buffer, count)
}

pub(crate) fn readv<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    ranges: UserPointer<Iovec>,
    count: usize,
) -> Result<usize> {
    let pieces = Pieces::read(call, ranges, count)?;
    read_into(call, fd, Position::Current, &pieces)
}

pub(crate) fn preadv<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    ranges: UserPointer<Iovec>,
    count: usize,
    offset: i64,
) -> Result<usize> {
    let position = position(offset)?;
    let pieces = Pieces::read(call, ranges, count)?;
    read_into(call, fd, position, &pieces)
}

pub(crate) fn preadv2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    ranges: UserPointer<Iovec>,
    count: usize,
    offset: i64,
    _high: u64,
    flags: i32,
) -> Result<usize> {
    let position = vector_position(offset)?;
    let pieces = Pieces::read(call, ranges, count)?;
    let flags = TransferFlags::from_bits(flags.cast_unsigned()).ok_or(Errno::EOPNOTSUPP)?;
    if flags.contains(TransferFlags::RWF_APPEND) {
        return Err(Errno::EOPNOTSUPP);
    }
    read_into(call, fd, position, &pieces)
}

fn read_one<H: LinuxHost>(
    call: &Call<'_, H>,
    fd: Fd,
    position: Position,
    buffer: UserPointer<u8>,
    count: usize,
) -> Result<usize> {
    call.descriptors.get(fd.number()?)?;
    read_into(call, fd, position, &[one_piece(call, buffer, count)?])
}

fn read_into<H: LinuxHost>(
    call: &Call<'_, H>,
    fd: Fd,
    position: Position,
    ranges: &[UserRange],
) -> Result<usize> {
    let description = call.descriptors.get(fd.number()?)?;
    Ok(transfer::read(&call.caller(), &description, position, &mut UserBuffer::new(&call.host, ranges))?)
}
