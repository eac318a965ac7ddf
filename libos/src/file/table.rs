//! A process's descriptors.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use litebox_host::sync::{AtomicU32, Mutex, Ordering};

use super::record::{FileIdentity, LockTable, Owner};
use super::{Description, FileStatus};
use crate::error::{Error, ErrorKind, Result};

/// The table from descriptor numbers to open file descriptions.
#[derive(Default)]
pub struct DescriptorTable {
    entries: Mutex<Entries>,
    locks: Arc<LockTable>,
    nesting: Arc<Mutex<()>>,
    /// Threads that use it, beyond the first.
    others: AtomicU32,
}

/// One entry.
#[derive(Clone)]
pub struct Descriptor {
    /// What it refers to.
    pub description: Arc<Description>,
    /// Whether a new program image is started without it.
    pub close_on_exec: bool,
}

#[derive(Default)]
struct Entries {
    slots: Vec<Option<Descriptor>>,
    /// One bit for each slot: set if it is in use. Finds the lowest free number 64 at a time.
    used: Vec<u64>,
}

const BAD: Error = Error::new(ErrorKind::BadDescriptor, "no such descriptor");
const TOO_MANY: Error =
    Error::new(ErrorKind::TooManyDescriptors, "the process's descriptor limit is reached");
const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a descriptor");

impl DescriptorTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy for a new process. It shares the descriptions and the sandbox's record locks.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn duplicate(&self) -> Result<Self> {
        let entries = self.entries.lock();
        let mut copy = Entries::default();
        copy.slots.try_reserve_exact(entries.slots.len()).map_err(|_| NO_MEMORY)?;
        copy.used.try_reserve_exact(entries.used.len()).map_err(|_| NO_MEMORY)?;
        copy.slots.extend_from_slice(&entries.slots);
        copy.used.extend_from_slice(&entries.used);
        let (locks, nesting) = (Arc::clone(&self.locks), Arc::clone(&self.nesting));
        Ok(Self { entries: Mutex::new(copy), locks, nesting, others: AtomicU32::new(0) })
    }

    /// One more thread uses the table.
    pub fn share(&self) {
        self.others.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether more than one thread uses the table.
    pub fn is_shared(&self) -> bool {
        self.others.load(Ordering::Acquire) > 0
    }

    /// A thread of several uses the table no more.
    pub fn leave(&self) {
        let less = |others: u32| others.checked_sub(1);
        // With the last one goes the table itself.
        let _ = self.others.fetch_update(Ordering::AcqRel, Ordering::Acquire, less);
    }

    /// What `number` refers to.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn get(&self, number: u32) -> Result<Arc<Description>> {
        let entries = self.entries.lock();
        Ok(Arc::clone(&entries.get(number)?.description))
    }

    /// As [`DescriptorTable::get`], for operations on the object, which a mere name (`O_PATH`) does not allow.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn get_usable(&self, number: u32) -> Result<Arc<Description>> {
        let description = self.get(number)?;
        if description.status().contains(FileStatus::PATH) { Err(BAD) } else { Ok(description) }
    }

    /// The entry of `number`.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn entry(&self, number: u32) -> Result<Descriptor> {
        self.entries.lock().get(number).cloned()
    }

    /// Say whether a new program image is started without `number`.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn set_close_on_exec(&self, number: u32, close: bool) -> Result<()> {
        let mut entries = self.entries.lock();
        let slot = entries.slots.get_mut(number as usize).and_then(Option::as_mut).ok_or(BAD)?;
        slot.close_on_exec = close;
        Ok(())
    }

    /// Give `descriptor` the lowest free number from `lowest` on, below `limit`.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyDescriptors`], [`ErrorKind::NoMemory`].
    pub fn insert(&self, descriptor: Descriptor, lowest: u32, limit: u32) -> Result<u32> {
        let mut entries = self.entries.lock();
        let free = entries.lowest_free(lowest);
        if free >= limit {
            return Err(TOO_MANY);
        }
        entries.place(free, descriptor)?;
        Ok(free)
    }

    /// Whether a number below `limit` is free, for what cannot be undone if there is none.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyDescriptors`].
    pub fn check_room(&self, limit: u32) -> Result<()> {
        if self.entries.lock().lowest_free(0) < limit { Ok(()) } else { Err(TOO_MANY) }
    }

    /// Give two descriptors the lowest free numbers, or neither.
    ///
    /// # Errors
    /// As [`DescriptorTable::insert`].
    pub fn insert_pair(&self, pair: [Descriptor; 2], limit: u32) -> Result<[u32; 2]> {
        let [first, second] = pair;
        let first = self.insert(first, 0, limit)?;
        match self.insert(second, 0, limit) {
            Ok(second) => Ok([first, second]),
            Err(error) => {
                self.close(first)?;
                Err(error)
            }
        }
    }

    /// Make `number` refer to `descriptor`, closing what it referred to.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`] if `number` is not below `limit`, [`ErrorKind::NoMemory`].
    pub fn replace(&self, number: u32, descriptor: Descriptor, limit: u32) -> Result<()> {
        if number >= limit {
            return Err(BAD);
        }
        let before = self.entries.lock().place(number, descriptor)?;
        if let Some(before) = before {
            self.closed(&before);
        }
        Ok(())
    }

    /// Free `number`, and drop what it referred to and the process's record locks on that file.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn close(&self, number: u32) -> Result<()> {
        self.remove(number).map(drop)
    }

    /// As [`DescriptorTable::close`], but the caller gets what it referred to, to drop it later.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn remove(&self, number: u32) -> Result<Descriptor> {
        let descriptor = self.entries.lock().take(number).ok_or(BAD)?;
        self.closed(&descriptor);
        Ok(descriptor)
    }

    /// Close all numbers in `range`.
    pub fn close_range(&self, range: RangeInclusive<u32>) {
        let mut next = Some(*range.start());
        while let Some(number) = next.and_then(|from| self.next_from(from)) {
            if number > *range.end() {
                return;
            }
            // Another thread may have closed it meanwhile.
            let _ = self.close(number);
            next = number.checked_add(1);
        }
    }

    /// Close all numbers in `range` when a new program image is started.
    pub fn close_range_on_exec(&self, range: RangeInclusive<u32>) {
        let mut entries = self.entries.lock();
        let skipped = *range.start() as usize;
        let count = (*range.end() as usize).saturating_sub(skipped).saturating_add(1);
        for slot in entries.slots.iter_mut().skip(skipped).take(count).flatten() {
            slot.close_on_exec = true;
        }
    }

    /// A new program image is started: close what it is started without.
    pub fn close_on_exec(&self) {
        let mut next = Some(0);
        while let Some(number) = next.and_then(|from| self.next_from(from)) {
            if self.entry(number).is_ok_and(|entry| entry.close_on_exec) {
                let _ = self.close(number);
            }
            next = number.checked_add(1);
        }
    }

    /// The lowest number in use from `from` on: iteration without holding the table.
    pub fn next_from(&self, from: u32) -> Option<u32> {
        self.entries.lock().next_used(from)
    }

    /// The sandbox's record locks.
    pub fn locks(&self) -> &Arc<LockTable> {
        &self.locks
    }

    /// Held while event instances are made to watch each other, in the whole sandbox: see
    /// [`Epoll::add`](crate::event::Epoll::add).
    pub fn nesting(&self) -> &Mutex<()> {
        &self.nesting
    }

    /// The process as an owner of record locks.
    pub fn lock_owner(&self) -> Owner {
        Owner::Table(core::ptr::from_ref(self).addr())
    }

    /// Closing any descriptor of a file drops the process's record locks on it (`fcntl_locking(2)`). Called
    /// without the table's lock.
    fn closed(&self, descriptor: &Descriptor) {
        if self.locks.is_empty() {
            return;
        }
        if let Ok(attributes) = descriptor.description.file().attributes() {
            let file = FileIdentity { device: attributes.device, inode: attributes.inode };
            self.locks.release(file, self.lock_owner());
        }
    }
}

