//! What processes have used.

use core::time::Duration;

/// What a process, or the children that it waited for, have used (`getrusage(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Usage {
    /// Processor time. All of it counts as the user's: the library OS runs in the guest's own time.
    pub time: Duration,
    /// The most memory at a time, in bytes.
    pub memory: usize,
}

impl Usage {
    /// The sum of two: times are added, the larger memory counts.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { time: self.time.saturating_add(other.time), memory: self.memory.max(other.memory) }
    }
}
