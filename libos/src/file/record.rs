//! Record locks: ranges of a file that a process or a description has reserved (`fcntl_locking(2)`).
//!
//! The locks are advisory and belong to the file's identity, not to an open object of it. Lock order: the table's
//! lock is a leaf, apart from the wait queue's.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicU32, Mutex, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};

/// Whose lock it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A process, by its descriptor table: POSIX locks.
    Table(usize),
    /// An open file description.
    Description(usize),
}

/// How a range is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockKind {
    /// With others that read.
    Shared,
    /// Alone.
    Exclusive,
}

/// What a file is to the locks on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileIdentity {
    /// The file system.
    pub device: u64,
    /// The file in it.
    pub inode: u64,
}

/// One locked range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// First byte.
    pub first: u64,
    /// Last byte, inclusive; the largest value for "to the end, wherever it is".
    pub last: u64,
    /// How.
    pub kind: LockKind,
    /// Whose.
    pub owner: Owner,
    /// The process that took it, for whoever asks.
    pub process: u32,
}

impl Record {
    fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    fn conflicts(&self, other: &Self) -> bool {
        let exclusive = self.kind == LockKind::Exclusive || other.kind == LockKind::Exclusive;
        exclusive && self.owner != other.owner && self.overlaps(other)
    }
}

/// All locks of a sandbox.
#[derive(Default)]
pub struct LockTable {
    files: Mutex<BTreeMap<FileIdentity, Vec<Record>>>,
    /// Files with locks, so that a close in a sandbox without any takes no lock.
    count: AtomicU32,
    released: WaitQueue,
    /// Requests that wait, none for its own owner in the end. Locked after the files.
    waiting: Mutex<Vec<Waiting>>,
}

/// A request that waits.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Waiting {
    file: FileIdentity,
    wanted: Record,
}

/// A request's turn, waited for while this exists.
pub struct Turn<'a> {
    table: &'a LockTable,
    waiting: Waiting,
    /// Whether it is among those that wait.
    has_joined: bool,
}

/// The most ranges locked in one file: each request walks all of them.
const MAX_RECORDS: usize = 1 << 16;

const CONFLICT: Error = Error::new(ErrorKind::WouldBlock, "the range is locked");
const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a lock");
const DEADLOCK: Error = Error::new(ErrorKind::Deadlock, "who holds the range waits for the caller");

/// How many processes that wait for one another are followed, as in Linux.
const MAX_DEPTH: usize = 10;

impl LockTable {
    /// Whether nothing is locked anywhere.
    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Where the release of locks is announced.
    pub fn queue(&self) -> (&WaitQueue, Readiness) {
        (&self.released, Readiness::WRITE)
    }

    /// A lock that keeps `wanted` from being taken.
    pub fn conflict(&self, file: FileIdentity, wanted: &Record) -> Option<Record> {
        let files = self.files.lock();
        files.get(&file)?.iter().find(|record| record.conflicts(wanted)).copied()
    }

    /// Take `wanted`; it replaces what its owner holds of the range.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if another owner's lock conflicts, [`ErrorKind::NoMemory`].
    pub fn lock(&self, file: FileIdentity, wanted: Record) -> Result<()> {
        let mut files = self.files.lock();
        let records = files.entry(file).or_default();
        let outcome = if records.iter().any(|record| record.conflicts(&wanted)) {
            Err(CONFLICT)
        } else {
            carve(records, &wanted).and_then(|()| insert(records, wanted))
        };
        self.settle(&mut files, file);
        drop(files);
        if outcome.is_ok() && wanted.kind == LockKind::Shared {
            // An exclusive lock may have become a shared one.
            self.released.wake(Readiness::WRITE);
        }
        outcome
    }

