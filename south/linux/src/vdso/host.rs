//! Finding functions in the kernel's vDSO, an ELF image that the kernel mapped.
#![expect(unsafe_code, reason = "the kernel's image is read in place")]

use core::ffi::CStr;
use core::ops::Range;

use super::functions::{CLOCK_GETTIME, COUNT, FUNCTIONS};
use crate::error::Result;
use crate::layout::VDSO;
use crate::setup::direct;

/// The kernel's vDSO, as found at start-up.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostVdso {
    /// Its pages.
    range: Range<usize>,
    /// Addresses in the order of [`FUNCTIONS`]; 0 for a function that it lacks.
    addresses: [usize; COUNT],
}

impl HostVdso {
    /// Its pages.
    pub(crate) fn range(&self) -> &Range<usize> {
        &self.range
    }

    /// Address of `__vdso_clock_gettime`, or 0.
    pub(crate) fn clock_gettime(&self) -> usize {
        self.addresses[CLOCK_GETTIME]
    }

    /// Addresses in the order of [`FUNCTIONS`]; 0 for a function that it lacks.
    pub(super) fn addresses(&self) -> &[usize; COUNT] {
        &self.addresses
    }
}

/// Offsets in an ELF64 header, a program header, a dynamic entry and a symbol (`elf(5)`).
const PROGRAM_HEADERS: usize = 32;
const PROGRAM_HEADER_COUNT: usize = 56;
const PROGRAM_HEADER_SIZE: usize = 56;
const SEGMENT_ADDRESS: usize = 16;
const SYMBOL_SIZE: usize = 24;
const SYMBOL_VALUE: usize = 8;
const DYNAMIC: usize = 2;
const HASH: usize = 4;
const STRINGS: usize = 5;
const SYMBOLS: usize = 6;

/// Longest list of this process's mappings: an image, a stack and the kernel's pages are a dozen lines.
const LIST: usize = 8192;

/// Move the kernel's vDSO and its data pages to [`VDSO`], together as they lie, out of the way of everything else.
/// Answers where the vDSO then is; `None` if there is none, or no list of mappings to find it in.
pub(crate) fn settle() -> Result<Option<Range<usize>>> {
    let mut list = [0_u8; LIST];
    let Ok(length) = read_list(&mut list) else { return Ok(None) };
    let lines = || list[..length].split(|byte| *byte == b'\n').filter_map(special);
    let Some(base) = lines().map(|(start, ..)| start).min() else { return Ok(None) };
    let mut code = None;
    for (start, end, is_code) in lines() {
        move_pages(start, end - start, VDSO + (start - base))?;
        if is_code {
            code = Some(VDSO + (start - base)..VDSO + (end - base));
        }
    }
    Ok(code)
}

/// Read `/proc/self/maps`.
fn read_list(list: &mut [u8]) -> Result<usize> {
    const OPEN: usize = 2;
    const READ: usize = 0;
    const CLOSE: usize = 3;
    // SAFETY: the kernel reads the path.
    let file = unsafe { direct(OPEN, [c"/proc/self/maps".as_ptr().addr(), 0, 0, 0, 0, 0]) }?;
    let mut length = 0;
    while let Some(rest) = list.get_mut(length..).filter(|rest| !rest.is_empty()) {
        // SAFETY: the kernel writes at most `rest.len()` bytes to `rest`.
        match unsafe { direct(READ, [file, rest.as_mut_ptr().addr(), rest.len(), 0, 0, 0]) }? {
            0 => break,
            count => length += count,
        }
    }
    // SAFETY: the file is ours.
    unsafe { direct(CLOSE, [file, 0, 0, 0, 0, 0]) }?;
    Ok(length)
}

