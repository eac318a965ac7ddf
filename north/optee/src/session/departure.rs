//! How a worker gets an address space of its own.

use alloc::boxed::Box;
use alloc::sync::Arc;

use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Fault, Shim};
use litebox_libos::thread::Thread;

use super::engine::Engine;
use super::worker::Worker;
use crate::host::TeeHost;
use crate::task::Task;

/// The first thread of a process that still shares its maker's memory, and runs nothing there: it moves at once.
pub(crate) struct Departure<H: TeeHost> {
    pub(crate) host: H,
    pub(crate) engine: Arc<Engine<H>>,
    pub(crate) worker: Arc<Worker>,
}

impl<H: TeeHost> Shim for Departure<H> {
    fn begin(&mut self, _: &mut Registers) -> Action {
        let task = Task::new(self.host.clone(), Arc::clone(&self.engine), Arc::clone(&self.worker));
        if self.host.depart(Box::new(task)).is_err() {
            let thread = Thread::new(0);
            thread.bind(self.host.current());
            self.engine.fail_worker(&self.worker, &thread);
        }
        Action::Exit
    }

    fn syscall(&mut self, _: &mut Registers) -> Action {
        Action::Exit
    }

    fn fault(&mut self, _: &Fault, _: &mut Registers) -> Action {
        Action::Exit
    }

    fn interrupt(&mut self, _: &mut Registers) -> Action {
        Action::Exit
    }
}
