//! The call upward: a host hands a guest thread's registers to the shim that speaks its language.

use crate::regs::Registers;

/// What one guest thread is to its host: the upward half of the contract.
///
/// The value is the state of one guest thread. The host keeps it for as long as the thread lives, calls it on
/// that thread alone, and drops it on that thread when a call answers [`Action::Exit`].
pub trait Shim: Send + 'static {
    /// The thread is the first of a new process ([`crate::process::Process`]), is in its address space, and is about to
    /// run guest code for the first time.
    fn begin(&mut self, registers: &mut Registers) -> Action;
    /// The guest executed a system-call instruction. `registers.rip` is the address after it.
    fn syscall(&mut self, registers: &mut Registers) -> Action;
    /// The guest's own code raised an exception.
    fn fault(&mut self, fault: &Fault, registers: &mut Registers) -> Action;
    /// The thread was kicked (see [`crate::ambient::kick`]) and is about to run guest code.
    fn interrupt(&mut self, registers: &mut Registers) -> Action;
}

/// What a host does with the thread after a call upward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Run guest code from the registers as they are now.
    Resume,
    /// End the thread.
    Exit,
}

/// A processor exception raised by guest code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which exception.
    pub exception: Exception,
    /// The address that could not be accessed, for the exceptions that have one; else 0.
    pub address: u64,
    /// The processor's error code where it pushes one (Intel SDM volume 3, section 7.13); else 0.
    pub error_code: u64,
}

impl Fault {
    /// Whether a page fault came from fetching an instruction (the error code's bit 4: Intel SDM volume 3, section 4.7).
    #[must_use]
    pub fn is_fetch(&self) -> bool {
        self.error_code & 1 << 4 != 0
    }
}

/// The exceptions that guest code can raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exception {
    /// #DE: division by zero or an unrepresentable quotient.
    Divide,
    /// #DB by the trap flag: one instruction was stepped.
    Step,
    /// #BP: `int3`.
    Breakpoint,
    /// #UD: no such instruction.
    InvalidOpcode,
    /// #GP, #SS, #NP, #TS: the access was not allowed and has no address to report.
    Protection,
    /// #PF: no page at the address.
    NotMapped,
    /// #PF: the page's protection forbids the access.
    AccessDenied,
    /// The page exists but the host has no bytes for it (beyond the end of a mapped file).
    BusError,
    /// #AC: a misaligned access while alignment checks are on.
    Alignment,
    /// #MF, #XM: a floating-point exception; the value is Linux's `si_code` for `SIGFPE`.
    FloatingPoint(i32),
    /// A system-call instruction of another convention than the processor's own (`int 0x80`), where the host can tell it
    /// from other forbidden instructions. `registers.rip` is the address after it.
    ForeignCall,
}
