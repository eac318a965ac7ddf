//! What runs inside a sandbox process: trusted applications to the north, a Linux process to the south.
#![no_std]
#![no_main]

extern crate alloc;

use litebox_host_linux::LinuxProcess;
use litebox_host_linux::keeper::{First, Machine};
use litebox_images::optee::configuration;
use litebox_north_optee::start::first_thread;
use litebox_north_optee::task::Task;

litebox_host_linux::image!(first);

/// The first application's thread, or a report of why there is none.
fn first(host: LinuxProcess, _: Machine) -> Option<First<Task<LinuxProcess>>> {
    let block = litebox_host_linux::start::block().ok()?;
    match first_thread(host, configuration(&block)?) {
        Ok((shim, registers)) => Some(First { shim, registers }),
        Err(refusal) => litebox_host_linux::start::refuse(&refusal.message, refusal.code),
    }
}
