//! The state of one guest thread, as this North keeps it.

use alloc::sync::Arc;

use litebox_libos::file::{DescriptorTable, Place};
use litebox_libos::identity::Credentials;
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
    /// Where it stands in the tree of files.
    pub place: Arc<Place>,
    /// On whose behalf it acts. As in Linux, each thread has its own.
    pub credentials: Credentials,
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
        let place = Place::nowhere(Arc::new(host.clone()));
        let credentials = Credentials::default();
        Self { host, thread, process, descriptors, place, credentials, leaving: false }
    }

    /// The thread wrote to an object that nobody reads: the call answers `EPIPE`, and `SIGPIPE` is raised here.
    pub fn raise_broken_pipe(&mut self) {}

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

    /// Whether the thread is on its way out.
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }
}
