//! From the entries to the shim: what an interrupt, an exception or a system call means.

use litebox_host::memory::Protection;
use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Exception, Fault};

use super::{copy, entry};
use crate::scheduler::{self, Thread};
use crate::space::Resolution;
use crate::{control, paging, timer};

const PAGE_FAULT: u64 = 14;

/// Bits of a page fault's error code (Intel SDM volume 3, section 4.7).
mod cause {
    pub(super) const WRITE: u64 = 1 << 1;
    pub(super) const FETCH: u64 = 1 << 4;
}

/// Called by the entries, with interrupts off.
pub(crate) extern "C" fn trap(registers: &mut Registers, vector: u64, error: u64, selector: u64) {
    if selector & 3 == 0 {
        return from_kernel(registers, vector, error);
    }
    if !serve(registers, vector, error) {
        // Nothing on this stack is dropped any more, so nothing may be left on it.
        scheduler::exit();
    }
}

/// Serve what a guest's thread came with. Whether it goes on.
fn serve(registers: &mut Registers, vector: u64, error: u64) -> bool {
    let thread = scheduler::current();
    let action = match vector {
        entry::SYSTEM_CALL => thread.call_up(|shim| shim.syscall(registers)),
        entry::TIMER => {
            timer::acknowledge();
            scheduler::preempt();
            Action::Resume
        }
        _ => fault(&thread, registers, vector, error),
    };
    settle(&thread, registers, action)
}

/// What a thread does before it runs guest code, again or for the first time. Whether it does.
pub(crate) fn settle(thread: &Thread, registers: &mut Registers, mut action: Action) -> bool {
    loop {
        if action == Action::Exit {
            return false;
        }
        if thread.begins() {
            action = thread.call_up(|shim| shim.begin(registers));
        } else if thread.takes_kick() {
            action = thread.call_up(|shim| shim.interrupt(registers));
        } else if registers.rip > crate::layout::USER_END as u64 {
            // The processor would raise this in the kernel, at the return.
            let fault = Fault { exception: Exception::Protection, address: 0, error_code: 0 };
            action = thread.call_up(|shim| shim.fault(&fault, registers));
        } else {
            secure(registers);
            return true;
        }
    }
}

/// Flags that a guest can change; interrupts stay on (Intel SDM volume 1, section 3.4.3).
fn secure(registers: &mut Registers) {
    const USER_FLAGS: u64 = 0x0024_0dd5;
    const FIXED: u64 = 0x202;
    registers.rflags = registers.rflags & USER_FLAGS | FIXED;
}

fn fault(thread: &Thread, registers: &mut Registers, vector: u64, error: u64) -> Action {
    let address = if vector == PAGE_FAULT { paging::fault_address() } else { 0 };
    let exception = match vector {
        0 => Exception::Divide,
        1 => Exception::Step,
        3 => Exception::Breakpoint,
        6 => Exception::InvalidOpcode,
        PAGE_FAULT => match resolve(thread, address, error) {
            Resolution::Again => return Action::Resume,
            Resolution::NotMapped => Exception::NotMapped,
            Resolution::Denied => Exception::AccessDenied,
            Resolution::NoBytes => Exception::BusError,
        },
        16 | 19 => Exception::FloatingPoint(crate::vector::floating_point_code(vector)),
        17 => Exception::Alignment,
        _ => Exception::Protection,
    };
    let fault = Fault { exception, address, error_code: error };
    thread.call_up(|shim| shim.fault(&fault, registers))
}

fn resolve(thread: &Thread, address: u64, error: u64) -> Resolution {
    let wanted = if error & cause::WRITE != 0 {
        Protection::WRITE
    } else if error & cause::FETCH != 0 {
        Protection::EXECUTE
    } else {
        Protection::READ
    };
    if address >= crate::layout::USER_END as u64 {
        return Resolution::NotMapped;
    }
    thread.space().resolve(address, wanted)
}

/// Kernel code was interrupted while it waited, or touched a page of the guest's.
fn from_kernel(registers: &mut Registers, vector: u64, error: u64) {
    match vector {
        entry::TIMER => return timer::acknowledge(),
        PAGE_FAULT => {
            let address = paging::fault_address();
            let recovery = usize::try_from(registers.rip).ok().and_then(copy::recovery);
            if let Some(recovery) = recovery {
                if resolve(&scheduler::current(), address, error) != Resolution::Again {
                    registers.rip = recovery as u64;
                }
                return;
            }
            control::fail(format_args!(
                "page fault at {address:#x}, error {error:#x}, rip {:#x}",
                registers.rip
            ));
        }
        _ => {}
    }
    control::fail(format_args!("exception {vector}, error {error:#x}, rip {:#x}", registers.rip));
}
