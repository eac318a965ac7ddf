//! The signal handlers: they serve nothing.
//!
//! A handler runs on its thread's alternate stack, finds the thread by masking its own stack pointer and repairs
//! GS. Then it redirects: a system call or an exception of guest code, or a kick that finds guest code running,
//! becomes a frame on the library OS's stack and a jump to the common entry once the handler returns. A fault in
//! a copy of guest memory continues at its recovery. Anything else in code of ours is a bug: fail-stop.
#![expect(unsafe_code, reason = "handlers are entered by the kernel")]

use core::arch::naked_asm;

use litebox_host::shim::{Exception, Fault};
use litebox_host::sync::Ordering;

use super::block::{Event, ThreadBlock};
use super::context::{Context, MachineContext, SignalInformation};
use super::{copy, dispatch, entry};
use crate::layout::{GATE, GATE_SIZE, GUEST, IMAGE, IMAGE_SIZE, KICK, REGION_STRIDE};
use crate::region::BLOCK_SIZE;
use crate::{ambient, gate};

const SIGILL: u32 = 4;
const SIGTRAP: u32 = 5;
const SIGBUS: u32 = 7;
const SIGFPE: u32 = 8;
const SIGSEGV: u32 = 11;
const SIGSYS: u32 = 31;

/// The signals that have a handler.
pub(crate) const HANDLED: [u32; 7] = [SIGSYS, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, KICK];

/// `SI_KERNEL`: the kernel has no address to report.
const KERNEL: i32 = 0x80;
/// `SYS_SECCOMP`.
const BY_FILTER: i32 = 1;
/// `AUDIT_ARCH_X86_64`.
const X86_64: u32 = 0xc000_003e;
/// The segment of 64-bit code, `__USER_CS`.
const CODE_64: u16 = 0x33;
/// `-ENOSYS`.
const NOT_IMPLEMENTED: u64 = (-38_i64).cast_unsigned();
/// TF in RFLAGS.
const TRAP_FLAG: u64 = 1 << 8;
/// What the library OS's code runs with: interrupts on, and the bit that is always set.
const CLEAN_FLAGS: u64 = 0x202;

/// What every handler is: the kernel clears DF but not AC, and GS is whatever the guest left in it.
#[unsafe(naked)]
pub(crate) extern "C" fn handle() {
    naked_asm!(
        "pushfq",
        "and qword ptr [rsp], {clear}",
        "popfq",
        "mov rax, rsp",
        "and rax, {mask}",
        "lea rax, [rax + {block}]",
        "wrgsbase rax",
        "jmp {handle}",
        clear = const !(1_i32 << 18 | 1 << 10),
        mask = const -(REGION_STRIDE as i64) as i32,
        block = const REGION_STRIDE - BLOCK_SIZE,
        handle = sym handle_signal,
    )
}

extern "C" fn handle_signal(number: u32, information: &SignalInformation, context: &mut Context) {
    let block = dispatch::current();
    let machine = &mut context.registers;
    match number {
        KICK => kicked(block, machine),
        // A signal that somebody sent, and no event of this thread's own, is no business of ours.
        _ if information.code <= 0 => {}
        SIGSYS => trapped(block, information, machine),
        _ => faulted(block, number, information, machine),
    }
}

/// Whether the interrupted code is the library OS's: the image, the gate, or a page of the host's (its vDSO) that the
/// image called. Code there that runs on a guest's stack runs on the guest's behalf, as does a jump to nowhere. The
/// exit's last instruction has the guest's stack already, and is the image's all the same.
fn is_ours(machine: &MachineContext) -> bool {
    let image = IMAGE as u64..(IMAGE + IMAGE_SIZE) as u64;
    let gate = GATE as u64..(GATE + GATE_SIZE) as u64;
    let guest = GUEST.end as u64;
    image.contains(&machine.rip)
        || gate.contains(&machine.rip)
        || (machine.rip >= guest && machine.rsp >= guest)
}

/// A system call that the filter did not let through.
fn trapped(block: &ThreadBlock, information: &SignalInformation, machine: &mut MachineContext) {
    let is_foreign = information.code == BY_FILTER && information.architecture != X86_64;
    if is_foreign && machine.code_segment() == CODE_64 && !is_ours(machine) {
        let fault = Fault { exception: Exception::ForeignCall, address: 0, error_code: 0 };
        dispatch::record_fault(block, fault);
        return redirect(block, machine, entry::entry_event());
    }
    if information.code != BY_FILTER || information.architecture != X86_64 {
        // Code of 32 bits, which the library OS's own is not returned to in.
        machine.rax = NOT_IMPLEMENTED;
        return;
    }
    if is_ours(machine) {
        return own_call(machine);
    }
    block.trapped.set(usize::try_from(machine.rip).ok().map(|rip| (rip.wrapping_sub(2), machine.rax)));
    redirect(block, machine, entry::entry_syscall());
}

