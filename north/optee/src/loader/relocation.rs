//! The dynamic section, and what it says is to be moved (`elf(5)`; System V psABI for x86-64, section 4.4).

use alloc::vec::Vec;
use core::ops::Range;

use elf::abi;

use super::elf::Image;
use crate::error::{Result, TeeError};

/// Bytes of an entry of the dynamic section.
const DYNAMIC_ENTRY: usize = 16;
/// Bytes of a relocation with an addend.
const RELOCATION: usize = 24;

/// A word that becomes the image's place plus a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Relocation {
    /// The word, before the image is moved.
    pub(super) address: usize,
    /// The number.
    pub(super) addend: u64,
}

/// A little-endian number of eight bytes.
pub(super) fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}

/// The value of `tag` in the dynamic section.
pub(super) fn dynamic_value(image: &Image, dynamic: Range<usize>, tag: i64) -> Option<usize> {
    let entries = image.bytes.get(dynamic)?.chunks_exact(DYNAMIC_ENTRY);
    let mut entries = entries.map_while(|entry| Some((long(entry, 0)?.cast_signed(), long(entry, 8)?)));
    let (_, value) =
        entries.by_ref().take_while(|(found, _)| *found != abi::DT_NULL).find(|(found, _)| *found == tag)?;
    usize::try_from(value).ok()
}

/// The image's relocations, all of the one kind that a program without libraries has.
pub(super) fn relocations(image: &Image, dynamic: Range<usize>) -> Result<Vec<Relocation>> {
    let value = |tag| dynamic_value(image, dynamic.clone(), tag);
    let others = [abi::DT_NEEDED, abi::DT_REL, abi::DT_JMPREL, abi::DT_TEXTREL, DT_RELR];
    if others.into_iter().any(|tag| value(tag).is_some_and(|value| tag == abi::DT_NEEDED || value != 0)) {
        return Err(TeeError::NOT_SUPPORTED);
    }
    let size = value(abi::DT_RELASZ).unwrap_or_default();
    if size == 0 {
        return Ok(Vec::new());
    }
    if value(abi::DT_RELAENT) != Some(RELOCATION) || !size.is_multiple_of(RELOCATION) {
        return Err(TeeError::BAD_FORMAT);
    }
    let start = value(abi::DT_RELA).ok_or(TeeError::BAD_FORMAT)?;
    let bytes = image.at(start).and_then(|bytes| bytes.get(..size)).ok_or(TeeError::BAD_FORMAT)?;
    let mut relocations = Vec::new();
    relocations.try_reserve_exact(size / RELOCATION).map_err(|_| TeeError::OUT_OF_MEMORY)?;
    for entry in bytes.chunks_exact(RELOCATION) {
        relocations.extend(relocation(image, entry)?);
    }
    Ok(relocations)
}

/// Relative relocations packed into bits, which linkers only write when asked to.
const DT_RELR: i64 = 36;

fn relocation(image: &Image, entry: &[u8]) -> Result<Option<Relocation>> {
    let words = long(entry, 0).zip(long(entry, 8)).zip(long(entry, 16));
    let ((address, information), addend) = words.ok_or(TeeError::BAD_FORMAT)?;
    match information {
        0 => return Ok(None),
        kind if kind == u64::from(abi::R_X86_64_RELATIVE) => {}
        _ => return Err(TeeError::NOT_SUPPORTED),
    }
    let address = usize::try_from(address).map_err(|_| TeeError::BAD_FORMAT)?;
    if image.is_writable(address, 8) {
        Ok(Some(Relocation { address, addend }))
    } else {
        Err(TeeError::BAD_FORMAT)
    }
}
