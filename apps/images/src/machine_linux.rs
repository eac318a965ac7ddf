//! The kernel of a bare machine: Linux to the north, the machine to the south.
#![no_std]
#![no_main]

extern crate alloc;

use litebox_host_machine::start::{self, First};
use litebox_host_machine::{BareMachine, Processor};
use litebox_images::linux::configuration;
use litebox_north_linux::loader;
use litebox_north_linux::start::first_thread;

litebox_host_machine::image!(first);

/// Run the guest's first thread, or say why there is none.
fn first(block: &[u8], processor: Processor) -> ! {
    let processor = loader::Processor {
        features: processor.features,
        more_features: 0,
        minimum_signal_stack: processor.minimum_signal_stack,
    };
    let Some(mut configuration) = configuration(block, processor) else {
        start::refuse("the archive holds no start block", 125)
    };
    configuration.machine.memory = configuration.machine.memory.min(start::memory());
    match first_thread(BareMachine, configuration) {
        Ok((shim, registers)) => start::run(First { shim, registers }),
        Err(refusal) => start::refuse(&refusal.message, refusal.code),
    }
}
