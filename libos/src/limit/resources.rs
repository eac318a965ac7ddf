//! The sixteen resource limits of a process.

use litebox_host::sync::Mutex;

use crate::error::{Error, ErrorKind, Result};

/// No limit.
pub const INFINITE: u64 = u64::MAX;

/// What a limit is about (`getrlimit(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Processor time in seconds.
    Cpu,
    /// Size of files written, in bytes.
    FileSize,
    /// Data segment in bytes.
    Data,
    /// Main stack in bytes.
    Stack,
    /// Core file in bytes.
    Core,
    /// Resident set in bytes.
    ResidentSet,
    /// Threads of the user.
    Processes,
    /// One more than the largest descriptor number.
    Files,
    /// Locked memory in bytes.
    LockedMemory,
    /// Address space in bytes.
    AddressSpace,
    /// File locks.
    Locks,
    /// Queued signals of the user.
    PendingSignals,
    /// Bytes in message queues of the user.
    MessageQueues,
    /// Ceiling of the nice value, as 20 - value.
    Nice,
    /// Ceiling of the real-time priority.
    RealtimePriority,
    /// Real-time processor time without blocking, in microseconds.
    RealtimeTime,
}

/// How many there are.
const COUNT: usize = 16;

/// One limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is enforced.
    pub soft: u64,
    /// How far the soft limit may be raised.
    pub hard: u64,
}

const fn both(value: u64) -> Limit {
    Limit { soft: value, hard: value }
}

/// What a program finds when it starts, in the order of [`Resource`]: what Linux distributions give.
const INITIAL: [Limit; COUNT] = [
    both(INFINITE),
    both(INFINITE),
    both(INFINITE),
    Limit { soft: 8 << 20, hard: INFINITE },
    Limit { soft: 0, hard: INFINITE },
    both(INFINITE),
    both(32_768),
    Limit { soft: 1024, hard: 1 << 20 },
    both(8 << 20),
    both(INFINITE),
    both(INFINITE),
    both(32_768),
    both(819_200),
    both(0),
    both(0),
    both(INFINITE),
];

/// The limits of a process.
pub struct Limits {
    limits: Mutex<[Limit; COUNT]>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { limits: Mutex::new(INITIAL) }
    }
}

impl Limits {
    /// A copy, for a child process.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { limits: Mutex::new(*self.limits.lock()) }
    }

    /// A limit as it is now.
    pub fn get(&self, resource: Resource) -> Limit {
        self.limits.lock().get(resource as usize).copied().unwrap_or(both(INFINITE))
    }

    /// The enforced value of a limit.
    pub fn soft(&self, resource: Resource) -> u64 {
        self.get(resource).soft
    }

    /// Replace a limit; the one before. Only the privileged raise a hard limit.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if the soft limit is above the hard one; [`ErrorKind::NotPermitted`].
    pub fn set(&self, resource: Resource, new: Limit, privileged: bool) -> Result<Limit> {
        /// Above this no descriptor table can grow (`/proc/sys/fs/nr_open`).
        const MOST_FILES: u64 = 1 << 20;
        if new.soft > new.hard {
            return Err(Error::new(ErrorKind::InvalidArgument, "the soft limit is above the hard one"));
        }
        if resource == Resource::Files && new.hard > MOST_FILES {
            return Err(Error::new(ErrorKind::NotPermitted, "no table holds so many descriptors"));
        }
        let mut limits = self.limits.lock();
        let Some(slot) = limits.get_mut(resource as usize) else {
            return Err(Error::new(ErrorKind::InvalidArgument, "no such resource"));
        };
        if new.hard > slot.hard && !privileged {
            return Err(Error::new(ErrorKind::NotPermitted, "only the privileged raise a hard limit"));
        }
        Ok(core::mem::replace(slot, new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hard_limit_only_goes_down() {
        let limits = Limits::default();
        let low = Limit { soft: 10, hard: 20 };
        assert_eq!(limits.set(Resource::Files, low, false).unwrap().soft, 1024);
        assert_eq!(limits.soft(Resource::Files), 10);
        let higher = Limit { soft: 10, hard: 21 };
        assert_eq!(limits.set(Resource::Files, higher, false).unwrap_err().kind, ErrorKind::NotPermitted);
        assert!(limits.set(Resource::Files, higher, true).is_ok());
        let wrong = Limit { soft: 2, hard: 1 };
        assert_eq!(limits.set(Resource::Core, wrong, true).unwrap_err().kind, ErrorKind::InvalidArgument);
    }
}
