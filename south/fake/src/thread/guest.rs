//! The guest's code and its instructions.

use std::panic::resume_unwind;

use litebox_host::memory::Memory;
use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Exception, Fault, Shim};

use super::{Ended, take_guest_kick};
use crate::host::{FakeHost, lock};

/// A guest thread as its code sees it: registers, and instructions that enter the library OS.
///
/// An instruction returns when the thread goes on behind it. Before that, whatever the library OS made the thread
/// run (a signal handler) has run, as code registered at the address it was sent to.
pub struct Guest<'a> {
    /// The registers, as after the last instruction.
    pub registers: Registers,
    /// The host.
    pub host: FakeHost,
    shim: &'a mut dyn Shim,
    /// Counts the instructions, so that each has an address of its own.
    step: u64,
    /// The addresses behind the instructions that are running, outermost first: a handler runs inside the
    /// instruction that it interrupted.
    ends: Vec<u64>,
}

/// Bytes of a system-call instruction.
const SYSCALL_LENGTH: u64 = 2;

impl<'a> Guest<'a> {
    /// A thread that `shim` answers, about to run the code at `rip`.
    pub(super) fn new(host: &FakeHost, shim: &'a mut dyn Shim, registers: Registers) -> Self {
        Self { registers, host: host.clone(), shim, step: 0, ends: Vec::new() }
    }

    /// Run the system call `number`; its result as in `rax`.
    pub fn syscall(&mut self, number: u64, arguments: &[u64]) -> i64 {
        let after = self.next_instruction();
        self.syscall_before(after, number, arguments)
    }

    /// As [`Guest::syscall`], where `after` is the address behind the instruction: a thread that the call makes
    /// starts there, so code has to be there.
    pub fn syscall_before(&mut self, after: u64, number: u64, arguments: &[u64]) -> i64 {
        let mut arguments = arguments.iter().copied().chain(std::iter::repeat(0));
        let mut next = || arguments.next().unwrap_or_default();
        self.registers.rax = number;
        self.registers.rdi = next();
        self.registers.rsi = next();
        self.registers.rdx = next();
        self.registers.r10 = next();
        self.registers.r8 = next();
        self.registers.r9 = next();
        self.registers.rip = after - SYSCALL_LENGTH;
        self.run(Some(after));
        self.registers.rax.cast_signed()
    }

    /// Raise an exception at the next instruction, and go on behind it.
    pub fn fault(&mut self, fault: &Fault) {
        self.take_kick();
        let after = self.next_instruction();
        self.registers.rip = after - SYSCALL_LENGTH;
        let action = self.shim.fault(fault, &mut self.registers);
        self.act(action);
        self.ends.push(after);
        while !self.ends.iter().any(|end| self.is_at(*end)) {
            self.run_one();
        }
        self.ends.pop();
    }

    /// Whether the thread goes on with or behind the instruction before `end`.
    fn is_at(&self, end: u64) -> bool {
        self.registers.rip == end || self.registers.rip.wrapping_add(SYSCALL_LENGTH) == end
    }

    /// Let pending kicks arrive, as between any two instructions.
    pub fn nothing(&mut self) {
        let after = self.next_instruction();
        self.registers.rip = after;
        self.take_kick();
        self.run(Some(after));
    }

    /// Return from a function: `rip` is what the stack holds.
    pub fn ret(&mut self) {
        use litebox_host::memory::UserAccess;
        let mut bytes = [0; 8];
        let at = usize::try_from(self.registers.rsp).expect("the stack pointer is an address");
        self.host.read(at, &mut bytes).expect("the stack is readable");
        self.registers.rip = u64::from_le_bytes(bytes);
        self.registers.rsp += 8;
    }

    /// The address after an instruction that nothing else uses.
    fn next_instruction(&mut self) -> u64 {
        /// Where instructions lie that have no registered code.
        const BASE: u64 = 0x7000_0000_0000;
        self.step += 1;
        BASE + 16 * self.step
    }

    /// Run until `rip` is `end`, or until the thread goes on with an instruction around this one; for ever, that
    /// is until the thread ends, without `end`.
    pub(super) fn run(&mut self, end: Option<u64>) {
        let outer = self.ends.len();
        self.ends.extend(end);
        while end != Some(self.registers.rip) {
            if end == Some(self.registers.rip.wrapping_add(SYSCALL_LENGTH)) {
                self.make_call();
            } else if self.ends[..outer].iter().any(|outer| self.is_at(*outer)) {
                break;
            } else {
                self.run_one();
            }
        }
        self.ends.truncate(outer);
    }

    fn make_call(&mut self) {
        let before = self.registers.rip;
        self.take_kick();
        if self.registers.rip != before {
            // A handler comes first; the instruction is still to be run.
            return;
        }
        self.registers.rip += SYSCALL_LENGTH;
        self.registers.rcx = self.registers.rip;
        self.registers.r11 = self.registers.rflags;
        let action = self.shim.syscall(&mut self.registers);
        self.act(action);
    }

    /// Run the code at `rip`.
    fn run_one(&mut self) {
        let rip = self.registers.rip;
        if usize::try_from(rip).map_or(true, |rip| rip >= self.host.range().end) {
            // As a processor: nothing can be fetched from outside the guest's half.
            let fault = Fault { exception: Exception::Protection, address: 0, error_code: 0 };
            let action = self.shim.fault(&fault, &mut self.registers);
            return self.act(action);
        }
        let code = lock(&self.host.state.code).get(&rip).cloned();
        let code = code.unwrap_or_else(|| panic!("the guest jumped to {rip:#x}, where no code is"));
        code(self);
        assert_ne!(self.registers.rip, rip, "the code at {rip:#x} ended without going anywhere");
    }

    fn take_kick(&mut self) {
        if take_guest_kick() {
            let action = self.shim.interrupt(&mut self.registers);
            self.act(action);
        }
    }

    fn act(&mut self, action: Action) {
        self.host.state.clock.note_activity();
        match action {
            Action::Resume => {}
            Action::Exit => resume_unwind(Box::new(Ended)),
        }
    }
}
