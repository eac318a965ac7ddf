//! The entries from guest code, and from kernel code that faults or waits for an interrupt; and the way back.
//!
//! Every entry leaves on the kernel stack, from the top: what the processor pushes, an error code, the vector, and the
//! general registers in the order of [`Registers`](litebox_host::regs::Registers). A system call pushes by hand what an
//! interrupt would have. The kernel is compiled without vector registers: the guest's stay where they are.
#![expect(unsafe_code, reason = "entries are assembly")]

use core::arch::global_asm;

use litebox_host::regs::Registers;

/// The vector that stands for a system call.
pub(crate) const SYSTEM_CALL: u64 = 256;
/// The timer's vector.
pub(crate) const TIMER: u64 = 32;

/// Selectors, with the numbers that Linux programs find.
pub(crate) const KERNEL_CODE: u16 = 0x08;
pub(crate) const KERNEL_DATA: u16 = 0x10;
pub(crate) const USER_DATA: u16 = 0x2b;
pub(crate) const USER_CODE: u16 = 0x33;

/// Offsets in the processor's block behind GS.
pub(crate) const STACK_TOP: usize = 8;
pub(crate) const USER_STACK: usize = 16;

/// Bytes from the registers to the top of the stack.
pub(crate) const ABOVE: usize = size_of::<Registers>() + 7 * 8;

const _: () = assert!(size_of::<Registers>() == 18 * 8);

global_asm!(
    ".pushsection .text.litebox_entry, \"ax\", @progbits",
    ".balign 16",
    ".globl litebox_vectors",
    "litebox_vectors:",
    ".set vector, 0",
    ".rept 256",
    ".balign 16",
    ".if (vector == 8) || ((vector >= 10) && (vector <= 14)) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)",
    ".else",
    "push 0",
    ".endif",
    "push vector",
    "jmp litebox_trap",
    ".set vector, vector + 1",
    ".endr",
    ".balign 16",
    ".globl litebox_system_call",
    "litebox_system_call:",
    "swapgs",
    "mov gs:[{user_stack}], rsp",
    "mov rsp, gs:[{stack_top}]",
    "push {user_data}",
    "push qword ptr gs:[{user_stack}]",
    "push r11",
    "push {user_code}",
    "push rcx",
    "push 0",
    "push {system_call}",
    "jmp 2f",
    "litebox_trap:",
    "test byte ptr [rsp + 24], 3",
    "jz 1f",
    "swapgs",
    "1: cld",
    "clac",
    "2: push qword ptr [rsp + 32]",
    "push qword ptr [rsp + 24]",
    "push r15",
    "push r14",
    "push r13",
    "push r12",
    "push r11",
    "push r10",
    "push r9",
    "push r8",
    "push qword ptr [rsp + 120]",
    "push rbp",
    "push rdi",
    "push rsi",
    "push rdx",
    "push rcx",
    "push rbx",
    "push rax",
    "mov rdi, rsp",
    "mov rsi, [rsp + 18 * 8]",
    "mov rdx, [rsp + 19 * 8]",
    "mov rcx, [rsp + 21 * 8]",
    "mov rbp, rsp",
    "and rsp, -16",
    "call {trap}",
    "mov rsp, rbp",
    // rsp is at the registers.
    "litebox_exit:",
    "mov rax, [rsp + 16 * 8]",
    "mov [rsp + 20 * 8], rax",
    "mov rax, [rsp + 17 * 8]",
    "mov [rsp + 22 * 8], rax",
    "mov rax, [rsp + 7 * 8]",
    "mov [rsp + 23 * 8], rax",
    "test byte ptr [rsp + 21 * 8], 3",
    "jz 3f",
    "swapgs",
    "3: pop rax",
    "pop rbx",
    "pop rcx",
    "pop rdx",
    "pop rsi",
    "pop rdi",
    "pop rbp",
    "add rsp, 8",
    "pop r8",
    "pop r9",
    "pop r10",
    "pop r11",
    "pop r12",
    "pop r13",
    "pop r14",
    "pop r15",
    "add rsp, 32",
    "iretq",
    // rdi = the registers of a thread that has not run yet: complete what the processor would have pushed.
    ".globl litebox_leave",
    "litebox_leave:",
    "mov rsp, rdi",
    "mov qword ptr [rsp + 21 * 8], {user_code}",
    "mov qword ptr [rsp + 24 * 8], {user_data}",
    "jmp litebox_exit",
    // rdi = where this thread's stack pointer is kept, rsi = that of the next.
    ".globl litebox_switch",
    "litebox_switch:",
    "push rbx",
    "push rbp",
    "push r12",
    "push r13",
    "push r14",
    "push r15",
    "mov [rdi], rsp",
    "mov rsp, rsi",
    "pop r15",
    "pop r14",
    "pop r13",
    "pop r12",
    "pop rbp",
    "pop rbx",
    "ret",
    ".popsection",
    stack_top = const STACK_TOP,
    user_stack = const USER_STACK,
    user_data = const USER_DATA,
    user_code = const USER_CODE,
    system_call = const SYSTEM_CALL,
    trap = sym super::dispatch::trap,
);

unsafe extern "C" {
    static litebox_vectors: u8;
    fn litebox_system_call();
    fn litebox_leave(registers: *mut Registers) -> !;
    fn litebox_switch(from: *mut u64, to: u64);
}

/// The entry for the interrupt or exception `vector`.
pub(crate) fn vector_entry(vector: u64) -> u64 {
    (&raw const litebox_vectors).addr() as u64 + 16 * vector
}

/// The entry for system calls.
pub(crate) fn system_call_entry() -> u64 {
    litebox_system_call as *const () as u64
}

/// Run guest code from `registers`, which lie [`ABOVE`] bytes below the top of the calling thread's stack.
///
/// # Safety
/// As said; nothing on the stack is used any more.
pub(crate) unsafe fn leave(registers: *mut Registers) -> ! {
    // SAFETY: the caller says that the registers are where the code reads them and that the stack above is free for it.
    unsafe { litebox_leave(registers) }
}

/// Go on with the stack at `to`, and keep the calling thread's in `from`.
///
/// # Safety
/// `to` was kept here, or is as a new thread's is made; everything else of the next thread is in the processor.
pub(crate) unsafe fn switch(from: *mut u64, to: u64) {
    // SAFETY: the caller says that `to` has the six registers and the address that the code takes from it.
    unsafe { litebox_switch(from, to) }
}
