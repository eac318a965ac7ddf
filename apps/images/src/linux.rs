//! From the start block to what the Linux shim is told.

use litebox_broker_protocol::{StartFlags, StartView};
use litebox_north_linux::loader::Processor;
use litebox_north_linux::start::{Configuration, OwnTerminal};

use crate::start::{credentials, machine, mounts, owned};

/// What the shim is told; `None` if the block is malformed.
pub fn configuration(block: &[u8], processor: Processor) -> Option<Configuration> {
    let view = StartView::decode(block).ok()?;
    Some(Configuration {
        executable: view.executable.to_vec(),
        directory: view.directory.to_vec(),
        arguments: owned(view.arguments),
        environment: owned(view.environment),
        credentials: credentials(&view),
        mask: view.umask,
        mounts: mounts(&view),
        machine: machine(&view),
        processor,
        tracing: view.flags.contains(StartFlags::TRACE),
        threads: view.pids,
        terminal: view
            .flags
            .contains(StartFlags::TERMINAL)
            .then(|| OwnTerminal { is_error: view.flags.contains(StartFlags::TERMINAL_ERROR) }),
    })
}
