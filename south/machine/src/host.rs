//! The host handle: the machine has no state of its own beyond what its modules hold.

/// A bare x86-64 machine as a host. Every handle is the same; the methods are in the noun files.
#[derive(Clone, Copy, Debug, Default)]
pub struct BareMachine;
