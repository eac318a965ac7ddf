//! Noun *process*: guest processes are address spaces with threads in them.

use std::panic::resume_unwind;

use litebox_host::HostError;
use litebox_host::process::Process;
use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::thread::HostThread;

use crate::host::{FakeHost, lock};
use crate::thread::Ended;

/// How the process ended, once it has.
#[derive(Default)]
pub(crate) struct Ending {
    status: Option<i32>,
}

impl FakeHost {
    /// The status with which the process ended, as `wait(2)` encodes it.
    pub fn exit_status(&self) -> Option<i32> {
        lock(&self.state.ending).status
    }
}

impl Process for FakeHost {
    fn fork<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        Ok(self.start(shim, registers, thread_pointer, self.space().another(true), true))
    }

    fn share<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        Ok(self.start(shim, registers, thread_pointer, self.space(), true))
    }

    fn depart<S: Shim>(&self, shim: Box<S>) -> Result<(), HostError> {
        self.start(shim, &Registers::default(), 0, self.space().another(false), true);
        Ok(())
    }

    /// Ends the calling thread by unwinding it: a test that calls this on its own thread catches that.
    fn exit(&self, status: i32) -> ! {
        self.end_services();
        lock(&self.state.ending).status.get_or_insert(status);
        resume_unwind(Box::new(Ended))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_status_stays() {
        let host = FakeHost::new();
        for status in [0x700, 9] {
            let again = host.clone();
            assert!(std::thread::spawn(move || again.exit(status)).join().is_err());
        }
        assert_eq!(host.exit_status(), Some(0x700));
    }
}
