//! Noun *thread*: guest threads are host threads, and the guest's vector state is the processor's.
#![expect(unsafe_code, reason = "threads start by a host call and begin in assembly")]

use alloc::boxed::Box;
use core::arch::{asm, naked_asm};

use litebox_host::HostError;
use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::sync::{AtomicU32, Ordering};
use litebox_host::thread::{HostThread, Processors, Thread};

use crate::enter::block::{ShimCalls, ThreadBlock};
use crate::enter::dispatch;
use crate::enter::entry::{self, Frame, Vectors};
use crate::host::LinuxProcess;
use crate::layout::{GATE, KICK, REGION_STRIDE};
use crate::process::{self, HostProcess};
use crate::region::{BLOCK_SIZE, Region, map_private};
use crate::{arena, calls, error};

/// Every host signal, as the kernel's mask.
pub(crate) const ALL_SIGNALS: u64 = u64::MAX;
const SIG_SETMASK: usize = 2;
const MASK_SIZE: usize = 8;

/// The name that kicks need: the host's process and thread number.
pub(crate) fn host_thread(process: u32, thread: u32) -> HostThread {
    HostThread(u64::from(process) << 32 | u64::from(thread))
}

/// Give `block` its shim, and its frame the guest's first registers.
pub(crate) fn load<S: Shim>(
    block: &ThreadBlock,
    shim: Box<S>,
    registers: &Registers,
    thread_pointer: u64,
    vectors: Vectors,
) {
    let calls = dispatch::shim_calls::<S>();
    load_erased(block, Box::into_raw(shim).cast(), calls, registers, thread_pointer, vectors);
}

/// As [`load`], for a shim whose type only `calls` know.
pub(crate) fn load_erased(
    block: &ThreadBlock,
    shim: *mut (),
    calls: ShimCalls,
    registers: &Registers,
    thread_pointer: u64,
    vectors: Vectors,
) {
    block.shim.set(shim);
    block.calls.set(Some(calls));
    block.thread_pointer.set(thread_pointer);
    // SAFETY: the frame's place is on the stack of a thread that does not run yet.
    unsafe { block.frame().write(Frame { vectors, registers: registers.clone() }) };
}

/// Block or restore host signals; answers the mask before.
pub(crate) fn set_signal_mask(mask: u64) -> u64 {
    let mut old = 0_u64;
    // SAFETY: both pointers are to locals of the right size; the mask concerns this thread only.
    let outcome = unsafe {
        calls::rt_sigprocmask(SIG_SETMASK, (&raw const mask).addr(), (&raw mut old).addr(), MASK_SIZE)
    };
    debug_assert!(outcome.is_ok(), "the arguments are fixed");
    old
}

/// Make the calling thread, whose region's block is `block`, one that handlers and entries can find.
///
/// # Safety
/// The block is prepared and is the calling thread's own.
pub(crate) unsafe fn adopt(block: &ThreadBlock) {
    // SAFETY: the instruction sets a register that only entry, exit and handlers of ours use.
    unsafe { asm!("wrgsbase {}", in(reg) core::ptr::from_ref(block), options(nostack, preserves_flags)) };
    // SAFETY: the FS base is the guest's; nothing of ours uses it.
    unsafe { asm!("wrfsbase {}", in(reg) block.thread_pointer.get(), options(nostack, preserves_flags)) };
    let stack = Region { slot: block.slot.get() }.alternate_stack();
    // SAFETY: the alternate stack is part of this thread's own region.
    let outcome = unsafe { calls::sigaltstack((&raw const stack).addr(), 0) };
    debug_assert!(outcome.is_ok(), "the alternate stack is large enough");
}

/// Run guest code from the calling thread's frame; does not return.
pub(crate) extern "C" fn run_guest(block: &ThreadBlock) -> ! {
    // SAFETY: the stack below the frame is free, and the frame is what the exit expects.
    unsafe {
        asm!("mov rsp, {stack}", "jmp {exit}", stack = in(reg) block.frame(),
            exit = in(reg) entry::exit().start, options(noreturn));
    }
}

/// Where a cloned thread's first return from the gate lands, on its own stack.
#[unsafe(naked)]
extern "C" fn begin() {
    naked_asm!(
        "mov rdi, rsp",
        "and rdi, {mask}",
        "lea rdi, [rdi + {block}]",
        "and rsp, -16",
        "call {start}",
        "ud2",
        mask = const -(REGION_STRIDE as i64) as i32,
        block = const REGION_STRIDE - BLOCK_SIZE,
        start = sym start,
    )
}

extern "C" fn start(block: &ThreadBlock) -> ! {
    // SAFETY: this thread was cloned onto the block's region.
    unsafe { adopt(block) };
    set_signal_mask(0);
    match block.service.take() {
        Some(service) => service(block),
        None => run_guest(block),
    }
}

/// Where the kernel writes about a new thread. Both lie in the arena.
#[derive(Clone, Copy)]
struct Words<'a> {
    /// Its number, before either thread goes on.
    number: &'a AtomicU32,
    /// 0, when it has ended.
    cleared: &'a AtomicU32,
}

