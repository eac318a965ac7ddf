//! Threads of the library OS's own, which run no guest code.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::sync::Mutex;
use litebox_host::thread::{Service, Services, Thread};

use crate::enter::block::ThreadBlock;
use crate::host::LinuxProcess;
use crate::process::{self, HostProcess};
use crate::thread;

/// A process's services. In the arena.
pub(crate) struct ServiceState {
    services: Mutex<Vec<Entry>>,
}

struct Entry {
    service: Arc<dyn Service>,
    has_thread: bool,
}

impl ServiceState {
    pub(crate) const fn new() -> Self {
        Self { services: Mutex::new(Vec::new()) }
    }

    /// End their threads.
    pub(crate) fn stop(&self) {
        self.all().iter().for_each(|service| service.stop());
    }

    /// Do what they left, once their threads have ended.
    pub(crate) fn finish(&self) {
        self.all().iter().for_each(|service| service.finish());
    }

    fn all(&self) -> Vec<Arc<dyn Service>> {
        self.services.lock().iter().map(|entry| Arc::clone(&entry.service)).collect()
    }

    /// Add one, for which a thread is started: it waits at the lock until the entry is there.
    fn add(&self, process: &'static HostProcess, service: Arc<dyn Service>) -> Result<(), HostError> {
        let mut services = self.services.lock();
        services.try_reserve(1).map_err(|_| HostError::NoMemory)?;
        thread::start_service(process, serve)?;
        services.push(Entry { service, has_thread: false });
        Ok(())
    }

    /// One that no thread runs yet, for the calling thread.
    fn take(&self) -> Option<Arc<dyn Service>> {
        let mut services = self.services.lock();
        let entry = services.iter_mut().find(|entry| !entry.has_thread)?;
        entry.has_thread = true;
        Some(Arc::clone(&entry.service))
    }
}

/// What a service's thread runs.
fn serve(_: &ThreadBlock) -> ! {
    if let Some(service) = process::current().services.take() {
        service.run(LinuxProcess.current());
    }
    process::end_thread()
}

impl Services for LinuxProcess {
    fn start_service(&self, service: Arc<dyn Service>) -> Result<(), HostError> {
        let process = process::current();
        process.services.add(process, service)
    }
}
