//! Signals from a terminal to groups of processes.

use crate::process::{Process, Registry};
use crate::signal::{Detail, Signal, SignalInfo};

/// The system itself sent it (`SI_KERNEL` of `sigaction(2)`).
const BY_THE_SYSTEM: i32 = 0x80;

/// Send `signal` to `process`.
pub(super) fn send(process: &Process, signal: Signal) {
    let info = SignalInfo { signal, code: BY_THE_SYSTEM, detail: Detail::Sender { process: 0, user: 0 } };
    // A standard signal always finds a place.
    let _ = process.send(info, usize::MAX);
}

/// Send `signal` to every process of a group.
pub(super) fn send_to_group(registry: &Registry, group: u32, signal: Signal) {
    for process in registry.group(group) {
        send(&process, signal);
    }
}
