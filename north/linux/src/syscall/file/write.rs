//! `write(2)`, `pwrite(2)`, `writev(2)`, `pwritev(2)`, `pwritev2(2)`.

use litebox_libos::file::transfer::{self, Position};
use litebox_libos::file::{Description, FileStatus};
use litebox_libos::socket::{Socket, SocketKind};
use litebox_libos::user::{Source, UserBuffer, UserPointer, UserRange};
use litebox_libos::{Error, ErrorKind};

use super::pieces::{Pieces, one_piece, position, vector_position};
use crate::abi::file::transfer::{Iovec, TransferFlags};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::socket;

pub(crate) fn write<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: usize,
) -> Result<usize> {
    write_one(call, fd, Position::Current, buffer, count)
}

pub(crate) fn pwrite64<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: usize,
    offset: i64,
) -> Result<usize> {
    write_one(call, fd, position(offset)?, buffer, count)
}

pub(crate) fn writev<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    ranges: UserPointer<Iovec>,
    count: usize,
) -> Result<usize> {
    let pieces = Pieces::read(call, ranges, count)?;
    write_from(call, fd, Position::Current, &pieces, TransferFlags::empty())
}

pub(crate) fn pwritev<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    ranges: UserPointer<Iovec>,
    count: usize,
    offset: i64,
) -> Result<usize> {
    let position = position(offset)?;
    let pieces = Pieces::read(call, ranges, count)?;
    write_from(call, fd, position, &pieces, TransferFlags::empty())
}

pub(crate) fn pwritev2<H: LinuxHost>(
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
    write_from(call, fd, position, &pieces, flags)
}

fn write_one<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    position: Position,
    buffer: UserPointer<u8>,
    count: usize,
) -> Result<usize> {
    call.descriptors.get(fd.number()?)?;
    let piece = one_piece(call, buffer, count)?;
    write_from(call, fd, position, &[piece], TransferFlags::empty())
}

fn write_from<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    position: Position,
    ranges: &[UserRange],
    flags: TransferFlags,
) -> Result<usize> {
    let description = call.descriptors.get(fd.number()?)?;
    let mut source = UserBuffer::new(&call.host, ranges);
    let outcome = if flags.contains(TransferFlags::RWF_APPEND) && description.file().is_seekable() {
        append(&description, position, &mut source, call.file_size_limit())
    } else if let (Position::Current, Some(open)) = (position, description.file_as::<Socket>()) {
        socket::write(call, &description, open, &mut source)
    } else {
        transfer::write_below(&call.caller(), &description, position, &mut source, call.file_size_limit())
    };
    let sync = flags.intersects(TransferFlags::RWF_DSYNC | TransferFlags::RWF_SYNC);
    written(call, &description, outcome, sync)
}

/// As a description with `O_APPEND` would.
fn append(
    description: &Description,
    position: Position,
    source: &mut dyn Source,
    limit: u64,
) -> litebox_libos::Result<usize> {
    if !description.status().contains(FileStatus::WRITE) {
        return Err(Error::new(ErrorKind::BadDescriptor, "not open for writing"));
    }
    match position {
        Position::Current => {
            let mut offset = description.offset().lock();
            let (count, end) = transfer::append_below(&**description.file(), source, limit)?;
            *offset = end;
            Ok(count)
        }
        Position::At(_) => Ok(transfer::append_below(&**description.file(), source, limit)?.0),
    }
}

/// What comes after every write: the signal of a broken pipe or of a file too large, and storage where that was asked for.
pub(crate) fn written<H: LinuxHost>(
    call: &mut Call<'_, H>,
    description: &Description,
    outcome: litebox_libos::Result<usize>,
    sync: bool,
) -> Result<usize> {
    match outcome {
        Err(error) if error.kind == ErrorKind::BrokenPipe => {
            // Sockets of messages break no pipe, as Linux sees it.
            let socket = description.file_as::<Socket>();
            if socket.is_none_or(|socket| socket.kind() == SocketKind::Stream) {
                call.raise_broken_pipe();
            }
        }
        Err(error) if error.kind == ErrorKind::FileSizeLimit => call.raise_file_size(),
        Ok(_) if sync || description.status().contains(FileStatus::SYNC) => {
            if let Some(regular) = description.file().regular() {
                regular.sync()?;
            }
        }
        _ => {}
    }
    Ok(outcome?)
}
