//! From the start block to what the OP-TEE shim is told: the program is an application's file, and its arguments are the
//! lines of the client's script.

use litebox_broker_protocol::StartView;
use litebox_north_optee::start::Configuration;

use crate::start::{credentials, machine, mounts, owned};

/// What the shim is told; `None` if the block is malformed.
pub fn configuration(block: &[u8]) -> Option<Configuration> {
    let view = StartView::decode(block).ok()?;
    let mut script = owned(view.arguments);
    // The first argument is the program's own name.
    if !script.is_empty() {
        script.remove(0);
    }
    Some(Configuration {
        executable: view.executable.to_vec(),
        script,
        credentials: credentials(&view),
        mounts: mounts(&view),
        machine: machine(&view),
    })
}
