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
    /// An exclusive waiter that a wake-up has reached and that has not looked again: the next one goes to
    /// another waiter.
    woken: bool,
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

    /// As [`WaitQueue::register`], but of the exclusive waiters each wake-up reaches only one: the longest
    /// registered that has looked at the object ([`WaitQueue::rearm`]) since it was last woken.
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
        waiters.entries.push(Waiter {
            id,
            interest,
            exclusive: sharing == Sharing::Exclusive,
            woken: false,
            target,
        });
        self.count.fetch_add(1, Ordering::SeqCst);
        Ok(Registration(id))
    }

    /// An exclusive waiter is about to look at the object again. It must look after this call.
    pub fn rearm(&self, registration: Registration) {
        let mut waiters = self.waiters.lock();
        if let Some(waiter) = waiters.entries.iter_mut().find(|waiter| waiter.id == registration.0) {
            waiter.woken = false;
        }
    }

    /// Forget an entry; forgetting it twice is harmless. Whether it is an exclusive waiter that was woken and has
    /// not looked since: if it leaves without what it waited for, it passes the wake-up on.
    pub fn unregister(&self, registration: Registration) -> bool {
        let mut waiters = self.waiters.lock();
        let Some(index) = waiters.entries.iter().position(|waiter| waiter.id == registration.0) else {
            return false;
        };
        self.count.fetch_sub(1, Ordering::SeqCst);
        waiters.entries.remove(index).woken
    }

    /// Tell the waiters that `ready` may have come true. Errors and hang-ups reach everybody.
    pub fn wake(&self, ready: Readiness) {
        // Pairs with the count's increment before a waiter's last look at the object.
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        self.targets(ready, Sharing::All).wake(ready);
    }

    /// An exclusive waiter took part of what its wake-up announced: wake the next one for the rest.
    pub fn pass_on(&self, ready: Readiness) {
        if self.count.load(Ordering::SeqCst) > 0 {
            self.targets(ready, Sharing::Exclusive).wake(ready);
        }
    }

    fn targets(&self, ready: Readiness, reached: Sharing) -> Targets {
        let everybody = ready.intersects(Readiness::ERROR | Readiness::HANG_UP);
        // The conditions that are news for an exclusive waiter to which nothing else is.
        let mut learned = Readiness::empty();
        let mut targets = Targets::default();
        let mut waiters = self.waiters.lock();
        for waiter in &mut waiters.entries {
            let news = waiter.interest & ready;
            let concerned = everybody || !news.is_empty();
            if !concerned || (reached == Sharing::Exclusive && !waiter.exclusive) {
                continue;
            }
            if waiter.exclusive && !everybody {
                if waiter.woken || learned.contains(news) {
                    continue;
                }
                if news.bits().is_power_of_two() {
                    learned |= news;
                }
            }
            waiter.woken = waiter.exclusive;
            targets.push(&waiter.target);
        }
        targets
    }
}

/// How many waiters are woken without memory for a list: almost always there are one or two.
const FEW: usize = 4;

/// Whom a wake-up reaches.
#[derive(Default)]
struct Targets {
    few: [Option<Arc<dyn Wake>>; FEW],
    many: Vec<Arc<dyn Wake>>,
    count: usize,
}

impl Targets {
    fn push(&mut self, target: &Arc<dyn Wake>) {
        match self.few.get_mut(self.count) {
            Some(slot) => *slot = Some(Arc::clone(target)),
            None => self.many.push(Arc::clone(target)),
        }
        self.count += 1;
    }

    fn wake(self, ready: Readiness) {
        for target in self.few.into_iter().flatten().chain(self.many) {
            target.wake(ready);
        }
    }
}
