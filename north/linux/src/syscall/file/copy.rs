//! `copy_file_range(2)`, `sendfile(2)`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::file::transfer;
use litebox_libos::file::{Description, FileStatus};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;

use super::at::usable;
use super::offset::Offset;
use super::write::written;
use crate::abi::file::transfer::MAX_COUNT;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Bytes copied at a time.
const CHUNK: usize = 64 << 10;

pub(crate) fn sendfile<H: LinuxHost>(
    call: &mut Call<'_, H>,
    out: Fd,
    input: Fd,
    offset: UserPointer<u64>,
    count: usize,
) -> Result<usize> {
    let from = usable(call, input)?;
    let to = usable(call, out)?;
    if to.status().contains(FileStatus::APPEND) {
        return Err(Errno::EINVAL);
    }
    if !from.file().is_seekable() {
        // What is not passed on would be lost to an input that cannot go back.
        return Err(if offset.is_null() { Errno::EINVAL } else { Errno::ESPIPE });
    }
    let mut source = End { description: from, offset: Offset::read(call, offset)? };
    let mut sink = End { description: Arc::clone(&to), offset: Offset(None) };
    let outcome = copy(call, &mut source, &mut sink, count.min(MAX_COUNT));
    if outcome.is_ok() {
        source.offset.store(call, offset)?;
    }
    written(call, &to, outcome, false)
}

pub(crate) fn copy_file_range<H: LinuxHost>(
    call: &mut Call<'_, H>,
    input: Fd,
    input_offset: UserPointer<u64>,
    output: Fd,
    output_offset: UserPointer<u64>,
    length: usize,
    flags: u32,
) -> Result<usize> {
    let from = usable(call, input)?;
    let to = usable(call, output)?;
    if flags != 0 {
        return Err(Errno::EINVAL);
    }
    for description in [&from, &to] {
        if description.file().folder().is_some() {
            return Err(Errno::EISDIR);
        }
        if description.file().regular().is_none() {
            return Err(Errno::EINVAL);
        }
    }
    let readable = from.status().contains(FileStatus::READ);
    if !readable || !to.status().contains(FileStatus::WRITE) || to.status().contains(FileStatus::APPEND) {
        return Err(Errno::EBADF);
    }
    let mut source = End { description: from, offset: Offset::read(call, input_offset)? };
    let mut sink = End { description: Arc::clone(&to), offset: Offset::read(call, output_offset)? };
    let length = length.min(MAX_COUNT);
    check_overlap(&source, &sink, length)?;
    let outcome = copy(call, &mut source, &mut sink, length);
    if outcome.is_ok() {
        source.offset.store(call, input_offset)?;
        sink.offset.store(call, output_offset)?;
    }
    written(call, &to, outcome, false)
}

/// One side of a copy.
struct End {
    description: Arc<Description>,
    offset: Offset,
}

impl End {
    /// Take `count` bytes back that were read but not passed on.
    fn rewind(&mut self, count: usize) {
        match &mut self.offset.0 {
            Some(position) => *position = position.saturating_sub(count as u64),
            None => {
                let mut offset = self.description.offset().lock();
                *offset = offset.saturating_sub(count as u64);
            }
        }
    }

    fn start(&self) -> u64 {
        self.offset.0.unwrap_or_else(|| *self.description.offset().lock())
    }
}

/// Within one file the two ranges must not overlap.
fn check_overlap(from: &End, to: &End, length: usize) -> Result<()> {
    let (one, other) = (from.description.file().attributes()?, to.description.file().attributes()?);
    let same = (one.device, one.inode) == (other.device, other.inode);
    if same && from.start().abs_diff(to.start()) < length as u64 { Err(Errno::EINVAL) } else { Ok(()) }
}

/// Copy `count` bytes, or as many as there are.
fn copy<H: LinuxHost>(
    call: &Call<'_, H>,
    from: &mut End,
    to: &mut End,
    count: usize,
) -> litebox_libos::Result<usize> {
    let (caller, limit) = (call.caller(), call.file_size_limit());
    let mut buffer: Vec<u8> = buffer::zeroed(count.min(CHUNK))?;
    let mut copied = 0;
    while copied < count {
        let wanted = (count - copied).min(CHUNK);
        let mut room = buffer.get_mut(..wanted).unwrap_or_default();
        let got = match transfer::read(&caller, &from.description, from.offset.position(), &mut room) {
            Ok(0) => break,
            Ok(got) => got,
            Err(_) if copied > 0 => break,
            Err(error) => return Err(error),
        };
        from.offset.advance(got);
        let mut bytes = buffer.get(..got).unwrap_or_default();
        let outcome =
            transfer::write_below(&caller, &to.description, to.offset.position(), &mut bytes, limit);
        let put = outcome.unwrap_or(0);
        to.offset.advance(put);
        copied += put;
        if put < got {
            from.rewind(got - put);
            match outcome {
                Err(error) if copied == 0 => return Err(error),
                _ => break,
            }
        }
    }
    Ok(copied)
}
