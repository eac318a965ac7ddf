//! The host handle: a Linux process has no state of its own beyond what the arena and the regions hold.

/// A Linux process as a host. Every handle is the same; the methods are in the noun files.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinuxProcess;