/// A call from code of ours that no row covers: only the host's vDSO may fall back to one, for a clock.
fn own_call(machine: &mut MachineContext) {
    /// `clock_gettime`, `clock_getres`.
    const CLOCKS: [u64; 2] = [228, 229];
    if !CLOCKS.contains(&machine.rax) || crate::time::vdso_holds(machine.rip).is_none() {
        ambient::fail_stop("a host call without a row was trapped in the library OS");
    }
    let number = u32::try_from(machine.rax).unwrap_or_default();
    let arguments = gate::pad([machine.rdi, machine.rsi].map(|value| value as usize));
    // SAFETY: the clock calls write one `struct timespec` where the vDSO's caller, code of ours, asked for it.
    machine.rax = match unsafe { gate::call(number, arguments) } {
        Ok(value) => value as u64,
        Err(errno) => (-i64::from(errno.0)).cast_unsigned(),
    };
}

/// An exception.
fn faulted(block: &ThreadBlock, number: u32, information: &SignalInformation, machine: &mut MachineContext) {
    let Ok(rip) = usize::try_from(machine.rip) else { return };
    if is_ours(machine) {
        if let Some(recovery) = copy::recovery(rip) {
            machine.rip = recovery as u64;
            return;
        }
        if number == SIGTRAP && entry::first_steps().contains(&rip) {
            // The guest steps its own code into a rewritten call: its flags get the trap flag back once saved.
            block.entered_stepping.set(true);
            machine.rflags &= !TRAP_FLAG;
            return;
        }
        if !entry::exit().contains(&rip) {
            ambient::fail_stop_at("the library OS raised an exception", number, machine.rip);
        }
        if number == SIGTRAP {
            block.stepping.set(true);
            return;
        }
        // The jump to the guest's next instruction was refused. The frame still holds the guest's registers.
        dispatch::record_fault(block, fault_of(number, information, machine));
        return aim(block, machine, entry::entry_event());
    }
    if number == SIGTRAP && block.stepping.take() {
        // The jump out trapped: the guest has not run an instruction yet.
        return;
    }
    dispatch::record_fault(block, fault_of(number, information, machine));
    redirect(block, machine, entry::entry_event());
}

/// A kick. It counts from now on, wherever it found the thread.
fn kicked(block: &ThreadBlock, machine: &mut MachineContext) {
    block.kicked.store(1, Ordering::Relaxed);
    block.stepping.set(false);
    let Ok(rip) = usize::try_from(machine.rip) else { return };
    if !is_ours(machine) {
        block.event.set(Event::Interrupt as u32);
        redirect(block, machine, entry::entry_event());
    } else if entry::exit().contains(&rip) {
        machine.rip = entry::exit().start as u64;
        machine.rsp = block.frame().addr() as u64;
        machine.rflags = CLEAN_FLAGS;
    } else if let Some(refusal) = gate::refusal(rip) {
        machine.rip = refusal as u64;
    }
}

/// Make the interrupted guest code's registers the frame, and have the handler return to `entry`.
fn redirect(block: &ThreadBlock, machine: &mut MachineContext, entry: usize) {
    let registers = machine.to_registers();
    // SAFETY: guest code was running, so the library OS's stack is empty and the frame's place is free.
    unsafe { block.registers().write(registers) };
    aim(block, machine, entry);
}

/// Have the handler return to `entry`, with the stack at the frame's general registers.
fn aim(block: &ThreadBlock, machine: &mut MachineContext, entry: usize) {
    machine.rip = entry as u64;
    machine.rsp = block.registers().addr() as u64;
    machine.rflags = CLEAN_FLAGS;
}

/// The exception behind a signal (Intel SDM volume 3, section 7.3; `sigaction(2)`).
fn fault_of(number: u32, information: &SignalInformation, machine: &MachineContext) -> Fault {
    let exception = match (number, machine.trap_number) {
        (SIGBUS, 17) => Exception::Alignment,
        (SIGBUS, _) => Exception::BusError,
        (SIGFPE, 0) => Exception::Divide,
        (SIGFPE, _) => Exception::FloatingPoint(information.code),
        (SIGILL, _) => Exception::InvalidOpcode,
        (SIGTRAP, 3) => Exception::Breakpoint,
        (SIGTRAP, _) => Exception::Step,
        (SIGSEGV, 14) if information.code == 2 => Exception::AccessDenied,
        (SIGSEGV, 14) if information.code != KERNEL => Exception::NotMapped,
        _ => Exception::Protection,
    };
    let has_address = !matches!(exception, Exception::Protection | Exception::Breakpoint);
    let address = if has_address { information.address } else { 0 };
    Fault { exception, address, error_code: machine.error_code }
}
