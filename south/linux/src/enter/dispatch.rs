//! From the entry to the shim, and the end of a thread.
#![expect(unsafe_code, reason = "the entry code calls in with raw pointers")]

use alloc::boxed::Box;
use core::arch::asm;

use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Exception, Fault, Shim};
use litebox_host::sync::Ordering;

use super::block::{Event, ShimCalls, ThreadBlock};
use crate::{process, rewrite};

/// The calling thread's block, by GS.
pub(crate) fn current() -> &'static ThreadBlock {
    let block: *const ThreadBlock;
    // SAFETY: library-OS code runs only with its thread's block behind GS; entry and handlers see to that.
    unsafe {
        asm!("mov {}, gs:[{offset}]", out(reg) block, offset = const super::block::SELF,
            options(nostack, preserves_flags, readonly, pure));
    }
    // SAFETY: the block is in the thread's region, which outlives every use by this thread.
    unsafe { &*block }
}

/// The methods of an `S`, for a block that holds a `Box<S>`.
pub(crate) const fn shim_calls<S: Shim>() -> ShimCalls {
    ShimCalls {
        begin: |shim, registers| shim_of::<S>(shim).begin(registers),
        syscall: |shim, registers| shim_of::<S>(shim).syscall(registers),
        fault: |shim, fault, registers| shim_of::<S>(shim).fault(fault, registers),
        interrupt: |shim, registers| shim_of::<S>(shim).interrupt(registers),
        // SAFETY: the pointer is the `Box<S>` that the block was given together with this function, and the block
        // gives both up before it calls it.
        end: |shim| drop(unsafe { Box::from_raw(shim.cast::<S>()) }),
    }
}

/// The shim behind a block's pointer. Only called through [`shim_calls`], by the thread that owns the block.
fn shim_of<'a, S: Shim>(shim: *mut ()) -> &'a mut S {
    // SAFETY: the pointer is the `Box<S>` that the block was given together with these functions; its thread alone
    // calls them, one at a time, and never keeps what they borrow.
    unsafe { &mut *shim.cast::<S>() }
}

/// Have the thread of `block` call up before it first runs guest code.
pub(crate) fn call_up_first(block: &ThreadBlock) {
    block.begins.set(true);
    block.kicked.store(1, Ordering::Relaxed);
}

/// Called by the entry code: a system call. Answers only if the thread goes on.
pub(crate) extern "C" fn on_syscall(registers: &mut Registers) -> u32 {
    let block = current();
    let Some(calls) = block.calls.get() else { return 1 };
    if block.entered_stepping.take() {
        registers.rflags |= 1 << 8;
    }
    // SAFETY: shim and calls were put into the block together.
    let action = unsafe { (calls.syscall)(block.shim.get(), registers) };
    finish(block, action)
}

/// Called by the entry code: a kick or a fault.
pub(crate) extern "C" fn on_event(registers: &mut Registers) -> u32 {
    let block = current();
    let Some(calls) = block.calls.get() else { return 1 };
    // A kick that is served by whatever call up comes next is served.
    block.kicked.store(0, Ordering::Relaxed);
    if block.begins.take() {
        // SAFETY: shim and calls were put into the block together.
        let action = unsafe { (calls.begin)(block.shim.get(), registers) };
        return finish(block, action);
    }
    let fault = if block.event.replace(Event::Interrupt as u32) == Event::Fault as u32 {
        block.fault.take()
    } else {
        None
    };
    if let Some(fault) = &fault
        && fault.exception == Exception::InvalidOpcode
        && let Some(rip) = rewrite::resume(registers.rip)
    {
        registers.rip = rip;
        return 0;
    }
    let action = match &fault {
        // SAFETY: shim and calls were put into the block together.
        Some(fault) => unsafe { (calls.fault)(block.shim.get(), fault, registers) },
        // SAFETY: the same pair, on the same thread.
        None => unsafe { (calls.interrupt)(block.shim.get(), registers) },
    };
    finish(block, action)
}

fn finish(block: &ThreadBlock, action: Action) -> u32 {
    match action {
        Action::Resume => 0,
        Action::Exit => {
            if let Some(calls) = block.calls.take() {
                // SAFETY: shim and calls were put into the block together; the calls are gone now, so the shim
                // is dropped once.
                unsafe { (calls.end)(block.shim.get()) };
            }
            process::end_guest()
        }
    }
}

/// The fault that a handler recorded. Kept here so that `Fault` is not named by the block's users.
pub(crate) fn record_fault(block: &ThreadBlock, fault: Fault) {
    block.fault.set(Some(fault));
    block.event.set(Event::Fault as u32);
}