/// Clone the calling thread with `flags` onto the stack of `block`'s region, where it starts at [`begin`].
///
/// # Safety
/// The block is prepared and loaded, nobody uses its region, and `flags` are one of the rows' words.
unsafe fn clone_onto(block: &ThreadBlock, flags: u64, words: Words<'_>) -> error::Result<usize> {
    let stack = block.frame().addr() - 16;
    // SAFETY: the place is below the frame, on the new thread's own stack.
    unsafe {
        core::ptr::with_exposed_provenance_mut::<usize>(stack).write(begin as *const () as usize);
    }
    let kept = set_signal_mask(ALL_SIGNALS);
    let raw: usize;
    // SAFETY: the gate's `ret` takes the new thread to `begin` by the word written above, and this one back here.
    // The new thread never returns into this frame.
    unsafe {
        asm!(
            "call r11",
            inlateout("rax") 56_usize => raw,
            in("rdi") flags,
            in("rsi") stack,
            in("rdx") core::ptr::from_ref(words.number).addr(),
            in("r10") core::ptr::from_ref(words.cleared).addr(),
            in("r8") 0_usize,
            inlateout("r11") GATE => _,
            lateout("rcx") _,
        );
    }
    set_signal_mask(kept);
    error::decode(raw)
}

/// A region and block for a new thread of `process`.
pub(crate) fn new_block(process: &'static HostProcess) -> Result<&'static ThreadBlock, HostError> {
    let region = process.space.regions.take(map_private).ok_or(HostError::NoMemory)?;
    // SAFETY: the region was just taken, so it is mapped and nobody uses it.
    Ok(unsafe { region.prepare(process) })
}

/// Start `shim` from `registers` on a prepared block, by a clone with `flags`; the host's number of the thread, which
/// is in `number` too by the time the thread runs, if that is given. The block's region is given back if there is no
/// thread.
pub(crate) fn start_on<S: Shim>(
    block: &ThreadBlock,
    shim: Box<S>,
    registers: &Registers,
    thread_pointer: u64,
    flags: u64,
    number: Option<&AtomicU32>,
) -> Result<u32, HostError> {
    // A new thread has its maker's vector state: the kernel copies the upper halves, the frame has the rest.
    // SAFETY: the frame of the calling thread, which is in a call from its guest.
    let vectors = unsafe { dispatch::current().vectors().read() };
    load(block, shim, registers, thread_pointer, vectors);
    start_loaded(block, flags, number)
}

/// As [`start_on`], for a block that has been loaded.
pub(crate) fn start_loaded(
    block: &ThreadBlock,
    flags: u64,
    number: Option<&AtomicU32>,
) -> Result<u32, HostError> {
    let region = Region { slot: block.slot.get() };
    let regions = &process::current().space.regions;
    let cleared = regions.word(region).ok_or(HostError::NoMemory)?;
    let words = Words { number: number.unwrap_or(cleared), cleared };
    // SAFETY: the block is loaded, the region is this new thread's, and the flags are a row's.
    let cloned = unsafe { clone_onto(block, flags, words) };
    match cloned.map(u32::try_from) {
        Ok(Ok(thread)) => Ok(thread),
        _ => {
            if let Some(calls) = block.calls.take() {
                // SAFETY: the thread never ran, so the shim that was put into the block is still ours.
                unsafe { (calls.end)(block.shim.get()) };
            }
            // Last: from here on another thread may take the region, and its block.
            regions.give_back(region);
            Err(HostError::NoMemory)
        }
    }
}

/// Start a thread of the library OS's own in `process`, the calling one, which runs `service`.
pub(crate) fn start_service(
    process: &'static HostProcess,
    service: fn(&ThreadBlock) -> !,
) -> Result<(), HostError> {
    let block = new_block(process)?;
    block.service.set(Some(service));
    process.counting_thread(false, || start_loaded(block, calls::CLONE_THREAD, None)).map(|_| ())
}

impl Thread for LinuxProcess {
    fn spawn<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        let process = process::current();
        let block = new_block(process)?;
        let start = || start_on(block, shim, registers, thread_pointer, calls::CLONE_THREAD, None);
        let thread = process.counting_thread(true, start)?;
        Ok(host_thread(process.number(), thread))
    }

    fn current(&self) -> HostThread {
        let process = process::current();
        let region = Region { slot: dispatch::current().slot.get() };
        let thread = process.space.regions.word(region).map_or(0, |word| word.load(Ordering::Acquire));
        host_thread(process.number(), thread)
    }

    fn thread_pointer(&self) -> u64 {
        let base: u64;
        // SAFETY: the instruction reads a register that always exists here, and changes nothing.
        unsafe { asm!("rdfsbase {}", out(reg) base, options(nomem, nostack, preserves_flags)) };
        base
    }

    fn set_thread_pointer(&self, address: u64) {
        // SAFETY: the FS base is the guest's; nothing of ours uses it. The caller checked that it is canonical.
        unsafe { asm!("wrfsbase {}", in(reg) address, options(nomem, nostack, preserves_flags)) };
    }

    fn yield_now(&self) {
        // SAFETY: the call gives up the processor for a moment and changes nothing of this process.
        let _ = unsafe { calls::sched_yield() };
    }

    fn processor(&self) -> u32 {
        let mut processor = 0_u32;
        // SAFETY: the kernel writes one `unsigned` to a local.
        let _ = unsafe { calls::getcpu((&raw mut processor).addr(), 0) };
        processor
    }
}

impl Processors for LinuxProcess {
    fn processors(&self) -> u64 {
        arena::header().processors
    }
}

/// Kick `thread`: its handler redirects it, or marks it kicked.
pub(crate) fn kick(thread: HostThread) {
    if thread == LinuxProcess.current() {
        // On its way out it will see the mark; no signal is needed for that.
        dispatch::current().kicked.store(1, Ordering::Relaxed);
        return;
    }
    let kicks = &arena::header().kicks;
    if kicks.are_served() {
        return kicks.ask(thread);
    }
    let process = (thread.0 >> 32) as usize;
    let number = (thread.0 & 0xffff_ffff) as usize;
    // SAFETY: the signal has a handler in every thread that the filter's scope lets this reach.
    let _ = unsafe { calls::tgkill(process, number, KICK as usize) };
}
