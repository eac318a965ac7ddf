//! Threads of the library OS's own, which run no guest code.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::thread::{Service, Services, Thread};

use crate::host::BareMachine;
use crate::process::HostProcess;
use crate::scheduler::{self, NewThread};
use crate::spin::Spin;

static SERVICES: Spin<Vec<Arc<dyn Service>>> = Spin::new(Vec::new());

/// The sandbox ends: stop the services, and let them do what is left.
pub(crate) fn end() {
    let services = core::mem::take(&mut *SERVICES.lock());
    services.iter().for_each(|service| service.stop());
    // With one processor, whoever was told to stop does so once this thread lets it run.
    scheduler::preempt();
    services.iter().for_each(|service| service.finish());
}

impl Services for BareMachine {
    fn start_service(&self, service: Arc<dyn Service>) -> Result<(), HostError> {
        let current = scheduler::current();
        let new =
            NewThread { process: HostProcess::new(), space: Arc::clone(current.space()), thread_pointer: 0 };
        let running = Arc::clone(&service);
        SERVICES.lock().push(service);
        scheduler::start_kernel(new, Box::new(move || running.run(BareMachine.current()))).map(|_| ())
    }
}
