//! What is done once, before the filter: none of these calls is a row, and after the filter none can be made.
#![expect(unsafe_code, reason = "set-up is host calls")]

use core::arch::asm;

use litebox_host::sync::AtomicU32;

use crate::calls::{self, HOST_CALLS, HostCall, without_kicks};
use crate::enter::handler;
use crate::error::{HostErrno, Result, decode};
use crate::filter::{Instruction, Program};
use crate::layout::{ARENA, ARENA_DESCRIPTOR, ARENA_SIZE, GATE, GATE_SIZE, LOADER};
use crate::{gate, segments};

/// Numbers of the calls that set-up makes (`<asm/unistd_64.h>`).
mod number {
    pub(super) const MMAP: usize = 9;
    pub(super) const MPROTECT: usize = 10;
    pub(super) const MUNMAP: usize = 11;
    pub(super) const RT_SIGACTION: usize = 13;
    pub(super) const MADVISE: usize = 28;
    pub(super) const GETPID: usize = 39;
    pub(super) const GETPGRP: usize = 111;
    pub(super) const FCNTL: usize = 72;
    pub(super) const FTRUNCATE: usize = 77;
    pub(super) const CLOSE: usize = 3;
    pub(super) const PRCTL: usize = 157;
    pub(super) const SETRLIMIT: usize = 160;
    pub(super) const SCHED_GETAFFINITY: usize = 204;
    pub(super) const DUP3: usize = 292;
    pub(super) const SECCOMP: usize = 317;
    pub(super) const MEMFD_CREATE: usize = 319;
    pub(super) const CLOSE_RANGE: usize = 436;
    pub(super) const LANDLOCK_CREATE_RULESET: usize = 444;
    pub(super) const LANDLOCK_RESTRICT_SELF: usize = 446;
    pub(super) const MSEAL: usize = 462;
}

