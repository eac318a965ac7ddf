//! `splice(2)`, `tee(2)`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::file::transfer;
use litebox_libos::file::{Description, FileStatus};
use litebox_libos::memory::buffer;
use litebox_libos::pipe::{Conduit, Patience, Side};
use litebox_libos::user::UserPointer;

use crate::abi::file::transfer::MAX_COUNT;
use crate::abi::pipe::SpliceFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::{Offset, usable, written};

type LibraryResult<T> = litebox_libos::Result<T>;

/// Bytes in hand at a time: what a pipe usually holds.
const CHUNK: usize = 64 << 10;

pub(crate) fn splice<H: LinuxHost>(
    call: &mut Call<'_, H>,
    input: Fd,
    input_offset: UserPointer<u64>,
    output: Fd,
    output_offset: UserPointer<u64>,
    length: usize,
    flags: u32,
) -> Result<usize> {
    if length == 0 {
        return Ok(0);
    }
    let flags = SpliceFlags::from_bits(flags).ok_or(Errno::EINVAL)?;
    let (from, to) = (usable(call, input)?, usable(call, output)?);
    check_access(&from, &to)?;
    let tap = Conduit::of(&**from.file(), Side::Read);
    let sink = Conduit::of(&**to.file(), Side::Write);
    if tap.is_some() && !input_offset.is_null() || sink.is_some() && !output_offset.is_null() {
        return Err(Errno::ESPIPE);
    }
    let length = length.min(MAX_COUNT);
    let mut transfer = Transfer { length, flags, buffer: buffer::zeroed(length.min(CHUNK))? };
    let outcome = match (tap, sink) {
        (Some(tap), Some(sink)) => {
            if tap.end().is_same_pipe(sink.end()) {
                return Err(Errno::EINVAL);
            }
            between_pipes(call, &mut transfer, (&from, tap), (&to, sink))
        }
        (Some(tap), None) => {
            if to.status().contains(FileStatus::APPEND) {
                return Err(Errno::EINVAL);
            }
            let mut offset = offset_in(call, &to, output_offset)?;
            let outcome = out_of_pipe(call, &mut transfer, (&from, tap), &to, &mut offset);
            if outcome.is_ok() {
                offset.store(call, output_offset)?;
            }
            outcome
        }
        (None, Some(sink)) => {
            let mut offset = offset_in(call, &from, input_offset)?;
            let outcome = into_pipe(call, &mut transfer, &from, &mut offset, (&to, sink));
            if outcome.is_ok() {
                offset.store(call, input_offset)?;
            }
            outcome
        }
        (None, None) => return Err(Errno::EINVAL),
    };
    written(call, &to, outcome, false)
}

pub(crate) fn tee<H: LinuxHost>(
    call: &mut Call<'_, H>,
    input: Fd,
    output: Fd,
    length: usize,
    flags: u32,
) -> Result<usize> {
    let flags = SpliceFlags::from_bits(flags).ok_or(Errno::EINVAL)?;
    if length == 0 {
        return Ok(0);
    }
    let (from, to) = (usable(call, input)?, usable(call, output)?);
    check_access(&from, &to)?;
    let pipes = Conduit::of(&**from.file(), Side::Read).zip(Conduit::of(&**to.file(), Side::Write));
    let (tap, sink) = pipes.filter(|(tap, sink)| !tap.end().is_same_pipe(sink.end())).ok_or(Errno::EINVAL)?;
    let mut buffer: Vec<u8> = buffer::zeroed(length.min(CHUNK))?;
    let patience = patience(flags, &[&from, &to]);
    let outcome = copy(call, (tap, sink), patience, &mut buffer);
    written(call, &to, outcome, false)
}

/// Copy what lies at the start of one pipe to the end of another.
fn copy<H: LinuxHost>(
    call: &Call<'_, H>,
    (tap, sink): (Conduit<'_>, Conduit<'_>),
    patience: Patience,
    buffer: &mut [u8],
) -> LibraryResult<usize> {
    // As Linux does: wait for bytes or the end, then for room, whatever there was.
    tap.pull(&call.thread, patience, true, buffer.get_mut(..1).unwrap_or_default())?;
    let room = sink.room(&call.thread, patience)?.min(buffer.len());
    let piece = tap.pull(&call.thread, patience, true, buffer.get_mut(..room).unwrap_or_default())?;
    sink.end().push(buffer.get(..piece.length).unwrap_or_default(), piece.is_packet)?;
    Ok(piece.length)
}

fn check_access(from: &Description, to: &Description) -> Result<()> {
    let open = from.status().contains(FileStatus::READ) && to.status().contains(FileStatus::WRITE);
    if open { Ok(()) } else { Err(Errno::EBADF) }
}

