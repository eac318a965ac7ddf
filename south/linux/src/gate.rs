//! The gate: the one page from which the filter lets host calls through.
//!
//! A hostile guest can jump here with any registers. So the gate proves nothing about the caller; it only decides
//! that the host, and not the library OS, serves the call. What the host accepts is bounded by the rows of
//! [`crate::calls`] alone.
#![expect(unsafe_code, reason = "host calls leave by an instruction")]

use core::arch::{asm, global_asm};

use litebox_host::sync::Ordering;

use crate::enter::{block, dispatch};
use crate::error::{HostErrno, Result, decode};
use crate::layout::GATE;

// Three stubs. The interruptible one looks at the thread's kick flag first: a kick that lands between the look
// and the `syscall` moves the instruction pointer to the stub's refusal (see `enter::handler`), so that no kick
// is lost before a host call that may sleep.
global_asm!(
    ".pushsection .rodata.gate, \"a\", @progbits",
    ".balign 16",
    ".globl litebox_gate_start, litebox_gate_end",
    "litebox_gate_start:",
    "syscall",
    "ret",
    ".balign 16",
    "litebox_gate_return:",
    "mov eax, 15",
    "syscall",
    ".balign 16",
    "litebox_gate_interruptible:",
    "cmp dword ptr gs:[{kicked}], 0",
    "jne 1f",
    "syscall",
    "litebox_gate_called:",
    "ret",
    "1: mov rax, -4",
    "ret",
    "litebox_gate_end:",
    ".popsection",
    kicked = const block::KICKED,
);

unsafe extern "C" {
    static litebox_gate_start: u8;
    static litebox_gate_return: u8;
    static litebox_gate_interruptible: u8;
    static litebox_gate_called: u8;
    static litebox_gate_end: u8;
}

/// Where the stub at `symbol` lies in the mapped gate.
fn placed(symbol: *const u8) -> usize {
    GATE + (symbol.addr() - (&raw const litebox_gate_start).addr())
}

/// The code of the gate, to be copied to its page.
pub(crate) fn code() -> &'static [u8] {
    let start = &raw const litebox_gate_start;
    let length = (&raw const litebox_gate_end).addr() - start.addr();
    // SAFETY: the two symbols bound the assembled stubs above, which are constant bytes of this image.
    unsafe { core::slice::from_raw_parts(start, length) }
}

/// Address of the `rt_sigreturn` stub: the restorer of every handler.
pub(crate) fn restorer() -> usize {
    placed(&raw const litebox_gate_return)
}

/// If `rip` lies in the interruptible stub before its call was made, where a kick moves it: the refusal.
pub(crate) fn refusal(rip: usize) -> Option<usize> {
    let start = placed(&raw const litebox_gate_interruptible);
    let called = placed(&raw const litebox_gate_called);
    // The refusal is the instruction after the one-byte `ret` that follows the call.
    (start..called).contains(&rip).then_some(called + 1)
}

/// Arguments of a host call, padded with zeros.
pub(crate) fn pad<const N: usize>(arguments: [usize; N]) -> [usize; 6] {
    let mut padded = [0; 6];
    for (to, from) in padded.iter_mut().zip(arguments) {
        *to = from;
    }
    padded
}

/// Make host call `number` through the gate's plain stub.
///
/// # Safety
/// As the host's call itself: what it does to this process's memory, descriptors and threads must be allowed.
#[inline]
pub(crate) unsafe fn call(number: u32, arguments: [usize; 6]) -> Result<usize> {
    // SAFETY: the gate's plain stub is one of its two, and the caller answers for what the call does.
    unsafe { through(GATE, number, arguments) }
}

/// As [`call`], but answers `EINTR` at once if the thread has been kicked, and whenever it is. That answer serves the
/// kick: whoever gets it looks at what the thread was kicked for, which was there before the kick. Were the mark left,
/// a kick for something done meanwhile would keep the thread out of every such call.
///
/// # Safety
/// As [`call`].
pub(crate) unsafe fn call_interruptible(number: u32, arguments: [usize; 6]) -> Result<usize> {
    // SAFETY: this is the gate's other stub, and the caller answers for what the call does.
    let outcome = unsafe { through(placed(&raw const litebox_gate_interruptible), number, arguments) };
    if outcome == Err(HostErrno::EINTR) {
        dispatch::current().kicked.store(0, Ordering::Relaxed);
    }
    outcome
}

/// # Safety
/// As [`call`]; `stub` is one of the gate's two calling stubs.
#[inline]
unsafe fn through(stub: usize, number: u32, arguments: [usize; 6]) -> Result<usize> {
    let [a, b, c, d, e, f] = arguments;
    let raw: usize;
    // SAFETY: the stub executes `syscall` and returns. The kernel keeps every register but rax, rcx and r11; what
    // the call does is the caller's promise.
    unsafe {
        asm!(
            "call r11",
            inlateout("rax") number as usize => raw,
            in("rdi") a,
            in("rsi") b,
            in("rdx") c,
            in("r10") d,
            in("r8") e,
            in("r9") f,
            inlateout("r11") stub => _,
            lateout("rcx") _,
        );
    }
    decode(raw)
}
