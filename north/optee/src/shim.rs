//! The call upward: from an application's registers to a row's function, and what comes of its faults.

use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Exception, Fault, Shim};

use crate::error::TeeError;
use crate::host::TeeHost;
use crate::row::Call;
use crate::table::Dispatch;
use crate::task::Task;

impl<H: TeeHost> Shim for Task<H> {
    fn begin(&mut self, registers: &mut Registers) -> Action {
        self.arrive();
        self.serve(registers);
        Action::Resume
    }

    fn syscall(&mut self, registers: &mut Registers) -> Action {
        if let Some(trapped) = self.host.trapped() {
            // What cannot be rewritten goes on trapping.
            let _ = self.memory.rewrite(trapped);
        }
        let handler = Dispatch::handler(self.calls_as(), registers.rax);
        let mut call = Call::new(self, registers);
        let result = handler(&mut call);
        if !call.ends {
            let TeeError(code) = result.err().unwrap_or(TeeError(0));
            registers.rax = code.into();
        }
        Action::Resume
    }

    fn fault(&mut self, fault: &Fault, registers: &mut Registers) -> Action {
        let code_changes = fault.exception == Exception::AccessDenied && fault.is_fetch();
        let repaired = code_changes
            && usize::try_from(fault.address).is_ok_and(|address| self.memory.fault_in_code(address));
        if !repaired {
            let (exception, address, rip) = (fault.exception, fault.address, registers.rip);
            self.die(format_args!("{exception:?} at {rip:#x}, address {address:#x}"), registers);
        }
        Action::Resume
    }

    fn interrupt(&mut self, registers: &mut Registers) -> Action {
        if self.watchdog.is_over() {
            self.die(format_args!("it took longer than its time limit"), registers);
        }
        Action::Resume
    }
}
