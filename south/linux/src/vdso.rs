//! Finding functions in the kernel's vDSO (`vdso(7)`), an ELF image that the kernel mapped.
#![expect(unsafe_code, reason = "the kernel's image is read in place")]

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
    let clock_gettime = if dynamic == 0 { 0 } else { unsafe { symbol(base, dynamic, c"__vdso_clock_gettime") } };
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
