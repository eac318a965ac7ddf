//! The queues: hashed buckets of waiters.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicBool, AtomicUsize, Mutex, MutexGuard, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::event::Parker;

/// What a futex word is, apart from the address at which a thread sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A word that only one address space sees.
    Private {
        /// Number of the address space.
        space: u64,
        /// The word's address.
        address: usize,
    },
    /// A word of an object that several address spaces may map.
    Shared {
        /// Number of the object.
        object: u64,
        /// The word's offset in it.
        offset: u64,
    },
}

impl Key {
    /// Mixes both numbers (the multiplier is that of Fibonacci hashing).
    fn bucket(self) -> usize {
        let (first, second) = match self {
            Self::Private { space, address } => (space, address as u64),
            Self::Shared { object, offset } => (!object, offset),
        };
        let mixed = (first.rotate_left(32) ^ (second >> 2)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> (u64::BITS - BUCKET_BITS)).unwrap_or_default()
    }
}

const BUCKET_BITS: u32 = 8;
const BUCKETS: usize = 1 << BUCKET_BITS;

/// All futexes of a sandbox.
pub struct Futexes {
    buckets: Vec<Bucket>,
}

type Bucket = Mutex<Vec<Waiter>>;

/// One sleeping thread's entry.
pub(super) struct Waiter {
    pub(super) key: Key,
    pub(super) mask: u32,
    pub(super) ticket: Arc<Ticket>,
}

/// What a waiter and its wakers share.
pub(super) struct Ticket {
    parker: Arc<Parker>,
    woken: AtomicBool,
    /// The bucket that the waiter is in; changed under the locks of both the old and the new one.
    bucket: AtomicUsize,
}

impl Ticket {
    pub(super) fn new(parker: &Arc<Parker>, key: Key) -> Arc<Self> {
        Arc::new(Self {
            parker: Arc::clone(parker),
            woken: AtomicBool::new(false),
            bucket: AtomicUsize::new(key.bucket()),
        })
    }

    pub(super) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::SeqCst)
    }

    /// Say that the waiter is woken; its bucket is locked.
    fn mark_woken(&self) {
        self.woken.store(true, Ordering::SeqCst);
    }

    fn wake(&self) {
        self.mark_woken();
        self.parker.unpark();
    }
}

/// The one or two buckets of an operation, locked.
struct Locked<'a> {
    first: MutexGuard<'a, Vec<Waiter>>,
    /// `None` if both keys are in one bucket.
    second: Option<MutexGuard<'a, Vec<Waiter>>>,
}

impl Default for Futexes {
    fn default() -> Self {
        Self { buckets: (0..BUCKETS).map(|_| Mutex::default()).collect() }
    }
}

const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a futex waiter");
const CHANGED: Error = Error::new(ErrorKind::WouldBlock, "the futex word is not as expected");

