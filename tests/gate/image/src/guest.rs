//! The guest's code: position-independent, copied to a guest page.
#![expect(unsafe_code, reason = "the code is assembled here")]

use core::arch::global_asm;

/// Where the code is copied to.
pub(crate) const CODE: usize = 0x40_0000;
/// A guest page for data.
pub(crate) const DATA: usize = 0x50_0000;

/// Calls that the shim knows.
pub(crate) const NEXT: u64 = 0x1000;
/// As [`NEXT`], from the end of a scene's second actor.
pub(crate) const DONE: u64 = 0x1001;

global_asm!(
    ".pushsection .rodata.guest, \"a\", @progbits",
    ".globl guest_start, guest_call, guest_spin, guest_store, guest_registers, guest_end",
    "guest_start:",
    "guest_call:",
    "1: mov eax, {next}",
    "syscall",
    "jmp 1b",
    "guest_spin:",
    "1: inc qword ptr [{data} + 8]",
    "jmp 1b",
    "guest_store:",
    "mov qword ptr [{data}], 42",
    "mov eax, {done}",
    "syscall",
    "ud2",
    // Every register live over the call numbered by r15: rdi counts the rounds, and rbx is 0 at the end if all
    // of them kept their values.
    "guest_registers:",
    "vzeroall",
    "mov eax, 1",
    "2: vmovd xmm0, eax",
    "vpbroadcastd ymm0, xmm0",
    "vpaddd ymm1, ymm0, ymm0",
    "vpaddd ymm7, ymm1, ymm0",
    "vpaddd ymm15, ymm7, ymm1",
    "mov r12, 0x1212121212121212",
    "mov r8, r12",
    "mov r10, r12",
    "mov rbp, r12",
    // AC, DF and carry are set.
    "pushfq",
    "or qword ptr [rsp], 0x40401",
    "popfq",
    "mov r14, rax",
    "mov rax, r15",
    "syscall",
    "pushfq",
    "pop rdx",
    "cld",
    "push rdx",
    "and qword ptr [rsp], ~0x40400",
    "popfq",
    "and edx, 0x40401",
    "xor edx, 0x40401",
    "or rbx, rdx",
    "cmp r8, r12",
    "jne 3f",
    "cmp r10, r12",
    "jne 3f",
    "cmp rbp, r12",
    "jne 3f",
    "vmovd xmm2, r14d",
    "vpbroadcastd ymm2, xmm2",
    "vpaddd ymm3, ymm2, ymm2",
    "vpaddd ymm4, ymm3, ymm2",
    "vpaddd ymm5, ymm4, ymm3",
    "vpxor ymm2, ymm2, ymm0",
    "vpxor ymm3, ymm3, ymm1",
    "vpxor ymm4, ymm4, ymm7",
    "vpxor ymm5, ymm5, ymm15",
    "vpor ymm2, ymm2, ymm3",
    "vpor ymm4, ymm4, ymm5",
    "vpor ymm2, ymm2, ymm4",
    "vptest ymm2, ymm2",
    "jnz 3f",
    "lea eax, [r14 + 1]",
    "dec rdi",
    "jnz 2b",
    "jmp 4f",
    "3: or rbx, 0x10000000",
    "4: mov eax, {done}",
    "mov rdi, rbx",
    "syscall",
    "ud2",
    "guest_end:",
    ".popsection",
    next = const NEXT,
    done = const DONE,
    data = const DATA,
);

unsafe extern "C" {
    static guest_start: u8;
    static guest_call: u8;
    static guest_spin: u8;
    static guest_store: u8;
    static guest_registers: u8;
    static guest_end: u8;
}

/// The code's bytes.
pub(crate) fn code() -> &'static [u8] {
    let start = &raw const guest_start;
    let length = (&raw const guest_end).addr() - start.addr();
    // SAFETY: the two symbols bound the code assembled above.
    unsafe { core::slice::from_raw_parts(start, length) }
}

/// Where a piece of the code lies in the guest.
#[derive(Clone, Copy)]
pub(crate) enum Piece {
    /// Calls [`NEXT`] for ever.
    Call,
    /// Counts for ever.
    Spin,
    /// Stores 42 at [`DATA`] and calls [`DONE`].
    Store,
    /// Checks every register over calls.
    Registers,
}

/// The guest's address of `piece`.
pub(crate) fn address(piece: Piece) -> u64 {
    let symbol = match piece {
        Piece::Call => &raw const guest_call,
        Piece::Spin => &raw const guest_spin,
        Piece::Store => &raw const guest_store,
        Piece::Registers => &raw const guest_registers,
    };
    (CODE + symbol.addr() - (&raw const guest_start).addr()) as u64
}