/// A host call without the gate.
///
/// # Safety
/// As the host's call itself.
pub(crate) unsafe fn direct(number: usize, arguments: [usize; 6]) -> Result<usize> {
    let [a, b, c, d, e, f] = arguments;
    let raw: usize;
    // SAFETY: whoever makes the call answers for what it does; the instruction itself keeps the stack and every
    // register but those named.
    unsafe {
        asm!("syscall", inlateout("rax") number => raw, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d,
            in("r8") e, in("r9") f, lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    decode(raw)
}

/// The calling process's number.
pub(crate) fn process_number() -> u32 {
    // SAFETY: the call takes no argument and only answers a number.
    let number = unsafe { direct(number::GETPID, [0; 6]) };
    number.ok().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}

fn prctl(operation: usize, value: usize) -> Result<usize> {
    // SAFETY: the operations used here set attributes of this process.
    unsafe { direct(number::PRCTL, [operation, value, 0, 0, 0, 0]) }
}

/// The keeper's answer to its parent's death: end every process of the sandbox, itself included.
///
/// Members ask for a signal at the keeper's death too, but one that is being forked at that moment misses it; a
/// signal to the group reaches every process that exists.
#[unsafe(naked)]
extern "C" fn end_group() {
    core::arch::naked_asm!("xor edi, edi", "mov esi, 9", "mov eax, 62", "mov r11, {gate}", "call r11", "ud2",
        gate = const GATE)
}

/// End the sandbox when the parent dies. Right only in a process that leads its own group, which is checked.
pub(crate) fn end_with_parent() -> Result<()> {
    const PR_SET_PDEATHSIG: usize = 1;
    const SIGTERM: usize = 15;
    const SA_RESTORER: u64 = 0x0400_0000;
    const ESRCH: HostErrno = HostErrno(3);
    // SAFETY: the call takes no argument and only answers a number.
    if unsafe { direct(number::GETPGRP, [0; 6]) }? != process_number() as usize {
        return Err(ESRCH);
    }
    let action = Action {
        handler: end_group as *const () as usize,
        flags: SA_RESTORER,
        restorer: gate::restorer(),
        mask: 0,
    };
    // SAFETY: the kernel reads the action; the handler does not return.
    unsafe { direct(number::RT_SIGACTION, [SIGTERM, (&raw const action).addr(), 0, 8, 0, 0]) }?;
    prctl(PR_SET_PDEATHSIG, SIGTERM).map(|_| ())
}

/// Never gain privileges, leave no core file, keep no descriptor but the agreed ones, and nothing of what came before.
pub(crate) fn harden() -> Result<()> {
    const PR_SET_NO_NEW_PRIVS: usize = 38;
    const RLIMIT_CORE: usize = 4;
    prctl(PR_SET_NO_NEW_PRIVS, 1)?;
    let none = [0_u64; 2];
    // SAFETY: the kernel reads the limit from a local.
    unsafe { direct(number::SETRLIMIT, [RLIMIT_CORE, none.as_ptr().addr(), 0, 0, 0, 0]) }?;
    let first = crate::layout::CHANNEL as usize + 1;
    // SAFETY: nothing of ours uses descriptors above the channel yet.
    unsafe { direct(number::CLOSE_RANGE, [first, u32::MAX as usize, 0, 0, 0, 0]) }?;
    // SAFETY: the loader is done, and nothing else is mapped there.
    unsafe { direct(number::MUNMAP, [LOADER, litebox_host::memory::PAGE_SIZE, 0, 0, 0, 0]) }?;
    Ok(())
}

/// Have forks copy the page tables of the image. A mapping of a file that was never written is left out by the kernel's
/// fork, and the new process faults on each part of it again: fifteen faults a fork, which cost five times what copying
/// the tables does. So one byte of each segment is written, with what it is.
pub(crate) fn inherit_image() {
    const WRITE: usize = 2;
    for segment in segments::read_only() {
        let (start, length) = (segment.addresses.start, segment.addresses.len());
        // SAFETY: the segment is the image's own; it stays readable and executable, and is as it was afterwards.
        let opened =
            unsafe { direct(number::MPROTECT, [start, length, segment.protection | WRITE, 0, 0, 0]) };
        if opened.is_err() {
            // A host that forbids it has slower forks.
            continue;
        }
        let byte = core::ptr::with_exposed_provenance_mut::<u8>(start);
        // SAFETY: the byte is mapped and readable.
        let same = unsafe { byte.read_volatile() };
        // SAFETY: the byte is writable now, and nothing else runs in this process.
        unsafe { byte.write_volatile(same) };
        // SAFETY: as above; the protection is what it was.
        let _ = unsafe { direct(number::MPROTECT, [start, length, segment.protection, 0, 0, 0]) };
    }
}

/// Ask for the parent's death to be this process's: it is not inherited.
pub(crate) fn die_with_parent() -> Result<()> {
    // SAFETY: the operation sets an attribute of this process.
    unsafe { calls::prctl(1, 9) }.map(|_| ())
}

/// The processors that this process may use, one bit each; the first if the kernel does not say.
pub(crate) fn processors() -> u64 {
    let mut mask = [0_u64; 16];
    let address = mask.as_mut_ptr().addr();
    // SAFETY: the kernel writes at most the length given to a local.
    let known = unsafe { direct(number::SCHED_GETAFFINITY, [0, size_of_val(&mask), address, 0, 0, 0]) };
    if known.is_ok() && mask[0] != 0 { mask[0] } else { 1 }
}

/// Have the kernel clear `word` when the calling thread ends, as it does for threads that are cloned.
pub(crate) fn clear_at_end(word: Option<&'static AtomicU32>) -> Result<()> {
    let address = word.map_or(0, |word| core::ptr::from_ref(word).addr());
    // SAFETY: the word lies in the arena, which outlives the thread.
    unsafe { calls::set_tid_address(address) }.map(|_| ())
}

/// Make the arena's memory and map it; the descriptor stays, for mapping pages of it into guests.
pub(crate) fn map_arena() -> Result<()> {
    const MFD_CLOEXEC_ALLOW_SEALING: usize = 3;
    const F_ADD_SEALS: usize = 1033;
    /// Seal, shrink, grow.
    const SEALS: usize = 1 | 2 | 4;
    const READ_WRITE: usize = 3;
    /// `MAP_SHARED | MAP_NORESERVE | MAP_FIXED_NOREPLACE`.
    const SHARED: usize = 0x1 | 0x4000 | 0x10_0000;
    const MADV_DONTDUMP: usize = 16;
    let name = c"litebox-arena";
    // SAFETY: the kernel reads the name.
    let file = unsafe {
        direct(number::MEMFD_CREATE, [name.as_ptr().addr(), MFD_CLOEXEC_ALLOW_SEALING, 0, 0, 0, 0])
    }?;
    // SAFETY: the file is ours alone.
    unsafe { direct(number::FTRUNCATE, [file, ARENA_SIZE, 0, 0, 0, 0]) }?;
    // SAFETY: the seals bind a file that only this process has.
    unsafe { direct(number::FCNTL, [file, F_ADD_SEALS, SEALS, 0, 0, 0]) }?;
    // SAFETY: the range is reserved for the arena; the flag refuses to replace anything.
    unsafe { direct(number::MMAP, [ARENA, ARENA_SIZE, READ_WRITE, SHARED, file, 0]) }?;
    // SAFETY: advice on a mapping of ours.
    unsafe { direct(number::MADVISE, [ARENA, ARENA_SIZE, MADV_DONTDUMP, 0, 0, 0]) }?;
    keep_as(file, ARENA_DESCRIPTOR as usize)
}

/// Make memory of the arena that is used soon at once, in one call instead of a fault for each page.
pub(crate) fn populate((start, length): (usize, usize)) {
    /// `MADV_POPULATE_WRITE`, since Linux 5.14.
    const POPULATE: usize = 23;
    // It is faster with it, and the same without.
    // SAFETY: the arena is mapped there; no byte of it changes.
    let _ = unsafe { calls::madvise(start, length, POPULATE) };
}

/// Give `file` the descriptor `number`, which is free or `file`'s own.
fn keep_as(file: usize, number: usize) -> Result<()> {
    const O_CLOEXEC: usize = 0o200_0000;
    if file == number {
        return Ok(());
    }
    // SAFETY: nothing of ours uses the descriptor yet.
    unsafe { direct(number::DUP3, [file, number, O_CLOEXEC, 0, 0, 0]) }?;
    // SAFETY: the file has its other descriptor by now.
    unsafe { direct(number::CLOSE, [file, 0, 0, 0, 0, 0]) }?;
    Ok(())
}

/// Map the gate and seal it where the kernel can.
pub(crate) fn map_gate() -> Result<()> {
    const READ_WRITE: usize = 3;
    const READ_EXECUTE: usize = 5;
    /// `MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE`.
    const PRIVATE: usize = 0x2 | 0x20 | 0x10_0000;
    // SAFETY: the page is reserved for the gate.
    unsafe { direct(number::MMAP, [GATE, GATE_SIZE, READ_WRITE, PRIVATE, usize::MAX, 0]) }?;
    let code = gate::code();
    // SAFETY: the page was just mapped, is writable, and is longer than the code.
    unsafe {
        core::ptr::with_exposed_provenance_mut::<u8>(GATE)
            .copy_from_nonoverlapping(code.as_ptr(), code.len());
    }
    // SAFETY: the page is ours.
    unsafe { direct(number::MPROTECT, [GATE, GATE_SIZE, READ_EXECUTE, 0, 0, 0]) }?;
    // Kernels before 6.10 have no mseal; removing the gate then only ends the sandbox that does it.
    // SAFETY: the page is ours and stays as it is.
    let _ = unsafe { direct(number::MSEAL, [GATE, GATE_SIZE, 0, 0, 0, 0]) };
    Ok(())
}

/// `struct sigaction` of the kernel.
#[repr(C)]
struct Action {
    handler: usize,
    flags: u64,
    restorer: usize,
    mask: u64,
}

/// Unmap the stack that the kernel gave the image: a member has its own, and a fork would copy this one.
pub(crate) fn forget_stack() {
    /// The kernel places it within so much of the end of a process's addresses.
    const SPAN: usize = 17 << 30;
    const END: usize = 0x7fff_ffff_f000;
    // SAFETY: the calling thread runs on its region's stack, and nothing refers to the old one any more. The kernel's
    // other pages were moved elsewhere.
    let _ = unsafe { calls::munmap(END - SPAN, SPAN) };
}

/// Install the handlers. Every one of them runs with all other signals held off, but faults always get through.
pub(crate) fn install_handlers() -> Result<()> {
    /// `SA_SIGINFO | SA_ONSTACK | SA_RESTORER | SA_NODEFER`.
    const FLAGS: u64 = 0x4 | 0x0800_0000 | 0x0400_0000 | 0x4000_0000;
    const MASK_SIZE: usize = 8;
    const SIGPIPE: usize = 13;
    let faults = [4_u32, 5, 7, 8, 11].iter().fold(0_u64, |mask, signal| mask | 1 << (signal - 1));
    let action = Action {
        handler: handler::handle as *const () as usize,
        flags: FLAGS,
        restorer: gate::restorer(),
        mask: !faults,
    };
    for signal in handler::HANDLED {
        let action = (&raw const action).addr();
        // SAFETY: the kernel reads the action; the handler keeps to what its module says.
        unsafe { direct(number::RT_SIGACTION, [signal as usize, action, 0, MASK_SIZE, 0, 0]) }?;
    }
    // A stream's end is an error number, not the death of the sandbox.
    let ignore = Action { handler: 1, flags: 0, restorer: 0, mask: 0 };
    // SAFETY: the kernel reads the action from a local, and an ignored signal runs no code.
    unsafe { direct(number::RT_SIGACTION, [SIGPIPE, (&raw const ignore).addr(), 0, MASK_SIZE, 0, 0]) }?;
    Ok(())
}

/// `struct landlock_ruleset_attr`.
#[repr(C)]
struct Ruleset {
    file_system: u64,
    network: u64,
    scoped: u64,
}

/// Which part of Landlock the kernel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignalScope {
    /// Signals reach only this process and those it makes.
    Bounded,
    /// Nothing bounds signals.
    Unbounded,
}

/// Give up, through Landlock where the kernel has it, every file, every port and every process outside.
pub(crate) fn restrict() -> Result<SignalScope> {
    const VERSION: usize = 1;
    // SAFETY: with this flag and no rule set the call only answers a number.
    let version = match unsafe { direct(number::LANDLOCK_CREATE_RULESET, [0, 0, VERSION, 0, 0, 0]) } {
        Ok(version) => version,
        // The kernel has no Landlock, or it is switched off.
        Err(_) => return Ok(SignalScope::Unbounded),
    };
    let (ruleset, size) = ruleset(version);
    let attributes = (&raw const ruleset).addr();
    // SAFETY: the kernel reads the rule set.
    let file = unsafe { direct(number::LANDLOCK_CREATE_RULESET, [attributes, size, 0, 0, 0, 0]) }?;
    // SAFETY: restricts this process, which uses nothing of what it gives up.
    unsafe { direct(number::LANDLOCK_RESTRICT_SELF, [file, 0, 0, 0, 0, 0]) }?;
    // SAFETY: the descriptor is ours.
    unsafe { direct(number::CLOSE, [file, 0, 0, 0, 0, 0]) }?;
    Ok(if version >= 6 { SignalScope::Bounded } else { SignalScope::Unbounded })
}

/// Everything that a version of Landlock handles, and the length of its attributes (`landlock(7)`).
fn ruleset(version: usize) -> (Ruleset, usize) {
    let file_system = match version {
        0 | 1 => 0x1fff,
        2 => 0x3fff,
        3 | 4 => 0x7fff,
        _ => 0xffff,
    };
    match version {
        0..=3 => (Ruleset { file_system, network: 0, scoped: 0 }, 8),
        4 | 5 => (Ruleset { file_system, network: 3, scoped: 0 }, 16),
        _ => (Ruleset { file_system, network: 3, scoped: 3 }, 24),
    }
}

/// `struct sock_fprog`.
#[repr(C)]
struct FilterProgram {
    length: u16,
    instructions: *const Instruction,
}

/// Install the filter: from here on only the gate makes host calls, and only the rows'.
pub(crate) fn install_filter(scope: SignalScope) -> Result<()> {
    match scope {
        SignalScope::Bounded => admit(HOST_CALLS),
        SignalScope::Unbounded => admit(&without_kicks()),
    }
}

/// Install a filter that admits `calls` from the gate and nothing else.
pub(crate) fn admit(calls: &[HostCall]) -> Result<()> {
    const SECCOMP_SET_MODE_FILTER: usize = 1;
    let program = Program::new(calls, GATE, GATE_SIZE).map_err(|_| HostErrno(22))?;
    let instructions = program.instructions();
    let length = u16::try_from(instructions.len()).map_err(|_| HostErrno(22))?;
    let program = FilterProgram { length, instructions: instructions.as_ptr() };
    let address = (&raw const program).addr();
    // SAFETY: the kernel reads the program.
    unsafe { direct(number::SECCOMP, [SECCOMP_SET_MODE_FILTER, 0, address, 0, 0, 0]) }?;
    Ok(())
}