    /// Wait for the turn of `wanted`: once it waits, others that would wait for its owner are told if that is a deadlock.
    pub fn turn(&self, file: FileIdentity, wanted: Record) -> Turn<'_> {
        Turn { table: self, waiting: Waiting { file, wanted }, has_joined: false }
    }

    /// Let `one` wait, unless it would wait for its own owner in the end. Both are one step, so that of those in a circle
    /// only the last is told. Descriptions are in no process's hands alone, so only processes are followed.
    fn join(&self, one: &Waiting, has_joined: bool) -> Result<()> {
        let files = self.files.lock();
        let mut all = self.waiting.lock();
        if is_deadlock(&files, &all, one) {
            return Err(DEADLOCK);
        }
        if !has_joined {
            all.try_reserve(1).map_err(|_| NO_MEMORY)?;
            all.push(*one);
        }
        Ok(())
    }

    /// Give up what `range`'s owner holds of it.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`] if a lock would have to be split.
    pub fn unlock(&self, file: FileIdentity, range: &Record) -> Result<()> {
        let mut files = self.files.lock();
        let Some(records) = files.get_mut(&file) else { return Ok(()) };
        let outcome = carve(records, range);
        self.settle(&mut files, file);
        drop(files);
        self.released.wake(Readiness::WRITE);
        outcome
    }

    /// Give up all that `owner` holds of `file`.
    pub fn release(&self, file: FileIdentity, owner: Owner) {
        self.retain(|identity| identity == file, owner);
    }

    /// Give up all that `owner` holds.
    pub fn release_all(&self, owner: Owner) {
        self.retain(|_| true, owner);
    }

    fn retain(&self, concerned: impl Fn(FileIdentity) -> bool, owner: Owner) {
        if self.is_empty() {
            return;
        }
        let mut files = self.files.lock();
        files.retain(|identity, records| {
            if concerned(*identity) {
                records.retain(|record| record.owner != owner);
            }
            !records.is_empty()
        });
        self.publish_count(&files);
        drop(files);
        self.released.wake(Readiness::WRITE);
    }

    /// Forget a file without locks.
    fn settle(&self, files: &mut BTreeMap<FileIdentity, Vec<Record>>, file: FileIdentity) {
        if files.get(&file).is_some_and(Vec::is_empty) {
            files.remove(&file);
        }
        self.publish_count(files);
    }

    fn publish_count(&self, files: &BTreeMap<FileIdentity, Vec<Record>>) {
        self.count.store(u32::try_from(files.len()).unwrap_or(u32::MAX), Ordering::Release);
    }
}

impl Turn<'_> {
    /// Take the lock.
    ///
    /// # Errors
    /// Those of [`LockTable::lock`], where [`ErrorKind::WouldBlock`] is to be waited for; [`ErrorKind::Deadlock`] if the
    /// wait would never end.
    pub fn take(&mut self) -> Result<()> {
        let outcome = self.table.lock(self.waiting.file, self.waiting.wanted);
        if outcome.is_err_and(|error| error.kind == ErrorKind::WouldBlock) {
            self.table.join(&self.waiting, self.has_joined)?;
            self.has_joined = true;
        }
        outcome
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.has_joined {
            return;
        }
        let mut all = self.table.waiting.lock();
        if let Some(index) = all.iter().position(|other| *other == self.waiting) {
            all.swap_remove(index);
        }
    }
}

/// Whether `one` would wait for its own owner in the end.
fn is_deadlock(files: &BTreeMap<FileIdentity, Vec<Record>>, all: &[Waiting], one: &Waiting) -> bool {
    let blocker = |of: &Waiting| {
        files.get(&of.file)?.iter().find(|record| record.conflicts(&of.wanted)).map(|record| record.owner)
    };
    let mut next = blocker(one);
    for _ in 0..MAX_DEPTH {
        let Some(owner @ Owner::Table(_)) = next else { return false };
        if owner == one.wanted.owner {
            return true;
        }
        next = all.iter().find(|other| other.wanted.owner == owner).and_then(blocker);
    }
    false
}

