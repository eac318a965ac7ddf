//! Processor exceptions as signals (`arch/x86/kernel/traps.c` says which).

use litebox_host::regs::Registers;
use litebox_host::shim::{Exception, Fault};
use litebox_libos::signal::{Detail, Signal, SignalInfo};

use crate::abi::signal::{
    BUS_ADRALN, BUS_ADRERR, FPE_INTDIV, ILL_ILLOPN, SEGV_ACCERR, SEGV_MAPERR, SI_KERNEL, TRAP_TRACE,
};
use crate::task::Trap;

/// The signal of a fault at `registers`, and what frames say of it; `before` is what they said before.
pub(crate) fn signal_of(fault: &Fault, registers: &Registers, before: Trap) -> (SignalInfo, Trap) {
    let here = registers.rip;
    let there = fault.address;
    // Vectors of Intel SDM volume 3, table 7-1.
    let (signal, code, address, vector) = match fault.exception {
        Exception::Divide => (Signal::SIGFPE, FPE_INTDIV, here, 0),
        Exception::Step => (Signal::SIGTRAP, TRAP_TRACE, here, 1),
        Exception::Breakpoint => (Signal::SIGTRAP, SI_KERNEL, 0, 3),
        Exception::InvalidOpcode => (Signal::SIGILL, ILL_ILLOPN, here, 6),
        // What is foreign where the host cannot tell is a #GP.
        Exception::Protection | Exception::ForeignCall => (Signal::SIGSEGV, SI_KERNEL, 0, 13),
        Exception::NotMapped => (Signal::SIGSEGV, SEGV_MAPERR, there, 14),
        Exception::AccessDenied => (Signal::SIGSEGV, SEGV_ACCERR, there, 14),
        Exception::BusError => (Signal::SIGBUS, BUS_ADRERR, there, 14),
        Exception::Alignment => (Signal::SIGBUS, BUS_ADRALN, 0, 17),
        Exception::FloatingPoint(code) => (Signal::SIGFPE, code, here, 19),
    };
    let is_page_fault = vector == 14;
    let trap = Trap {
        number: vector,
        error_code: fault.error_code,
        address: if is_page_fault { there } else { before.address },
    };
    (SignalInfo { signal, code, detail: Detail::Fault { address } }, trap)
}
