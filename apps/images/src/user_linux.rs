//! What runs inside a sandbox process: Linux to the north, a Linux process to the south.
#![no_std]
#![no_main]

extern crate alloc;

use litebox_host_linux::LinuxProcess;
use litebox_host_linux::keeper::{First, Machine};
use litebox_images::linux::configuration;
use litebox_north_linux::loader::Processor;
use litebox_north_linux::start::first_thread;
use litebox_north_linux::task::Task;

litebox_host_linux::image!(first);

/// The guest's first thread, or a report of why there is none.
fn first(host: LinuxProcess, machine: Machine) -> Option<First<Task<LinuxProcess>>> {
    let block = litebox_host_linux::start::block().ok()?;
    let processor = Processor {
        features: machine.capabilities,
        more_features: machine.capabilities2,
        minimum_signal_stack: machine.minimum_signal_stack,
    };
    let configuration = configuration(&block, processor)?;
    match first_thread(host, configuration) {
        Ok((shim, registers)) => Some(First { shim, registers }),
        Err(refusal) => litebox_host_linux::start::refuse(&refusal.message, refusal.code),
    }
}
