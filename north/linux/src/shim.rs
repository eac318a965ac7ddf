//! The call upward: from a guest's registers to a row's function, and what happens before the guest goes on.

use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Fault, Shim};
use litebox_libos::process::ExitStatus;

use crate::host::LinuxHost;
use crate::row::Call;
use crate::table::Dispatch;
use crate::task::Task;

impl<H: LinuxHost> Shim for Task<H> {
    fn syscall(&mut self, registers: &mut Registers) -> Action {
        let [number, _] = halves(registers.rax);
        let mut call = Call::new(self, registers);
        let result = Dispatch::handler(number)(&mut call);
        if !call.keeps_registers() {
            registers.rax = match result {
                Ok(value) => value,
                Err(errno) => (-i64::from(errno.0)).cast_unsigned(),
            };
        }
        self.before_resume(registers)
    }

    fn fault(&mut self, _: &Fault, registers: &mut Registers) -> Action {
        let status = ExitStatus::Killed { signal: 11, core: true };
        self.process.end(status);
        self.leave(status);
        self.before_resume(registers)
    }

    fn interrupt(&mut self, registers: &mut Registers) -> Action {
        self.before_resume(registers)
    }
}

impl<H: LinuxHost> Task<H> {
    /// Everything that has to be looked at before guest code runs again.
    fn before_resume(&mut self, _: &mut Registers) -> Action {
        if self.thread.needs_attention() {
            self.thread.clear_attention();
            if let Some(status) = self.process.ending() {
                self.leave(status);
            }
        }
        if self.is_leaving() { Action::Exit } else { Action::Resume }
    }
}

/// The low and the high half of a register: a call number is the low one (`syscall(2)`).
#[expect(clippy::cast_possible_truncation, reason = "halves are what is asked for")]
const fn halves(value: u64) -> [u32; 2] {
    [value as u32, (value >> 32) as u32]
}