/// Whether to wait for `pipes`.
fn patience(flags: SpliceFlags, pipes: &[&Arc<Description>]) -> Patience {
    let nonblocking = |pipe: &&Arc<Description>| pipe.status().contains(FileStatus::NONBLOCK);
    if flags.contains(SpliceFlags::SPLICE_F_NONBLOCK) || pipes.iter().any(nonblocking) {
        Patience::None
    } else {
        Patience::Endless
    }
}

/// What is to be moved.
struct Transfer {
    length: usize,
    flags: SpliceFlags,
    buffer: Vec<u8>,
}

impl Transfer {
    /// Room for the next bytes, of which `done` were moved and at most `limit` may be.
    fn chunk(&mut self, done: usize, limit: usize) -> &mut [u8] {
        let wanted = self.length.saturating_sub(done).min(limit).min(self.buffer.len());
        self.buffer.get_mut(..wanted).unwrap_or_default()
    }

    fn bytes(&self, count: usize) -> &[u8] {
        self.buffer.get(..count).unwrap_or_default()
    }
}

/// The guest's offset in a file that is no pipe.
fn offset_in<H: LinuxHost>(
    call: &Call<'_, H>,
    description: &Description,
    from: UserPointer<u64>,
) -> Result<Offset> {
    if !from.is_null() && !description.file().is_seekable() {
        return Err(Errno::EINVAL);
    }
    Offset::read(call, from)
}

/// The patience for the next bytes: none once some were moved.
fn next(patience: Patience, done: usize) -> Patience {
    if done > 0 { Patience::None } else { patience }
}

/// What was moved if anything was; else why not.
fn so_far(done: usize, error: litebox_libos::Error) -> LibraryResult<usize> {
    if done > 0 { Ok(done) } else { Err(error) }
}

fn between_pipes<H: LinuxHost>(
    call: &Call<'_, H>,
    transfer: &mut Transfer,
    (from, tap): (&Arc<Description>, Conduit<'_>),
    (to, sink): (&Arc<Description>, Conduit<'_>),
) -> LibraryResult<usize> {
    let patience = patience(transfer.flags, &[from, to]);
    let mut done = 0;
    while done < transfer.length {
        // As Linux does: wait for bytes or the end, then for room, whatever there was.
        if let Err(error) = tap.pull(&call.thread, next(patience, done), true, transfer.chunk(done, 1)) {
            return so_far(done, error);
        }
        let room = match sink.room(&call.thread, next(patience, done)) {
            Ok(room) => room,
            Err(error) => return so_far(done, error),
        };
        match tap.pull(&call.thread, next(patience, done), false, transfer.chunk(done, room)) {
            Ok(piece) if piece.length == 0 => break,
            Ok(piece) => {
                sink.end().push(transfer.bytes(piece.length), piece.is_packet)?;
                done += piece.length;
            }
            Err(error) => return so_far(done, error),
        }
    }
    Ok(done)
}

fn out_of_pipe<H: LinuxHost>(
    call: &Call<'_, H>,
    transfer: &mut Transfer,
    (from, tap): (&Arc<Description>, Conduit<'_>),
    to: &Description,
    offset: &mut Offset,
) -> LibraryResult<usize> {
    let (caller, limit) = (call.caller(), call.file_size_limit());
    let patience = patience(transfer.flags, &[from]);
    let mut done = 0;
    while done < transfer.length {
        let piece = match tap.pull(&call.thread, next(patience, done), false, transfer.chunk(done, CHUNK)) {
            Ok(piece) if piece.length == 0 => break,
            Ok(piece) => piece,
            Err(error) => return so_far(done, error),
        };
        let mut bytes = transfer.bytes(piece.length);
        let outcome = transfer::write_below(&caller, to, offset.position(), &mut bytes, limit);
        let put = outcome.unwrap_or(0);
        offset.advance(put);
        done += put;
        if put < piece.length {
            let rest = transfer.bytes(piece.length).get(put..).unwrap_or_default();
            tap.end().put_back(rest, piece.is_packet)?;
            return outcome.map_or_else(|error| so_far(done, error), |_| Ok(done));
        }
    }
    Ok(done)
}

fn into_pipe<H: LinuxHost>(
    call: &Call<'_, H>,
    transfer: &mut Transfer,
    from: &Description,
    offset: &mut Offset,
    (to, sink): (&Arc<Description>, Conduit<'_>),
) -> LibraryResult<usize> {
    let caller = call.caller();
    let patience = patience(transfer.flags, &[to]);
    let room = sink.room(&call.thread, patience)?;
    let mut done = 0;
    while done < transfer.length.min(room) {
        let mut chunk = transfer.chunk(done, room - done);
        let wanted = chunk.len();
        let got = match transfer::read(&caller, from, offset.position(), &mut chunk) {
            Ok(got) => got,
            Err(error) => return so_far(done, error),
        };
        offset.advance(got);
        sink.end().push(transfer.bytes(got), false)?;
        done += got;
        // What comes later comes with the next call: only a file is sure not to make one wait.
        if got < wanted || !from.file().is_seekable() {
            break;
        }
    }
    Ok(done)
}
