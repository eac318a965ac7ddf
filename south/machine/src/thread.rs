//! Noun *thread*: guest threads are the scheduler's.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::Ordering;

use litebox_host::HostError;
use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::thread::{HostThread, Processors, Thread};
use x86_64::VirtAddr;
use x86_64::registers::model_specific::FsBase;

use crate::host::BareMachine;
use crate::scheduler::{self, NewThread};

/// The host's name of the thread numbered `number`.
pub(crate) fn host_thread(number: u64) -> HostThread {
    HostThread(number)
}

impl Thread for BareMachine {
    fn spawn<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        let current = scheduler::current();
        let new = NewThread {
            process: Arc::clone(current.process()),
            space: Arc::clone(current.space()),
            thread_pointer,
        };
        scheduler::start_guest(new, shim, registers, false).map(host_thread)
    }

    fn current(&self) -> HostThread {
        host_thread(scheduler::current().number())
    }

    fn thread_pointer(&self) -> u64 {
        FsBase::read().as_u64()
    }

    fn set_thread_pointer(&self, address: u64) {
        FsBase::write(VirtAddr::new_truncate(address));
        let [fs, _] = &scheduler::current().bases;
        fs.store(address, Ordering::Relaxed);
    }

    fn yield_now(&self) {
        scheduler::preempt();
    }

    fn processor(&self) -> u32 {
        0
    }
}

impl Processors for BareMachine {
    fn processors(&self) -> u64 {
        1
    }
}
