//! Copies from and to guest memory, which may fault.
//!
//! The functions are assembly with known instruction ranges. A fault inside a range continues at that range's
//! recovery, so it becomes a count of bytes not copied, in handlers as elsewhere.
#![expect(unsafe_code, reason = "fallible copies are assembly")]

use core::arch::global_asm;

global_asm!(
    ".pushsection .text.litebox_copy, \"ax\", @progbits",
    // rdi = to, rsi = from, rdx = count; answers the count of bytes not copied. Eight bytes at a time while that
    // is quicker than the start-up of a string move; after a fault the rest is tried byte by byte, so that the
    // count is exact.
    ".balign 16",
    "litebox_copy:",
    "mov rcx, rdx",
    "cmp rcx, 128",
    "ja 3f",
    "1: cmp rcx, 8",
    "jb 3f",
    "mov rax, [rsi]",
    "mov [rdi], rax",
    "add rsi, 8",
    "add rdi, 8",
    "sub rcx, 8",
    "jmp 1b",
    "litebox_copy_bytes:",
    "3: rep movsb",
    "litebox_copy_end:",
    "mov rax, rcx",
    "ret",
    // rdi = to, rsi = count; answers the count of bytes not cleared.
    "litebox_clear:",
    "mov rcx, rsi",
    "xor eax, eax",
    "rep stosb",
    "litebox_clear_end:",
    "mov rax, rcx",
    "ret",
    // rdi = at; answers the word, or all ones in 64 bits.
    "litebox_load:",
    "mov eax, [rdi]",
    "ret",
    // rdi = at, esi = current, edx = new; answers the word found, or all ones in 64 bits.
    "litebox_exchange:",
    "mov eax, esi",
    "lock cmpxchg [rdi], edx",
    "mov eax, eax",
    "ret",
    "litebox_word_end:",
    "mov rax, -1",
    "ret",
    ".popsection",
);

unsafe extern "C" {
    static litebox_copy_bytes: u8;
    static litebox_copy_end: u8;
    static litebox_clear_end: u8;
    static litebox_word_end: u8;
    fn litebox_copy(to: usize, from: usize, count: usize) -> usize;
    fn litebox_clear(to: usize, count: usize) -> usize;
    fn litebox_load(at: usize) -> u64;
    fn litebox_exchange(at: usize, current: u32, new: u32) -> u64;
}

/// Where execution continues if the instruction at `rip` faults; `None` if it is not one that may.
pub(crate) fn recovery(rip: usize) -> Option<usize> {
    let ranges = [
        (litebox_copy as *const () as usize, &raw const litebox_copy_bytes, &raw const litebox_copy_bytes),
        ((&raw const litebox_copy_bytes).addr(), &raw const litebox_copy_end, &raw const litebox_copy_end),
        (litebox_clear as *const () as usize, &raw const litebox_clear_end, &raw const litebox_clear_end),
        (litebox_load as *const () as usize, &raw const litebox_word_end, &raw const litebox_word_end),
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
pub(crate) fn load(at: usize) -> Option<u32> {
    // SAFETY: the load changes nothing, and a fault is recovered.
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
