//! Noun *time*: the host's clocks.

use core::time::Duration;

/// A point in time on [`Clock::Monotonic`], in nanoseconds: when a wait gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub u64);

/// The clocks a host has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Wall-clock time since 1970-01-01 UTC; may be set.
    Realtime,
    /// Time since some start; never goes back, stops while the machine sleeps.
    Monotonic,
    /// [`Clock::Monotonic`] without rate adjustments.
    MonotonicRaw,
    /// [`Clock::Monotonic`] plus the time the machine slept.
    Boottime,
    /// International atomic time.
    Tai,
    /// Processor time used by the current guest process.
    ProcessCpu,
    /// Processor time used by the calling thread.
    ThreadCpu,
}

/// The host's clocks.
pub trait Time {
    /// The clock's reading.
    fn now(&self, clock: Clock) -> Duration;
    /// The smallest step of the clock.
    fn resolution(&self, clock: Clock) -> Duration;
}
