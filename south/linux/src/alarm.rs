//! The process's alarm: a thread of ours, the one that may call into the library OS without having been entered by a
//! guest.

use alloc::sync::Arc;

use litebox_host::HostError;
use litebox_host::time::{Alarm, Deadline, Ring};

use crate::enter::block::ThreadBlock;
use crate::host::LinuxProcess;
use crate::{process, thread};

/// What the alarm's thread runs.
fn service(_: &ThreadBlock) -> ! {
    process::current().alarm.serve();
    process::end_thread()
}

impl Alarm for LinuxProcess {
    fn set_alarm(&self, alarm: &Arc<dyn Ring>, deadline: Option<Deadline>) -> Result<(), HostError> {
        let process = process::current();
        process.alarm.set(alarm, deadline, || thread::start_service(process, service).map(|_| ()))
    }
}
