//! What `/proc` and `/sys` tell of the machine.

use alloc::vec::Vec;

/// The machine as guests see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Processors that threads may run on.
    pub processors: u32,
    /// Bytes of memory that the sandbox may use.
    pub memory: u64,
    /// The machine's name in the network.
    pub host_name: Vec<u8>,
    /// The release of the kernel, as in `uname -r`.
    pub release: Vec<u8>,
    /// The version of the kernel, as in `uname -v`.
    pub version: Vec<u8>,
    /// The feature words of `/proc/cpuinfo`, separated by spaces.
    pub processor_flags: Vec<u8>,
}

impl Machine {
    /// Bytes of memory that guests are told are free. What they touch is not counted, so that it is always the same
    /// half: enough to size a cache by, and not all there is.
    pub fn memory_free(&self) -> u64 {
        self.memory / 2
    }
}
