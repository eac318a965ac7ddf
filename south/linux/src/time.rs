//! Noun *time*: the host's clocks, by its vDSO where that has them.
#![expect(unsafe_code, reason = "the host's vDSO is called by address")]

use core::time::Duration;

use litebox_host::thread::HostThread;
use litebox_host::time::{Clock, Time, Vdso};

use crate::host::LinuxProcess;
use crate::{arena, calls};

/// `struct timespec`.
#[repr(C)]
#[derive(Default)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

impl Timespec {
    fn duration(&self) -> Duration {
        let seconds = u64::try_from(self.seconds).unwrap_or_default();
        Duration::new(seconds, u32::try_from(self.nanoseconds).unwrap_or_default())
    }
}

/// Whether `rip` is in the host's vDSO.
pub(crate) fn vdso_holds(rip: u64) -> Option<usize> {
    let rip = usize::try_from(rip).ok()?;
    arena::header().vdso.range().contains(&rip).then_some(rip)
}

/// The host's number of a clock (`clock_getres(2)`).
fn number(clock: Clock) -> usize {
    match clock {
        Clock::Realtime => 0,
        Clock::Monotonic => 1,
        Clock::ProcessCpu => 2,
        Clock::ThreadCpu => 3,
        Clock::MonotonicRaw => 4,
        Clock::RealtimeCoarse => 5,
        Clock::MonotonicCoarse => 6,
        Clock::Boottime => 7,
        Clock::Tai => 11,
        Clock::ThreadCpuOf(thread) => thread_clock(thread),
    }
}

/// The number of a thread's clock: its own number inverted, and three bits (`clock_getcpuclockid(3)`).
#[expect(clippy::cast_possible_truncation, reason = "the low half is the thread's number")]
fn thread_clock(thread: HostThread) -> usize {
    /// Time in the processor, as the scheduler counts it, of a thread.
    const KIND: u32 = 4 | 2;
    (!(thread.0 as u32) << 3 | KIND) as usize
}

impl Time for LinuxProcess {
    fn now(&self, clock: Clock) -> Duration {
        let mut time = Timespec::default();
        let address = arena::header().vdso.clock_gettime();
        let by_call =
            address == 0 || matches!(clock, Clock::ProcessCpu | Clock::ThreadCpu | Clock::ThreadCpuOf(_));
        if by_call {
            // SAFETY: the kernel writes one `struct timespec` to a local.
            let _ = unsafe { calls::clock_gettime(number(clock), (&raw mut time).addr()) };
        } else {
            let function = core::ptr::with_exposed_provenance::<()>(address);
            // SAFETY: the address is that of the host's function with this signature; it uses no thread-local
            // storage and no vector register above SSE2.
            let function: extern "C" fn(usize, *mut Timespec) -> i32 =
                unsafe { core::mem::transmute(function) };
            function(number(clock), &raw mut time);
        }
        time.duration()
    }

    fn resolution(&self, clock: Clock) -> Duration {
        // All threads' clocks have the same steps.
        let kind = if matches!(clock, Clock::ThreadCpuOf(_)) { Clock::ThreadCpu } else { clock };
        let mut time = Timespec::default();
        // SAFETY: the kernel writes one `struct timespec` to a local.
        let _ = unsafe { calls::clock_getres(number(kind), (&raw mut time).addr()) };
        time.duration()
    }
}

impl Vdso for LinuxProcess {
    fn vdso(&self) -> Option<&[u8]> {
        Some(&arena::header().guest_vdso)
    }
}