/// Take `range` out of what its owner holds: at most one lock is split in two.
fn carve(records: &mut Vec<Record>, range: &Record) -> Result<()> {
    records.try_reserve(2).map_err(|_| NO_MEMORY)?;
    let mut tails = None;
    records.retain_mut(|record| {
        if record.owner != range.owner || !record.overlaps(range) {
            return true;
        }
        let tail = (record.last > range.last).then(|| Record { first: range.last + 1, ..*record });
        if record.first < range.first {
            record.last = range.first - 1;
            tails = tail.or(tails);
            return true;
        }
        match tail {
            Some(tail) => *record = tail,
            None => return false,
        }
        true
    });
    records.extend(tails);
    Ok(())
}

/// Add `wanted`, joined with its owner's neighbours of the same kind.
fn insert(records: &mut Vec<Record>, mut wanted: Record) -> Result<()> {
    if records.len() >= MAX_RECORDS {
        return Err(NO_MEMORY);
    }
    records.retain(|record| {
        let joins = record.owner == wanted.owner
            && record.kind == wanted.kind
            && record.first <= wanted.last.saturating_add(1)
            && wanted.first <= record.last.saturating_add(1);
        if joins {
            wanted.first = wanted.first.min(record.first);
            wanted.last = wanted.last.max(record.last);
        }
        !joins
    });
    records.push(wanted);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(first: u64, last: u64, kind: LockKind, owner: usize) -> Record {
        Record { first, last, kind, owner: Owner::Table(owner), process: 1 }
    }

    #[test]
    fn carving_the_middle_leaves_two() {
        let mut records = alloc::vec![record(0, 99, LockKind::Exclusive, 1)];
        carve(&mut records, &record(10, 19, LockKind::Shared, 1)).unwrap();
        records.sort_by_key(|record| record.first);
        let ranges: Vec<_> = records.iter().map(|record| (record.first, record.last)).collect();
        assert_eq!(ranges, [(0, 9), (20, 99)]);
    }

    #[test]
    fn neighbours_join_and_others_stay() {
        let mut records = alloc::vec![
            record(0, 9, LockKind::Shared, 1),
            record(20, u64::MAX, LockKind::Shared, 1),
            record(0, 9, LockKind::Shared, 2),
        ];
        insert(&mut records, record(10, 19, LockKind::Shared, 1)).unwrap();
        assert_eq!(records.len(), 2);
        assert!(records.contains(&record(0, u64::MAX, LockKind::Shared, 1)));
    }

    #[test]
    fn a_circle_of_processes_is_a_deadlock_and_a_chain_is_none() {
        let table = LockTable::default();
        let file = FileIdentity { device: 1, inode: 1 };
        let lock = |byte, owner| record(byte, byte, LockKind::Exclusive, owner);
        let kind = |turn: &mut Turn<'_>| turn.take().unwrap_err().kind;
        for owner in 1..=3 {
            table.lock(file, lock(owner as u64, owner)).unwrap();
        }
        let mut first = table.turn(file, lock(2, 1));
        assert_eq!(kind(&mut first), ErrorKind::WouldBlock);
        let mut second = table.turn(file, lock(3, 2));
        assert_eq!(kind(&mut second), ErrorKind::WouldBlock);
        let mut third = table.turn(file, lock(1, 3));
        assert_eq!(kind(&mut third), ErrorKind::Deadlock);
        assert_eq!(kind(&mut first), ErrorKind::WouldBlock, "who was told waits for nobody");
        // Who gave up is in nobody's way.
        drop(second);
        assert_eq!(kind(&mut third), ErrorKind::WouldBlock);
        table.release_all(Owner::Table(1));
        assert_eq!(third.take(), Ok(()));
    }

    #[test]
    fn conflicts_need_an_exclusive_lock_of_another() {
        let mine = record(0, 9, LockKind::Exclusive, 1);
        assert!(mine.conflicts(&record(9, 9, LockKind::Shared, 2)));
        assert!(!mine.conflicts(&record(10, 10, LockKind::Shared, 2)));
        assert!(!mine.conflicts(&record(0, 9, LockKind::Exclusive, 1)));
        assert!(!record(0, 9, LockKind::Shared, 1).conflicts(&record(0, 9, LockKind::Shared, 2)));
    }
}
