//! The call upward: from a guest's registers to a row's function, and what happens before the guest goes on.
//!
//! A handler that was interrupted answers one of the internal error numbers. What comes of it is decided once the
//! thread has looked at its signals: if no handler runs, the call is started again here, from the same registers,
//! without the guest's help; if one runs, see `syscall/signal/delivery.rs`.

use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Exception, Fault, Shim};
use litebox_libos::process::ExitStatus;
use litebox_libos::signal::Signal;

use crate::error::Errno;
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::process::start_program;
use crate::syscall::signal::{Interrupted, Outcome, signal_of};
use crate::table::Dispatch;
use crate::task::{Beginning, Task};
use crate::trace;

impl<H: LinuxHost> Shim for Task<H> {
    fn begin(&mut self, registers: &mut Registers) -> Action {
        let number = match core::mem::take(&mut self.beginning) {
            Beginning::Plain => None,
            Beginning::Forked { number } => {
                if self.memory.enter_child().is_err() {
                    // The child would see what it must not: it does not come to life.
                    self.process.end(ExitStatus::Killed { signal: Signal::SIGKILL.number(), core: false });
                }
                number
            }
            Beginning::Shared { number } => number,
            Beginning::Program(execution) => {
                start_program(self, *execution, registers);
                None
            }
        };
        if let Some(number) = number {
            // As in Linux, a word that cannot be written is left out.
            let _ = number.write(&self.host, &self.thread.id());
        }
        self.look(registers)
    }

    fn syscall(&mut self, registers: &mut Registers) -> Action {
        self.own.restart_deadline = None;
        if let Some(trapped) = self.host.trapped() {
            // What cannot be rewritten goes on trapping.
            let _ = self.memory.rewrite(trapped);
        }
        loop {
            let interrupted = self.run_call(registers);
            match self.before_resume(registers, interrupted) {
                Outcome::Again => {}
                Outcome::Resume => return Action::Resume,
                Outcome::Exit => return Action::Exit,
            }
        }
    }

    fn fault(&mut self, fault: &Fault, registers: &mut Registers) -> Action {
        if fault.exception == Exception::ForeignCall {
            // There is no 32-bit table.
            registers.rax = (-i64::from(Errno::ENOSYS.0)).cast_unsigned();
            return self.look(registers);
        }
        let repaired = usize::try_from(fault.address).is_ok_and(|address| match fault.exception {
            Exception::NotMapped => self.memory.fault(address),
            Exception::AccessDenied => fault.is_fetch() && self.memory.fault_in_code(address),
            Exception::BusError => self.memory.fault_beyond(address),
            _ => false,
        });
        if repaired {
            return self.look(registers);
        }
        let (info, trap) = signal_of(fault, registers, self.own.trap);
        self.own.trap = trap;
        self.process.force(&self.thread, info);
        self.look(registers)
    }

    fn interrupt(&mut self, registers: &mut Registers) -> Action {
        self.look(registers)
    }
}

impl<H: LinuxHost> Task<H> {
    fn look(&mut self, registers: &mut Registers) -> Action {
        match self.before_resume(registers, None) {
            Outcome::Exit => Action::Exit,
            Outcome::Resume | Outcome::Again => Action::Resume,
        }
    }

    /// Run the call that `registers` ask for. If it was interrupted, `rax` is as it was.
    fn run_call(&mut self, registers: &mut Registers) -> Option<Interrupted> {
        let [number, _] = halves(registers.rax);
        let line = trace::enter(self, number, registers);
        let mut call = Call::new(self, registers);
        let result = Dispatch::handler(number)(&mut call);
        let keeps_registers = call.keeps_registers();
        trace::leave(self, line, result);
        if keeps_registers {
            return None;
        }
        match result {
            Ok(value) => registers.rax = value,
            Err(errno @ (Errno::ERESTARTSYS | Errno::ERESTARTNOHAND)) => {
                return Some(Interrupted { number: registers.rax, errno });
            }
            Err(errno) => {
                if errno == Errno::ENOSYS {
                    trace::report_missing(self, number);
                }
                registers.rax = (-i64::from(errno.0)).cast_unsigned();
            }
        }
        if let Some(mask) = self.own.saved_mask.take() {
            self.process.set_mask(&self.thread, mask);
        }
        None
    }
}

/// The low and the high half of a register: a call number is the low one (`syscall(2)`).
#[expect(clippy::cast_possible_truncation, reason = "halves are what is asked for")]
const fn halves(value: u64) -> [u32; 2] {
    [value as u32, (value >> 32) as u32]
}
