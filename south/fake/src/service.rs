//! Threads of the library OS's own, which run no guest code.

use std::sync::Arc;
use std::thread::JoinHandle;

use litebox_host::HostError;
use litebox_host::thread::{Service, Services, Thread};

use crate::host::{FakeHost, lock};

/// The services, each with its thread.
#[derive(Default)]
pub(crate) struct ServiceThreads(Vec<(Arc<dyn Service>, JoinHandle<()>)>);

impl FakeHost {
    /// Stop the services, and let them do what is left.
    pub(crate) fn end_services(&self) {
        let ServiceThreads(services) = std::mem::take(&mut *lock(&self.state.services));
        for (service, _) in &services {
            service.stop();
        }
        for (service, handle) in services {
            // Its panic is the test's failure already.
            let _ = handle.join();
            service.finish();
        }
    }
}

impl Services for FakeHost {
    fn start_service(&self, service: Arc<dyn Service>) -> Result<(), HostError> {
        let (host, running) = (self.clone(), Arc::clone(&service));
        let handle = std::thread::spawn(move || {
            host.bind_this_thread();
            running.run(host.current());
        });
        lock(&self.state.services).0.push((service, handle));
        Ok(())
    }
}
