//! Noun *time*: the host's clocks.

use alloc::sync::Arc;
use core::time::Duration;

use crate::HostError;
use crate::thread::HostThread;

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
    /// [`Clock::Realtime`] as of the last timer tick: cheap and not precise.
    RealtimeCoarse,
    /// [`Clock::Monotonic`] as of the last timer tick.
    MonotonicCoarse,
    /// [`Clock::Monotonic`] plus the time the machine slept.
    Boottime,
    /// International atomic time.
    Tai,
    /// Processor time used by the current guest process.
    ProcessCpu,
    /// Processor time used by the calling thread.
    ThreadCpu,
    /// Processor time used by a thread of the current guest process; 0 once it is gone.
    ThreadCpuOf(HostThread),
}

/// The host's clocks.
pub trait Time {
    /// The clock's reading.
    fn now(&self, clock: Clock) -> Duration;
    /// The smallest step of the clock.
    fn resolution(&self, clock: Clock) -> Duration;
}

/// What an [`Alarm`] calls.
pub trait Ring: Send + Sync {
    /// The time has come, or has passed a little. Answers when to ring next, if at all; a
    /// [`set_alarm`](Alarm::set_alarm) made while this runs wins over the answer. Does not block.
    fn ring(&self) -> Option<Deadline>;
}

/// One timer for each guest process, for what happens while no thread of it waits for time to pass.
pub trait Alarm {
    /// Call `alarm.ring()` once `deadline` has come, in place of the deadline set before; `None` stops it. The
    /// call comes on a thread (or in an interrupt) of the host's own that never runs guest code and holds no
    /// lock. a process has one alarm: `alarm` is the same in all calls from a process.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] if the host has no timer or thread for it.
    fn set_alarm(&self, alarm: &Arc<dyn Ring>, deadline: Option<Deadline>) -> Result<(), HostError>;
}

/// Reading clocks without entering the library OS.
pub trait Vdso {
    /// A shared object for the guest's processor: whole pages, right at any page of the guest's, with the functions
    /// of `vdso(7)`. `None` if guests of this host have to make system calls.
    fn vdso(&self) -> Option<&[u8]>;
}
