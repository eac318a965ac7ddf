//! Copies from and to guest memory, which may fault. Guest pages are open to the kernel only here (SMAP).
//!
//! A page fault inside is resolved as the guest's would be; if it cannot be, execution continues at the recovery, so it
//! becomes a count of bytes not copied.
#![expect(unsafe_code, reason = "fallible copies are assembly")]

use core::arch::global_asm;

global_asm!(
    ".pushsection .text.litebox_copy, \"ax\", @progbits",
    // rdi = to, rsi = from, rdx = count; answers the count of bytes not copied.
    "litebox_copy:",
    "stac",
    "mov rcx, rdx",
    "shr rcx, 3",
    "litebox_copy_words:",
    "rep movsq",
    "mov ecx, edx",
    "and ecx, 7",
    "litebox_copy_bytes:",
    "rep movsb",
    "litebox_copy_end:",
    "clac",
    "mov rax, rcx",
    "ret",
    // After a fault among the words the rest is tried byte by byte, so that the count is exact.
    "litebox_copy_rest:",
    "and edx, 7",
    "lea rcx, [rdx + rcx * 8]",
    "jmp litebox_copy_bytes",
    // rdi = to, rsi = count; answers the count of bytes not cleared.
    "litebox_clear:",
    "stac",
    "mov rcx, rsi",
    "xor eax, eax",
    "litebox_clear_bytes:",
    "rep stosb",
    "litebox_clear_end:",
    "clac",
    "mov rax, rcx",
    "ret",
    // rdi = at; answers the word, or all ones in 64 bits.
    "litebox_load:",
    "stac",
    "mov eax, [rdi]",
    "clac",
    "ret",
    // rdi = at, esi = current, edx = new; answers the word found, or all ones in 64 bits.
    "litebox_exchange:",
    "stac",
    "mov eax, esi",
    "lock cmpxchg [rdi], edx",
    "clac",
    "mov eax, eax",
    "ret",
    "litebox_word_end:",
    "clac",
    "mov rax, -1",
    "ret",
    ".popsection",
);

unsafe extern "C" {
    static litebox_copy_words: u8;
    static litebox_copy_bytes: u8;
    static litebox_copy_end: u8;
    static litebox_copy_rest: u8;
    static litebox_clear_bytes: u8;
    static litebox_clear_end: u8;
    static litebox_word_end: u8;
    fn litebox_copy(to: usize, from: usize, count: usize) -> usize;
    fn litebox_clear(to: usize, count: usize) -> usize;
    fn litebox_load(at: usize) -> u64;
    fn litebox_exchange(at: usize, current: u32, new: u32) -> u64;
}

/// Where execution continues if the instruction at `rip` faults for good; `None` if it is not one that may.
pub(crate) fn recovery(rip: usize) -> Option<usize> {
    let words = litebox_load as *const () as usize;
    let ranges = [
        ((&raw const litebox_copy_words).addr(), &raw const litebox_copy_bytes, &raw const litebox_copy_rest),
        ((&raw const litebox_copy_bytes).addr(), &raw const litebox_copy_end, &raw const litebox_copy_end),
        ((&raw const litebox_clear_bytes).addr(), &raw const litebox_clear_end, &raw const litebox_clear_end),
        (words, &raw const litebox_word_end, &raw const litebox_word_end),
    ];
    ranges.iter().find(|(start, end, _)| (*start..end.addr()).contains(&rip)).map(|(_, _, to)| to.addr())
}

/// Copy; how many bytes could not be.
///
/// # Safety
/// One of the two ranges is ordinary memory of ours that is valid for the access; the other is guest memory.
pub(crate) unsafe fn copy(to: usize, from: usize, count: usize) -> usize {
    // SAFETY: the caller's promise; a fault on the guest's side is recovered.
    unsafe { litebox_copy(to, from, count) }
}

/// Clear guest memory; how many bytes could not be.
///
/// # Safety
/// The range is guest memory.
pub(crate) unsafe fn clear(to: usize, count: usize) -> usize {
    // SAFETY: the caller's promise; a fault is recovered.
    unsafe { litebox_clear(to, count) }
}

/// Load an aligned word of guest memory.
///
/// # Safety
/// The word is guest memory.
pub(crate) unsafe fn load(at: usize) -> Option<u32> {
    // SAFETY: the caller's promise; a fault is recovered.
    let answer = unsafe { litebox_load(at) };
    u32::try_from(answer).ok()
}

/// Compare and exchange an aligned word of guest memory.
///
/// # Safety
/// The word is guest memory.
pub(crate) unsafe fn exchange(at: usize, current: u32, new: u32) -> Option<u32> {
    // SAFETY: the caller's promise; a fault is recovered.
    let answer = unsafe { litebox_exchange(at, current, new) };
    u32::try_from(answer).ok()
}
