//! Function starts and lengths from the unwinder's frame table (`.eh_frame_hdr`, LSB core generic, 10.6).

use crate::Error;
use crate::program::{Start, push};
use alloc::vec::Vec;
use elf::segment::ProgramHeader;

/// The encodings that every x86-64 linker writes: version 1, frame pointer pc-relative, count absolute, table
/// relative to the header, all in four bytes.
const HEADER: [u8; 4] = [1, 0x1b, 0x03, 0x3b];

/// Appends the functions of the table that `header` locates in `file`. A table in another encoding is passed over.
pub(crate) fn read(file: &[u8], header: &ProgramHeader, starts: &mut Vec<Start>) -> Result<(), Error> {
    let base = usize::try_from(header.p_offset).ok().and_then(|offset| file.get(offset..));
    let Some([v, p, c, t, _, _, _, _, count @ ..]) = base.and_then(|base| base.first_chunk::<12>()) else {
        return Ok(());
    };
    let (Some(base), Some(&count)) = (base, count.first_chunk()) else { return Ok(()) };
    if [*v, *p, *c, *t] != HEADER {
        return Ok(());
    }
    let entries = base.get(12..).unwrap_or_default();
    let count = usize::try_from(u32::from_le_bytes(count)).unwrap_or(0);
    for entry in entries.chunks_exact(8).take(count) {
        let (Some(function), Some(frame)) = (number(entry, 0), number(entry, 4)) else { break };
        let address = header.p_vaddr.wrapping_add_signed(function.into());
        let length = length(file, header, function, frame).unwrap_or(0);
        push(starts, Start { address, length })?;
    }
    Ok(())
}

/// The length of the function at `function`, from its frame description at `frame` (both relative to the header).
///
/// The description's own encoding stands in another record; instead of reading it, the usual one is assumed and the
/// start that it yields compared with the table's.
fn length(file: &[u8], header: &ProgramHeader, function: i32, frame: i32) -> Option<u64> {
    let at = usize::try_from(header.p_offset.checked_add_signed(frame.into())?).ok()?;
    let record = file.get(at..)?.first_chunk::<16>()?;
    let start = i64::from(frame).checked_add(8)?.checked_add(number(record, 8)?.into())?;
    let length = number(record, 12)?;
    if start == i64::from(function) { u64::try_from(length).ok() } else { None }
}

fn number(bytes: &[u8], at: usize) -> Option<i32> {
    bytes.get(at..)?.first_chunk().map(|bytes| i32::from_le_bytes(*bytes))
}