impl Futexes {
    /// No waiters.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    fn lock(&self, index: usize) -> Option<MutexGuard<'_, Vec<Waiter>>> {
        self.buckets.get(index).map(Mutex::lock)
    }

    fn lock_two(&self, first: Key, second: Key) -> Result<Locked<'_>> {
        let (a, b) = (first.bucket(), second.bucket());
        let lower = self.lock(a.min(b)).ok_or(NO_MEMORY)?;
        let upper = if a == b { None } else { Some(self.lock(a.max(b)).ok_or(NO_MEMORY)?) };
        Ok(match upper {
            Some(upper) if a > b => Locked { first: upper, second: Some(lower) },
            upper => Locked { first: lower, second: upper },
        })
    }

    /// Let `ticket` wait for `key` unless `is_expected` says that the word is something else.
    pub(super) fn enqueue(
        &self,
        key: Key,
        mask: u32,
        ticket: Arc<Ticket>,
        is_expected: impl FnOnce() -> Result<bool>,
    ) -> Result<()> {
        let mut bucket = self.lock(key.bucket()).ok_or(NO_MEMORY)?;
        bucket.try_reserve(1).map_err(|_| NO_MEMORY)?;
        if !is_expected()? {
            return Err(CHANGED);
        }
        bucket.push(Waiter { key, mask, ticket });
        Ok(())
    }

    /// Take `ticket` out of its queue. Whether it was still in one: if not, it has been woken.
    pub(super) fn withdraw(&self, ticket: &Arc<Ticket>) -> bool {
        loop {
            if ticket.is_woken() {
                return false;
            }
            let index = ticket.bucket.load(Ordering::SeqCst);
            let Some(mut bucket) = self.lock(index) else { return false };
            if let Some(at) = bucket.iter().position(|waiter| Arc::ptr_eq(&waiter.ticket, ticket)) {
                bucket.remove(at);
                return true;
            }
            // Not here: it was woken, or moved to another bucket before this one was locked.
        }
    }

    /// Wake at most `count` waiters of `key` whose mask meets `mask`, the oldest first; how many.
    pub fn wake(&self, key: Key, mask: u32, count: usize) -> usize {
        let mut woken = 0;
        while woken < count {
            let mut batch = Batch::default();
            if let Some(mut bucket) = self.lock(key.bucket()) {
                batch.fill(&mut bucket, key, mask, count - woken);
            }
            woken += batch.count;
            if !batch.wake() {
                break;
            }
        }
        woken
    }

    /// Wake `wake` waiters of `from`, and let `requeue` more wait for `to` instead; how many of each. Nothing
    /// happens unless `is_expected` says that the word is as expected.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if it is not; whatever `is_expected` answers; [`ErrorKind::NoMemory`].
    pub fn requeue(
        &self,
        from: Key,
        to: Key,
        wake: usize,
        requeue: usize,
        is_expected: impl FnOnce() -> Result<bool>,
    ) -> Result<(usize, usize)> {
        let mut locked = self.lock_two(from, to)?;
        if !is_expected()? {
            return Err(CHANGED);
        }
        let woken = wake_locked(&mut locked.first, from, u32::MAX, wake);
        let moved = move_locked(&mut locked, from, to, requeue)?;
        Ok((woken, moved))
    }

    /// Change the word of `second` by `change`, wake `wake` waiters of `first`, and `wake_second` of `second` if
    /// `change` says so; how many in all.
    ///
    /// # Errors
    /// Whatever `change` answers.
    pub fn wake_two(
        &self,
        first: Key,
        second: Key,
        wake: usize,
        wake_second: usize,
        change: impl FnOnce() -> Result<bool>,
    ) -> Result<usize> {
        let mut locked = self.lock_two(first, second)?;
        let also_second = change()?;
        let woken = wake_locked(&mut locked.first, first, u32::MAX, wake);
        let more = if also_second { wake_second } else { 0 };
        let bucket = locked.second.as_mut().unwrap_or(&mut locked.first);
        Ok(woken + wake_locked(bucket, second, u32::MAX, more))
    }
}

/// Waiters taken out of a bucket, to be woken once it is unlocked.
#[derive(Default)]
struct Batch {
    tickets: [Option<Arc<Ticket>>; Batch::SIZE],
    count: usize,
}

impl Batch {
    const SIZE: usize = 16;

    fn fill(&mut self, bucket: &mut Vec<Waiter>, key: Key, mask: u32, limit: usize) {
        let mut slots = self.tickets.iter_mut().take(limit);
        bucket.retain(|waiter| {
            if waiter.key != key || waiter.mask & mask == 0 {
                return true;
            }
            let Some(slot) = slots.next() else { return true };
            waiter.ticket.mark_woken();
            *slot = Some(Arc::clone(&waiter.ticket));
            self.count += 1;
            false
        });
    }

    /// Wake them; whether there may be more.
    fn wake(self) -> bool {
        for ticket in self.tickets.iter().flatten() {
            ticket.parker.unpark();
        }
        self.count == Self::SIZE
    }
}

fn wake_locked(bucket: &mut Vec<Waiter>, key: Key, mask: u32, count: usize) -> usize {
    let mut woken = 0;
    bucket.retain(|waiter| {
        if woken == count || waiter.key != key || waiter.mask & mask == 0 {
            return true;
        }
        waiter.ticket.wake();
        woken += 1;
        false
    });
    woken
}

fn move_locked(locked: &mut Locked<'_>, from: Key, to: Key, count: usize) -> Result<usize> {
    let matching = locked.first.iter().filter(|waiter| waiter.key == from).count().min(count);
    if let Some(target) = &mut locked.second {
        target.try_reserve(matching).map_err(|_| NO_MEMORY)?;
    }
    let mut moved = 0;
    let mut index = 0;
    while moved < matching {
        let Some(waiter) = locked.first.get_mut(index) else { break };
        if waiter.key != from {
            index += 1;
            continue;
        }
        waiter.key = to;
        waiter.ticket.bucket.store(to.bucket(), Ordering::SeqCst);
        moved += 1;
        match &mut locked.second {
            Some(target) => target.push(locked.first.remove(index)),
            None => index += 1,
        }
    }
    Ok(moved)
}