impl Drop for DescriptorTable {
    fn drop(&mut self) {
        self.locks.release_all(self.lock_owner());
    }
}

impl Entries {
    fn get(&self, number: u32) -> Result<&Descriptor> {
        self.slots.get(number as usize).and_then(Option::as_ref).ok_or(BAD)
    }

    fn lowest_free(&self, lowest: u32) -> u32 {
        scan(&self.used, lowest, |word| !word).unwrap_or_else(|| lowest.max(bits(self.used.len())))
    }

    fn next_used(&self, from: u32) -> Option<u32> {
        scan(&self.used, from, |word| word)
    }

    fn take(&mut self, number: u32) -> Option<Descriptor> {
        let descriptor = self.slots.get_mut(number as usize)?.take()?;
        if let Some(word) = self.used.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
        Some(descriptor)
    }

    /// Put `descriptor` at `number`, growing the table to it; what was there before.
    fn place(&mut self, number: u32, descriptor: Descriptor) -> Result<Option<Descriptor>> {
        let index = number as usize;
        grow(&mut self.slots, index + 1, None)?;
        grow(&mut self.used, index / 64 + 1, 0)?;
        let slot = self.slots.get_mut(index).ok_or(BAD)?;
        if let Some(word) = self.used.get_mut(index / 64) {
            *word |= 1 << (number % 64);
        }
        Ok(slot.replace(descriptor))
    }
}

fn grow<T: Clone>(list: &mut Vec<T>, length: usize, value: T) -> Result<()> {
    if length > list.len() {
        list.try_reserve(length - list.len()).map_err(|_| NO_MEMORY)?;
        list.resize(length, value);
    }
    Ok(())
}

fn bits(words: usize) -> u32 {
    u32::try_from(words.saturating_mul(64)).unwrap_or(u32::MAX)
}

/// The lowest bit from `from` on that is set in `view` of its word.
fn scan(words: &[u64], from: u32, view: impl Fn(u64) -> u64) -> Option<u32> {
    let first = from as usize / 64;
    for (index, word) in words.iter().enumerate().skip(first) {
        let mask = if index == first { u64::MAX << (from % 64) } else { u64::MAX };
        let found = view(*word) & mask;
        if found != 0 {
            return bits(index).checked_add(found.trailing_zeros());
        }
    }
    None
}
