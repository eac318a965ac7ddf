//! Times and clocks.

use core::time::Duration;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::error::{Errno, Result};

const NANOSECONDS: i64 = 1_000_000_000;
const MICROSECONDS: i64 = 1_000_000;

/// `struct timespec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Timespec {
    /// Whole seconds.
    pub seconds: i64,
    /// 0 to 999,999,999.
    pub nanoseconds: i64,
}

impl Timespec {
    /// The length of time that this says.
    ///
    /// # Errors
    /// `EINVAL` if it is negative or has a second's worth of nanoseconds.
    pub fn duration(self) -> Result<Duration> {
        let seconds = u64::try_from(self.seconds).map_err(|_| Errno::EINVAL)?;
        let nanoseconds = Some(self.nanoseconds).filter(|nanoseconds| (0..NANOSECONDS).contains(nanoseconds));
        let nanoseconds = nanoseconds.and_then(|value| u32::try_from(value).ok()).ok_or(Errno::EINVAL)?;
        Ok(Duration::new(seconds, nanoseconds))
    }
}

impl From<Duration> for Timespec {
    /// Lengths beyond 292 thousand million years are cut.
    fn from(duration: Duration) -> Self {
        Self {
            seconds: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
            nanoseconds: i64::from(duration.subsec_nanos()),
        }
    }
}

/// `struct timeval`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Timeval {
    /// Whole seconds.
    pub seconds: i64,
    /// 0 to 999,999.
    pub microseconds: i64,
}

impl Timeval {
    /// The length of time that this says.
    ///
    /// # Errors
    /// `EINVAL` if it is negative or has a second's worth of microseconds.
    pub fn duration(self) -> Result<Duration> {
        if !(0..MICROSECONDS).contains(&self.microseconds) {
            return Err(Errno::EINVAL);
        }
        Timespec { seconds: self.seconds, nanoseconds: self.microseconds * 1000 }.duration()
    }
}

impl From<Duration> for Timeval {
    fn from(duration: Duration) -> Self {
        let Timespec { seconds, .. } = duration.into();
        Self { seconds, microseconds: i64::from(duration.subsec_micros()) }
    }
}

/// `struct itimerspec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Itimerspec {
    /// Time between expiries.
    pub interval: Timespec,
    /// Time to the first expiry, or its time; 0 for none.
    pub value: Timespec,
}

/// `struct itimerval`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Itimerval {
    /// Time between expiries.
    pub interval: Timeval,
    /// Time to the first expiry; 0 for none.
    pub value: Timeval,
}

/// `struct timezone`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Timezone {
    /// Minutes west of Greenwich.
    pub minutes_west: i32,
    /// Kind of daylight-saving time.
    pub daylight: i32,
}

/// `struct tms`, in clock ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of times(2)")]
pub struct Tms {
    pub user: i64,
    pub system: i64,
    pub children_user: i64,
    pub children_system: i64,
}

/// Clock ticks a second (`AT_CLKTCK`).
pub const TICKS_PER_SECOND: u64 = 100;

/// `TIMER_ABSTIME`.
pub const TIMER_ABSTIME: i32 = 1;

/// `struct timex` (`adjtimex(2)`).
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of adjtimex(2)")]
pub struct Timex {
    pub modes: u32,
    pub padding: u32,
    pub offset: i64,
    pub frequency: i64,
    pub maximum_error: i64,
    pub estimated_error: i64,
    pub status: i32,
    pub padding2: i32,
    pub constant: i64,
    pub precision: i64,
    pub tolerance: i64,
    pub time: Timeval,
    pub tick: i64,
    pub unused: [i64; 8],
    pub tai: i32,
    pub padding3: [i32; 11],
}

/// The clock is not synchronised (`STA_UNSYNC`).
pub const STA_UNSYNC: i32 = 0x40;
/// What `adjtimex(2)` answers for such a clock (`TIME_ERROR`).
pub const TIME_ERROR: i32 = 5;

/// `struct sigevent` (`timer_create(2)`).
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Sigevent {
    /// Passed on to the handler.
    pub value: u64,
    /// The signal.
    pub signal: i32,
    /// One of the `SIGEV_` numbers.
    pub notify: i32,
    /// For `SIGEV_THREAD_ID`, the thread.
    pub thread: i32,
    /// Unused here.
    pub padding: [i32; 11],
}

/// A signal to the process.
pub const SIGEV_SIGNAL: i32 = 0;
/// Nothing.
pub const SIGEV_NONE: i32 = 1;
/// A function of the C library, which the kernel takes for [`SIGEV_SIGNAL`].
pub const SIGEV_THREAD: i32 = 2;
/// A signal to one thread.
pub const SIGEV_THREAD_ID: i32 = 4;

/// `ITIMER_REAL`.
pub const ITIMER_REAL: i32 = 0;
/// `ITIMER_VIRTUAL`.
pub const ITIMER_VIRTUAL: i32 = 1;
/// `ITIMER_PROF`.
pub const ITIMER_PROF: i32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_the_kernels() {
        assert_eq!(size_of::<Timex>(), 208);
        assert_eq!(size_of::<Sigevent>(), 64);
        assert_eq!(size_of::<Itimerspec>(), 32);
    }

    #[test]
    fn lengths_are_checked() {
        let bad = |seconds, nanoseconds| Timespec { seconds, nanoseconds }.duration() == Err(Errno::EINVAL);
        assert!(bad(-1, 0) && bad(0, -1) && bad(0, NANOSECONDS));
        assert!(!bad(0, 0) && !bad(i64::MAX, NANOSECONDS - 1));
    }
}