/// The range of a line of the list that is the vDSO's, and whether it is its code.
fn special(line: &[u8]) -> Option<(usize, usize, bool)> {
    let line = core::str::from_utf8(line).ok()?;
    let (range, rest) = line.split_once(' ')?;
    let is_code = rest.ends_with("[vdso]");
    if !is_code && !rest.contains("[vvar") {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    Some((usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?, is_code))
}

/// Move one mapping.
fn move_pages(from: usize, length: usize, to: usize) -> Result<()> {
    const MREMAP: usize = 25;
    const MAYMOVE_FIXED: usize = 3;
    // SAFETY: nothing of ours refers to the kernel's pages yet, and nothing lies at the target.
    unsafe { direct(MREMAP, [from, length, length, MAYMOVE_FIXED, to, 0]) }?;
    Ok(())
}

/// The vDSO with its functions.
///
/// # Safety
/// The kernel's vDSO is mapped at `range`, and stays.
pub(crate) unsafe fn find(range: Range<usize>) -> HostVdso {
    let start: *const u8 = core::ptr::with_exposed_provenance(range.start);
    // SAFETY: the caller's promise; nobody writes to the kernel's image.
    let image = unsafe { core::slice::from_raw_parts(start, range.len()) };
    let offsets = functions(image).unwrap_or_default();
    let addresses = offsets.map(|offset| offset.map_or(0, |offset| range.start.saturating_add(offset)));
    HostVdso { range, addresses }
}

/// A little-endian number of `N` bytes at `offset`.
fn number<const N: usize>(image: &[u8], offset: usize) -> Option<usize> {
    let bytes = image.get(offset..)?.first_chunk::<N>()?;
    usize::try_from(bytes.iter().rev().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))).ok()
}

/// Where the functions are in `image`, in the order of [`FUNCTIONS`]; `None` if it has no dynamic section.
pub(super) fn functions(image: &[u8]) -> Option<[Option<usize>; COUNT]> {
    let tables = Tables::find(image)?;
    let mut found = [None; COUNT];
    let table = image.get(tables.symbols..)?;
    for symbol in table.chunks_exact(SYMBOL_SIZE).take(tables.count) {
        let start = number::<4>(symbol, 0).and_then(|name| tables.strings.checked_add(name));
        let name = start.and_then(|start| CStr::from_bytes_until_nul(image.get(start..)?).ok());
        if let Some(index) = FUNCTIONS.iter().position(|function| Some(function.name) == name) {
            found[index] = number::<8>(symbol, SYMBOL_VALUE).filter(|value| *value < image.len());
        }
    }
    Some(found)
}

/// The tables of an image with one address for each offset, as the kernel's is.
struct Tables {
    strings: usize,
    symbols: usize,
    /// How many symbols there may be.
    count: usize,
}

impl Tables {
    fn find(image: &[u8]) -> Option<Self> {
        let headers = number::<8>(image, PROGRAM_HEADERS)?;
        let header = (0..number::<2>(image, PROGRAM_HEADER_COUNT)?)
            .map_while(|index| headers.checked_add(index * PROGRAM_HEADER_SIZE))
            .find(|header| number::<4>(image, *header) == Some(DYNAMIC))?;
        let dynamic = number::<8>(image, header.checked_add(SEGMENT_ADDRESS)?)?;
        let (mut hash, mut strings, mut symbols) = (None, None, None);
        for entry in (dynamic..image.len()).step_by(2 * size_of::<u64>()) {
            let value = number::<8>(image, entry + size_of::<u64>())?;
            match number::<8>(image, entry)? {
                0 => break,
                HASH => hash = Some(value),
                STRINGS => strings = Some(value),
                SYMBOLS => symbols = Some(value),
                _ => {}
            }
        }
        let (strings, symbols) = (strings?, symbols?);
        // The second word of a System V hash table counts the symbols. Without one they end where the strings start.
        let count = match hash {
            Some(hash) => number::<4>(image, hash.checked_add(4)?)?,
            None => strings.checked_sub(symbols)? / SYMBOL_SIZE,
        };
        Some(Self { strings, symbols, count })
    }
}
