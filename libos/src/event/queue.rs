//! Who waits for an object to change.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicU32, Mutex, Ordering};

use super::{Readiness, Wake};
use crate::error::{Error, ErrorKind, Result};

/// The waiters of one object. Owned by the object; see the module for the lock order.
#[derive(Default)]
pub struct WaitQueue {
    waiters: Mutex<Waiters>,
    /// Count of waiters, so that waking an unwatched object takes no lock.
    count: AtomicU32,
}

#[derive(Default)]
struct Waiters {
    next: u64,
    entries: Vec<Waiter>,
}

#[derive(Clone)]
struct Waiter {
    id: u64,
    interest: Readiness,
    exclusive: bool,
    target: Arc<dyn Wake>,
}

/// Names an entry of the queue that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration(u64);

/// Whether one wake-up is enough for all exclusive waiters of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sharing {
    All,
    Exclusive,
}

impl WaitQueue {
    /// A queue that nobody waits in.
    pub const fn new() -> Self {
        let waiters = Waiters { next: 0, entries: Vec::new() };
        Self { waiters: Mutex::new(waiters), count: AtomicU32::new(0) }
    }

    /// Wake `target` from now on whenever one of `interest` may have come true.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn register(&self, target: Arc<dyn Wake>, interest: Readiness) -> Result<Registration> {
        self.add(target, interest, Sharing::All)
    }

    /// As [`WaitQueue::register`], but of the exclusive waiters each wake-up reaches only one.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn register_exclusive(&self, target: Arc<dyn Wake>, interest: Readiness) -> Result<Registration> {
        self.add(target, interest, Sharing::Exclusive)
    }

    fn add(&self, target: Arc<dyn Wake>, interest: Readiness, sharing: Sharing) -> Result<Registration> {
        let mut waiters = self.waiters.lock();
        waiters
            .entries
            .try_reserve(1)
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a waiter"))?;
        let id = waiters.next;
        waiters.next += 1;
        waiters.entries.push(Waiter { id, interest, exclusive: sharing == Sharing::Exclusive, target });
        self.count.fetch_add(1, Ordering::SeqCst);
        Ok(Registration(id))
    }

    /// Forget an entry; forgetting it twice is harmless.
    pub fn unregister(&self, registration: Registration) {
        let mut waiters = self.waiters.lock();
        if let Some(index) = waiters.entries.iter().position(|waiter| waiter.id == registration.0) {
            waiters.entries.remove(index);
            self.count.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Tell the waiters that `ready` may have come true. Errors and hang-ups reach everybody.
    pub fn wake(&self, ready: Readiness) {
        // Pairs with the count's increment before a waiter's last look at the object.
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        for target in self.targets(ready) {
            target.wake(ready);
        }
    }

    fn targets(&self, ready: Readiness) -> Vec<Arc<dyn Wake>> {
        let everybody = ready.intersects(Readiness::ERROR | Readiness::HANG_UP);
        let mut exclusive_left = 1;
        let waiters = self.waiters.lock();
        let chosen = waiters.entries.iter().filter(|waiter| {
            if !everybody && !waiter.interest.intersects(ready) {
                return false;
            }
            if waiter.exclusive && !everybody {
                exclusive_left -= 1;
                return exclusive_left == 0;
            }
            true
        });
        chosen.map(|waiter| Arc::clone(&waiter.target)).collect()
    }
}
