//! The common entry and exit.
//!
//! On entry from a rewritten site, rcx is the guest's next instruction and every other register is the guest's;
//! the flags are live. A handler that redirects a context has filled the frame's general registers itself. From
//! then on both are the same: save xmm0-15, call up, look for kicks, restore, jump. The library OS is SSE2 code
//! without floating point, so the upper halves of vector registers, x87 and MXCSR never change behind the guest.
//!
//! The exit, from its look at the kick flag to its jump, is a restartable range: it changes nothing in the frame,
//! so a kick inside it moves the instruction pointer back to the look (`handler`).
#![expect(unsafe_code, reason = "entry and exit are assembly")]

use core::arch::global_asm;
use core::mem::offset_of;
use core::ops::Range;

use litebox_host::regs::Registers;

use super::block;

/// xmm0 to xmm15.
pub(crate) type Vectors = [[u8; 16]; 16];

/// The guest's registers at the start of the library OS's stack.
#[repr(C, align(16))]
pub(crate) struct Frame {
    /// xmm0 to xmm15.
    pub(crate) vectors: Vectors,
    /// The general registers.
    pub(crate) registers: Registers,
}

const VECTORS: usize = size_of::<Vectors>();

const _: () = assert!(offset_of!(Frame, registers) == VECTORS);
const _: () = assert!(size_of::<Frame>() == VECTORS + 18 * 8);
const _: () = assert!(offset_of!(Registers, rsp) == 7 * 8 && offset_of!(Registers, rip) == 16 * 8);

/// AC and TF: with either set, the library OS's own code would trap.
const UNSAFE_FLAGS: u32 = 1 << 18 | 1 << 8;

global_asm!(
    ".pushsection .text.litebox_entry, \"ax\", @progbits",
    // From a rewritten site: rcx is the return address.
    ".balign 64",
    ".globl litebox_entry",
    "litebox_entry:",
    "mov gs:[{user_stack}], rsp",
    "mov rsp, gs:[{stack_top}]",
    "pushfq",
    "cld",
    "test dword ptr [rsp], {unsafe_flags}",
    "jz 1f",
    "push 2",
    "popfq",
    "1: push rcx",
    "push r15",
    "push r14",
    "push r13",
    "push r12",
    "mov r11, [rsp + 40]",
    "push r11",
    "push r10",
    "push r9",
    "push r8",
    "push qword ptr gs:[{user_stack}]",
    "push rbp",
    "push rdi",
    "push rsi",
    "push rdx",
    "push rcx",
    "push rbx",
    "push rax",
    // From a redirected system call: the general registers are in the frame, rsp at them.
    ".globl litebox_entry_syscall",
    "litebox_entry_syscall:",
    "mov rdi, rsp",
    "call 8f",
    "call gs:[{on_syscall}]",
    "test eax, eax",
    "jnz 9f",
    // The restartable exit. rsp is the frame's base.
    ".globl litebox_exit",
    "litebox_exit:",
    "cmp dword ptr gs:[{kicked}], 0",
    "jne 7f",
    "movaps xmm0, [rsp]",
    "movaps xmm1, [rsp + 16]",
    "movaps xmm2, [rsp + 32]",
    "movaps xmm3, [rsp + 48]",
    "movaps xmm4, [rsp + 64]",
    "movaps xmm5, [rsp + 80]",
    "movaps xmm6, [rsp + 96]",
    "movaps xmm7, [rsp + 112]",
    "movaps xmm8, [rsp + 128]",
    "movaps xmm9, [rsp + 144]",
    "movaps xmm10, [rsp + 160]",
    "movaps xmm11, [rsp + 176]",
    "movaps xmm12, [rsp + 192]",
    "movaps xmm13, [rsp + 208]",
    "movaps xmm14, [rsp + 224]",
    "movaps xmm15, [rsp + 240]",
    "add rsp, {vectors}",
    "pop rax",
    "pop rbx",
    "pop rcx",
    "pop rdx",
    "pop rsi",
    "pop rdi",
    "pop rbp",
    "pop qword ptr gs:[{user_stack}]",
    "pop r8",
    "pop r9",
    "pop r10",
    "pop r11",
    "pop r12",
    "pop r13",
    "pop r14",
    "pop r15",
    "pop qword ptr gs:[{resume}]",
    "popfq",
    "mov rsp, gs:[{user_stack}]",
    "jmp qword ptr gs:[{resume}]",
    ".globl litebox_exit_end",
    "litebox_exit_end:",
    // A kick or a fault, redirected: as for a system call.
    ".globl litebox_entry_event",
    "litebox_entry_event:",
    "mov rdi, rsp",
    "call 8f",
    "6: call gs:[{on_event}]",
    "test eax, eax",
    "jz litebox_exit",
    "9: ud2",
    // A kick was seen before the exit: the frame is complete.
    "7: lea rdi, [rsp + {vectors}]",
    "jmp 6b",
    // Save the vectors below the return address's slot, which they swallow.
    "8: pop rax",
    "sub rsp, {vectors}",
    "movaps [rsp], xmm0",
    "movaps [rsp + 16], xmm1",
    "movaps [rsp + 32], xmm2",
    "movaps [rsp + 48], xmm3",
    "movaps [rsp + 64], xmm4",
    "movaps [rsp + 80], xmm5",
    "movaps [rsp + 96], xmm6",
    "movaps [rsp + 112], xmm7",
    "movaps [rsp + 128], xmm8",
    "movaps [rsp + 144], xmm9",
    "movaps [rsp + 160], xmm10",
    "movaps [rsp + 176], xmm11",
    "movaps [rsp + 192], xmm12",
    "movaps [rsp + 208], xmm13",
    "movaps [rsp + 224], xmm14",
    "movaps [rsp + 240], xmm15",
    "jmp rax",
    ".popsection",
    user_stack = const block::USER_STACK,
    stack_top = const block::STACK_TOP,
    resume = const block::RESUME,
    kicked = const block::KICKED,
    on_syscall = const block::ON_SYSCALL,
    on_event = const block::ON_EVENT,
    vectors = const VECTORS,
    unsafe_flags = const UNSAFE_FLAGS,
);

unsafe extern "C" {
    static litebox_entry: u8;
    static litebox_entry_syscall: u8;
    static litebox_entry_event: u8;
    static litebox_exit: u8;
    static litebox_exit_end: u8;
}

/// The entry for rewritten sites.
pub(crate) fn entry() -> usize {
    (&raw const litebox_entry).addr()
}

/// The part of the entry that a guest's trap flag reaches: up to where the flags have been saved and cleared.
pub(crate) fn first_steps() -> Range<usize> {
    entry()..entry_syscall()
}

/// The entry for a redirected system call.
pub(crate) fn entry_syscall() -> usize {
    (&raw const litebox_entry_syscall).addr()
}

/// The entry for a redirected kick or fault.
pub(crate) fn entry_event() -> usize {
    (&raw const litebox_entry_event).addr()
}

/// The restartable exit.
pub(crate) fn exit() -> Range<usize> {
    (&raw const litebox_exit).addr()..(&raw const litebox_exit_end).addr()
}
