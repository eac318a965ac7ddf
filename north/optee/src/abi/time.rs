//! Times (GlobalPlatform TEE Internal Core API 1.3.1, section 7.1.1).

use core::time::Duration;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A `TEE_Time`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Time {
    /// Whole seconds.
    pub seconds: u32,
    /// And milliseconds, below 1000.
    pub milliseconds: u32,
}

impl Time {
    /// The time, and whether its seconds did not fit.
    pub fn of(duration: Duration) -> (Self, bool) {
        let seconds = duration.as_secs();
        let milliseconds = duration.subsec_millis();
        match u32::try_from(seconds) {
            Ok(seconds) => (Self { seconds, milliseconds }, false),
            Err(_) => {
                let low = u32::try_from(seconds & u64::from(u32::MAX)).unwrap_or_default();
                (Self { seconds: low, milliseconds }, true)
            }
        }
    }
}

/// Which time is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Since some start; never goes back.
    System = 0,
    /// Set by the application.
    Persistent = 1,
    /// The client's.
    Ree = 2,
}

impl Category {
    /// The category with this number.
    pub fn decode(number: u32) -> Option<Self> {
        [Self::System, Self::Persistent, Self::Ree].into_iter().find(|category| *category as u32 == number)
    }
}
