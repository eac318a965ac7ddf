//! Whole-file advisory locks (`flock(2)`): held by an open file, whichever descriptors refer to it. They and record
//! locks do not see each other.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicU64, Mutex, Ordering};

use super::record::LockKind;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};

/// The whole-file locks on one object.
#[derive(Default)]
pub struct FileLocks {
    holders: Mutex<Vec<Holder>>,
    released: WaitQueue,
    next_owner: AtomicU64,
}

struct Holder {
    owner: u64,
    kind: LockKind,
}

/// The lock that one open file may hold; let go on drop.
pub struct WholeLock {
    locks: Arc<FileLocks>,
    owner: u64,
}

impl WholeLock {
    /// A lock not held yet.
    pub fn new(locks: &Arc<FileLocks>) -> Self {
        let owner = locks.next_owner.fetch_add(1, Ordering::Relaxed);
        Self { locks: Arc::clone(locks), owner }
    }

    /// Take the lock, giving up the one that is held.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] while somebody else's forbids it; see [`WholeLock::queue`].
    pub fn take(&self, kind: LockKind) -> Result<()> {
        let mut holders = self.locks.holders.lock();
        let held = holders.len();
        holders.retain(|holder| holder.owner != self.owner);
        let gave_up = holders.len() < held;
        let conflict =
            holders.iter().any(|holder| kind == LockKind::Exclusive || holder.kind == LockKind::Exclusive);
        let outcome = if conflict {
            Err(Error::new(ErrorKind::WouldBlock, "somebody else holds the lock"))
        } else {
            self.add(&mut holders, kind)
        };
        drop(holders);
        if gave_up {
            self.locks.released.wake(Readiness::WRITE);
        }
        outcome
    }

    fn add(&self, holders: &mut Vec<Holder>, kind: LockKind) -> Result<()> {
        holders.try_reserve(1).map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a lock"))?;
        holders.push(Holder { owner: self.owner, kind });
        Ok(())
    }

    /// Let go.
    pub fn release(&self) {
        self.locks.holders.lock().retain(|holder| holder.owner != self.owner);
        self.locks.released.wake(Readiness::WRITE);
    }

    /// Where it is announced, as [`Readiness::WRITE`], that somebody let go.
    pub fn queue(&self) -> &WaitQueue {
        &self.locks.released
    }
}

impl Drop for WholeLock {
    fn drop(&mut self) {
        self.release();
    }
}
