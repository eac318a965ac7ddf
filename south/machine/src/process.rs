//! Noun *process*: guest processes are address spaces with threads in them.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use litebox_host::HostError;
use litebox_host::process::Process;
use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::thread::HostThread;
use litebox_host::time::AlarmClock;

use crate::host::BareMachine;
use crate::scheduler::{self, NewThread};
use crate::service;
use crate::space::Space;
use crate::{control, thread};

/// What the threads of one guest process share.
pub(crate) struct HostProcess {
    /// The process's alarm.
    pub(crate) alarm: AlarmClock,
    guests: AtomicU32,
    /// Nanoseconds that its threads had the processor, up to their last switch.
    used: AtomicU64,
}

impl HostProcess {
    /// Without threads yet.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { alarm: AlarmClock::new(), guests: AtomicU32::new(0), used: AtomicU64::new(0) })
    }

    /// A thread had the processor for `nanoseconds`.
    pub(crate) fn add_time(&self, nanoseconds: u64) {
        self.used.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Nanoseconds that its threads had the processor, up to their last switch.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// One more thread.
    pub(crate) fn add_thread(&self) {
        self.guests.fetch_add(1, Ordering::Relaxed);
    }

    /// One thread less; the last but the alarm's ends the alarm.
    pub(crate) fn remove_thread(&self) {
        if self.guests.fetch_sub(1, Ordering::Relaxed) == 2 && self.alarm.is_running() {
            self.alarm.stop();
        }
    }
}

fn start<S: Shim>(
    space: Arc<Space>,
    shim: Box<S>,
    registers: &Registers,
    thread_pointer: u64,
) -> Result<HostThread, HostError> {
    let new = NewThread { process: HostProcess::new(), space, thread_pointer };
    scheduler::start_guest(new, shim, registers, true).map(thread::host_thread)
}

impl Process for BareMachine {
    fn fork<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        start(scheduler::current().space().fork()?, shim, registers, thread_pointer)
    }

    fn share<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        start(Arc::clone(scheduler::current().space()), shim, registers, thread_pointer)
    }

    fn depart<S: Shim>(&self, shim: Box<S>) -> Result<(), HostError> {
        start(Space::new()?, shim, &Registers::default(), 0).map(|_| ())
    }

    fn exit(&self, status: i32) -> ! {
        service::end();
        control::finish(status)
    }
}
