//! All semaphore sets of a sandbox.

use alloc::sync::Arc;

use litebox_host::sync::{AtomicUsize, Ordering};

use super::SemaphoreSet;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Caller, FileHost};
use crate::ipc::{Creation, Objects};

/// Semaphores of one set at most (`SEMMSL`).
pub const MAX_SEMAPHORES: usize = 32_000;
/// Semaphores of all sets at most (`SEMMNS`); fewer than Linux has by default, which is more than anybody's memory.
pub const MAX_TOTAL: usize = 1_024_000;
/// Operations of one request at most (`SEMOPM`).
pub const MAX_OPERATIONS: usize = 500;
/// Sets at most (`SEMMNI`).
pub const MAX_SETS: usize = 32_000;
/// The largest value of a semaphore (`SEMVMX`).
pub const MAX_VALUE: i32 = 32_767;

/// All semaphore sets of a sandbox.
pub struct Semaphores {
    host: Arc<dyn FileHost>,
    sets: Objects<SemaphoreSet>,
    used: AtomicUsize,
}

impl Semaphores {
    /// No sets.
    pub(in crate::ipc) fn new(host: &Arc<dyn FileHost>) -> Self {
        Self { host: Arc::clone(host), sets: Objects::new(MAX_SETS), used: AtomicUsize::new(0) }
    }

    /// The sets by number.
    pub const fn sets(&self) -> &Objects<SemaphoreSet> {
        &self.sets
    }

    /// How many semaphores there are.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Find or make a set of at least `count` semaphores; its number. `mode` are the permission bits of a new one, and
    /// the rights that are wanted of one that is there.
    ///
    /// # Errors
    /// Those of `semget(2)`.
    pub fn get(&self, creation: Creation, count: usize, mode: u32, caller: &Caller) -> Result<i32> {
        if count > MAX_SEMAPHORES {
            return Err(Error::new(ErrorKind::InvalidArgument, "more semaphores than a set may have"));
        }
        let accept = |set: &SemaphoreSet| set.accept(count, mode, &caller.credentials);
        self.sets.find_or_make(creation, accept, |_| {
            if count == 0 {
                return Err(Error::new(ErrorKind::InvalidArgument, "a set has at least one semaphore"));
            }
            self.charge(count)?;
            let made = SemaphoreSet::new(&self.host, creation.key, count, mode, &caller.credentials);
            made.inspect_err(|_| self.release(count))
        })
    }

    /// Remove the set numbered `id`: who waits for it learns of it.
    ///
    /// # Errors
    /// Those of `semctl(2)`, `IPC_RMID`.
    pub fn remove(&self, id: i32, caller: &Caller) -> Result<()> {
        let set = self.sets.get(id)?;
        set.check_owner(&caller.credentials)?;
        if self.sets.remove(id).is_some() {
            set.remove();
            self.release(set.count());
        }
        Ok(())
    }

    fn charge(&self, count: usize) -> Result<()> {
        let more = |used: usize| used.checked_add(count).filter(|used| *used <= MAX_TOTAL);
        let charged = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        charged.map(drop).map_err(|_| Error::new(ErrorKind::NoSpace, "too many semaphores"))
    }

    fn release(&self, count: usize) {
        self.used.fetch_sub(count, Ordering::Relaxed);
    }
}
