//! Finding functions in the kernel's vDSO (`vdso(7)`), an ELF image that the kernel mapped.
#![expect(unsafe_code, reason = "the kernel's image is read in place")]

use crate::error::Result;
use crate::layout::VDSO;
use crate::setup::direct;
use crate::time::Vdso;

/// Offsets in an ELF64 header, a program header, a dynamic entry and a symbol (`elf(5)`).
const PROGRAM_HEADERS: usize = 32;
const PROGRAM_HEADER_COUNT: usize = 56;
const PROGRAM_HEADER_SIZE: usize = 56;
const SYMBOL_SIZE: usize = 24;
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const HASH: usize = 4;
const STRINGS: usize = 5;
const SYMBOLS: usize = 6;

/// Longest list of this process's mappings: an image, a stack and the kernel's pages are a dozen lines.
const LIST: usize = 8192;

/// Move the kernel's vDSO and its data pages to [`VDSO`], together as they lie, out of the way of everything else.
/// Answers where the vDSO then is; `None` if there is none, or no list of mappings to find it in.
pub(crate) fn settle() -> Result<Option<usize>> {
    let mut list = [0_u8; LIST];
    let Ok(length) = read_list(&mut list) else { return Ok(None) };
    let lines = || list[..length].split(|byte| *byte == b'\n').filter_map(special);
    let Some(base) = lines().map(|(start, ..)| start).min() else { return Ok(None) };
    let mut code = None;
    for (start, end, is_code) in lines() {
        move_pages(start, end - start, VDSO + (start - base))?;
        if is_code {
            code = Some(VDSO + (start - base));
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

/// Read a `T` of the vDSO.
///
/// # Safety
/// A `T` lies at `address` in the mapped vDSO.
unsafe fn get<T: Copy>(address: usize) -> T {
    // SAFETY: the caller's promise.
    unsafe { core::ptr::with_exposed_provenance::<T>(address).read_unaligned() }
}

/// The vDSO at `base`, with the functions that are used.
///
/// # Safety
/// The kernel's vDSO is mapped at `base`.
pub(crate) unsafe fn find(base: usize) -> Vdso {
    let (mut end, mut dynamic) = (base, 0);
    // SAFETY (all reads here): the kernel's image is well formed, and its headers say where its parts are.
    let headers = base + unsafe { get::<u64>(base + PROGRAM_HEADERS) } as usize;
    let count = unsafe { get::<u16>(base + PROGRAM_HEADER_COUNT) } as usize;
    for header in (0..count).map(|index| headers + index * PROGRAM_HEADER_SIZE) {
        let address = base + unsafe { get::<u64>(header + 16) } as usize;
        let length = unsafe { get::<u64>(header + 40) } as usize;
        match unsafe { get::<u32>(header) } {
            LOAD => end = end.max(address + length),
            DYNAMIC => dynamic = address,
            _ => {}
        }
    }
    let page_end = end.next_multiple_of(4096);
    let clock_gettime =
        if dynamic == 0 { 0 } else { unsafe { symbol(base, dynamic, c"__vdso_clock_gettime") } };
    Vdso { range: base..page_end, clock_gettime }
}

/// The address of a function, or 0.
///
/// # Safety
/// `dynamic` is the dynamic section of the vDSO mapped at `base`.
unsafe fn symbol(base: usize, dynamic: usize, name: &core::ffi::CStr) -> usize {
    let (mut hash, mut strings, mut symbols) = (0, 0, 0);
    let mut entry = dynamic;
    // SAFETY (all reads here): the section ends with a null entry, and its tables lie in the image.
    loop {
        let (tag, value) = unsafe { (get::<u64>(entry) as usize, get::<u64>(entry + 8) as usize) };
        match tag {
            0 => break,
            HASH => hash = base + value,
            STRINGS => strings = base + value,
            SYMBOLS => symbols = base + value,
            _ => {}
        }
        entry += 16;
    }
    if hash == 0 || strings == 0 || symbols == 0 {
        return 0;
    }
    // The second word of a SysV hash table is the count of symbols.
    let count = unsafe { get::<u32>(hash + 4) } as usize;
    for symbol in (0..count).map(|index| symbols + index * SYMBOL_SIZE) {
        let text: *const core::ffi::c_char =
            core::ptr::with_exposed_provenance(strings + unsafe { get::<u32>(symbol) } as usize);
        if unsafe { core::ffi::CStr::from_ptr(text) } == name {
            return base + unsafe { get::<u64>(symbol + 8) } as usize;
        }
    }
    0
}
