//! The state of one guest thread, as this North keeps it.

use alloc::sync::Arc;

use litebox_libos::file::DescriptorTable;
use litebox_libos::file::transfer::Caller;
use litebox_libos::memory::{AddressSpace, Limits};
use litebox_libos::process::{ExitStatus, Process};
use litebox_libos::thread::Thread;

use crate::host::LinuxHost;

/// One guest thread. What threads may share hangs off it in `Arc`s, one for each thing that `clone(2)` can share.
pub struct Task<H: LinuxHost> {
    /// The host that runs it.
    pub host: H,
    /// What others see of the thread.
    pub thread: Arc<Thread>,
    /// Its process.
    pub process: Arc<Process>,
    /// Its descriptors.
    pub descriptors: Arc<DescriptorTable>,
    /// Its address space.
    pub memory: Arc<AddressSpace<H>>,
    leaving: bool,
}

impl<H: LinuxHost> Task<H> {
    /// The first thread of a process.
    pub fn new(
        host: H,
        process: Arc<Process>,
        thread: Arc<Thread>,
        descriptors: Arc<DescriptorTable>,
    ) -> Self {
        let memory = Arc::new(AddressSpace::new(host.clone(), Limits::default()));
        Self { host, thread, process, descriptors, memory, leaving: false }
    }

    /// End the thread once the current call is over. The last thread to leave ends the process, with `status`
    /// unless another end was decided before.
    pub fn leave(&mut self, status: ExitStatus) {
        if self.leaving {
            return;
        }
        self.leaving = true;
        if let Some(end) = self.process.remove(self.thread.id(), status) {
            self.host.exit(end.encode());
        }
    }

    /// One more than the largest descriptor number that the process may use (`RLIMIT_NOFILE`).
    pub fn descriptor_limit(&self) -> u32 {
        /// The soft limit that Linux gives to a login.
        const DEFAULT: u32 = 1024;
        DEFAULT
    }

    /// Who blocks and transfers on behalf of this thread.
    pub fn caller(&self) -> Caller<'_, H> {
        Caller { host: &self.host, thread: &self.thread }
    }

    /// Run `act`, a wait, with `mask` as the thread's signal mask if there is one: the one place where `ppoll(2)`
    /// and its like meet the signal state.
    pub fn with_signal_mask<R>(&mut self, mask: Option<u64>, act: impl FnOnce(&mut Self) -> R) -> R {
        let _ = mask;
        act(self)
    }

    /// A write found nobody at the other end: what `SIGPIPE` is sent for, besides the error.
    pub fn raise_broken_pipe(&mut self) {}

    /// Whether the thread is on its way out.
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }
}
