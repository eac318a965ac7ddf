//! The kernel of a bare machine: trusted applications to the north, the machine to the south.
#![no_std]
#![no_main]

extern crate alloc;

use litebox_host_machine::start::{self, First};
use litebox_host_machine::{BareMachine, Processor};
use litebox_images::optee::configuration;
use litebox_north_optee::start::first_thread;

litebox_host_machine::image!(first);

/// Run the first application's thread, or say why there is none.
fn first(block: &[u8], _: Processor) -> ! {
    let Some(configuration) = configuration(block) else {
        start::refuse("the archive holds no start block", 125)
    };
    match first_thread(BareMachine, configuration) {
        Ok((shim, registers)) => start::run(First { shim, registers }),
        Err(refusal) => start::refuse(&refusal.message, refusal.code),
    }
}
