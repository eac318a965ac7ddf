//! Exported symbols, found through their hash tables (`elf(5)`; the GNU table as binutils writes it).

use core::ops::Range;

use elf::abi;

use super::elf::Image;
use super::relocation::{dynamic_value, long};
use crate::error::{Result, TeeError};

/// Bytes of a symbol.
const SYMBOL: usize = 24;
/// The most symbols that are looked at.
const MAX_SYMBOLS: usize = 65536;
/// Bytes that an application's `__elf_phdr_info` has.
const INFORMATION: usize = 16;

/// The address of the object `name`, before the image is moved, if the application exports it: memory that it may write.
pub(super) fn find_symbol(image: &Image, dynamic: Range<usize>, name: &[u8]) -> Result<Option<usize>> {
    let value = |tag| dynamic_value(image, dynamic.clone(), tag);
    let Some((symbols, strings)) = value(abi::DT_SYMTAB).zip(value(abi::DT_STRTAB)) else { return Ok(None) };
    let count = match (value(abi::DT_HASH), value(abi::DT_GNU_HASH)) {
        (Some(table), _) => image.at(table).and_then(|table| word(table, 4)).map(|count| count as usize),
        (None, Some(table)) => image.at(table).and_then(gnu_count),
        (None, None) => Some(0),
    };
    let count = count.filter(|count| *count <= MAX_SYMBOLS).ok_or(TeeError::BAD_FORMAT)?;
    let Some((symbols, strings)) = image.at(symbols).zip(image.at(strings)) else { return Ok(None) };
    for symbol in symbols.chunks_exact(SYMBOL).take(count) {
        let Some(address) = matching(symbol, strings, name) else { continue };
        let address = usize::try_from(address).map_err(|_| TeeError::BAD_FORMAT)?;
        return if image.is_writable(address, INFORMATION) {
            Ok(Some(address))
        } else {
            Err(TeeError::BAD_FORMAT)
        };
    }
    Ok(None)
}

/// The value of `symbol` if it is defined and called `name`.
fn matching(symbol: &[u8], strings: &[u8], name: &[u8]) -> Option<u64> {
    let text = strings.get(word(symbol, 0)? as usize..)?;
    let is_named = text.starts_with(name) && text.get(name.len()) == Some(&0);
    let section = u16::from_le_bytes(symbol.get(6..8)?.try_into().ok()?);
    (is_named && section != abi::SHN_UNDEF).then(|| long(symbol, 8)).flatten()
}

/// How many symbols a GNU hash table speaks of: one more than the last of the last chain.
fn gnu_count(table: &[u8]) -> Option<usize> {
    let [buckets, first, bloom] = [0, 4, 8].map(|at| word(table, at).map(|value| value as usize));
    let (buckets, first, bloom) = (buckets?, first?, bloom?);
    let start = bloom.checked_mul(8)?.checked_add(16)?;
    let chains = buckets.checked_mul(4)?.checked_add(start)?;
    let heads = table.get(start..chains)?.chunks_exact(4);
    let last = heads.filter_map(|head| word(head, 0)).max()? as usize;
    if last < first {
        return Some(first);
    }
    let mut index = last;
    // The lowest bit of a hash says that its chain ends.
    while word(table, chains.checked_add((index - first).checked_mul(4)?)?)? & 1 == 0 {
        index += 1;
    }
    Some(index + 1)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}
