//! The machine code of the guest's functions.

use super::functions::{First, Function};
use super::layout::{Page, narrow};

/// The clocks that the kernel's vDSO serves without a system call, one bit each: `CLOCK_REALTIME`, `_MONOTONIC`,
/// `_MONOTONIC_RAW`, `_REALTIME_COARSE`, `_MONOTONIC_COARSE`, `_BOOTTIME` and `_TAI` (`clock_gettime(2)`).
const CLOCKS: u32 = 1 << 0 | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << HIGHEST_CLOCK;
const HIGHEST_CLOCK: u8 = 11;

/// Lengths of the parts, in bytes, for the distances of the jumps.
const CHECK: usize = 15;
const JUMP: usize = 14;

/// Append `function`, which jumps to the address in the word at `word`. Where that is 0, and for a clock that the
/// function there would make a system call for, it makes the call itself: from here the call site is the guest's
/// own, which the rewriter can patch. No part touches the stack or a register that a call keeps.
pub(super) const fn put(page: &mut Page, function: &Function, word: usize) -> usize {
    let start = page.align(16);
    if matches!(function.first, First::Clock) {
        let check = page.at;
        // cmp edi, HIGHEST_CLOCK
        page.put(&[0x83, 0xff, HIGHEST_CLOCK]);
        // ja call
        page.put(&[0x77, (CHECK - 5 + JUMP) as u8]);
        // mov eax, CLOCKS
        page.put(&[0xb8]);
        page.put_u32(CLOCKS);
        // bt eax, edi
        page.put(&[0x0f, 0xa3, 0xf8]);
        // jnc call
        page.put(&[0x73, JUMP as u8]);
        assert!(page.at - check == CHECK);
    }
    let jump = page.at;
    // mov rax, [rip + distance]
    page.put(&[0x48, 0x8b, 0x05]);
    page.put_u32(narrow(word - (page.at + 4)));
    // test rax, rax
    page.put(&[0x48, 0x85, 0xc0]);
    // jz call
    page.put(&[0x74, 2]);
    // jmp rax
    page.put(&[0xff, 0xe0]);
    assert!(page.at - jump == JUMP);
    // call: mov eax, number
    page.put(&[0xb8]);
    page.put_u32(function.number);
    // syscall; ret
    page.put(&[0x0f, 0x05, 0xc3]);
    start
}
