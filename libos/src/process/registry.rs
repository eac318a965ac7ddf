//! The processes of a sandbox, by number, from their birth until their end has been waited for.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicU32, AtomicUsize, Mutex, Ordering};

use super::{Ended, Process};
use crate::error::{Error, ErrorKind, Result};
use crate::thread::Thread;

/// Every process of a sandbox. Threads and processes share one space of numbers.
///
/// Lock order: the table, then a process's state, then its signals.
#[derive(Default)]
pub struct Registry {
    pub(super) table: Mutex<Table>,
    /// How many threads there are; a process that nobody has waited for counts as one.
    threads: AtomicUsize,
    /// How many there may be; 0 for no limit.
    limit: AtomicU32,
}

/// What the registry's lock protects: the processes, and who is whose parent.
#[derive(Default)]
pub(super) struct Table {
    /// The number given last.
    last: u32,
    /// Whether numbers are given a second time.
    wrapped: bool,
    /// In the order of numbers.
    entries: Vec<Entry>,
}

/// One process.
pub(super) struct Entry {
    pub(super) process: Arc<Process>,
    /// How it ended, once it has.
    pub(super) ended: Option<Ended>,
}

/// One more than the largest number (`/proc/sys/kernel/pid_max`).
const END: u32 = 1 << 22;
/// Numbers below are not given a second time.
const RESERVED: u32 = 300;

const NO_SUCH_PROCESS: Error = Error::new(ErrorKind::NoSuchProcess, "no process has this number");

impl Table {
    fn position(&self, id: u32) -> core::result::Result<usize, usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.process.id())
    }

    /// The process numbered `id`, ended or not.
    pub(super) fn entry(&mut self, id: u32) -> Option<&mut Entry> {
        let index = self.position(id).ok()?;
        self.entries.get_mut(index)
    }

    /// How the process numbered `id` ended, if it is here and has.
    pub(super) fn ended(&self, id: u32) -> Option<Ended> {
        self.entries.get(self.position(id).ok()?)?.ended
    }

    /// All processes.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn insert(&mut self, process: &Arc<Process>) -> Result<()> {
        self.entries
            .try_reserve(1)
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a process"))?;
        self.last = self.last.max(process.id());
        if let Err(index) = self.position(process.id()) {
            self.entries.insert(index, Entry { process: Arc::clone(process), ended: None });
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, id: u32) -> Option<Entry> {
        let index = self.position(id).ok()?;
        Some(self.entries.remove(index))
    }

    /// Whether a thread, a process, a group or a session has the number `id`. A process keeps its own when its first
    /// thread ends, and a group when its first process ends.
    fn is_taken(&self, id: u32) -> bool {
        self.entries.iter().any(|entry| {
            let process = &entry.process;
            let numbers = [process.id(), process.group(), process.session()];
            numbers.contains(&id) || process.thread(id).is_some()
        })
    }

    /// The next number that nobody has.
    fn next(&mut self) -> Option<u32> {
        for _ in 0..END {
            self.last += 1;
            if self.last >= END {
                self.last = RESERVED;
                self.wrapped = true;
            }
            if !self.wrapped || !self.is_taken(self.last) {
                return Some(self.last);
            }
        }
        None
    }
}

impl Registry {
    /// Let there be no more than `most` threads at a time; 0 for no limit.
    pub fn set_limit(&self, most: u32) {
        self.limit.store(most, Ordering::Relaxed);
    }

    /// How many threads there are.
    pub fn thread_count(&self) -> usize {
        self.threads.load(Ordering::Relaxed)
    }

    /// A number for a new thread, which counts from now on: whoever does not make it calls
    /// [`Registry::release`].
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if there are too many.
    pub fn allocate(&self) -> Result<u32> {
        const TOO_MANY: Error =
            Error::new(ErrorKind::WouldBlock, "the sandbox has as many threads as it may");
        let limit = self.limit.load(Ordering::Relaxed) as usize;
        let before = self.threads.fetch_add(1, Ordering::Relaxed);
        let number = if limit != 0 && before >= limit { None } else { self.table.lock().next() };
        number.ok_or_else(|| {
            self.release();
            TOO_MANY
        })
    }

    /// A thread that was counted is gone, or its process's end has been waited for.
    pub fn release(&self) {
        self.threads.fetch_sub(1, Ordering::Relaxed);
    }

    /// The process numbered `id`, which may have ended.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchProcess`].
    pub fn process(&self, id: u32) -> Result<Arc<Process>> {
        let mut table = self.table.lock();
        table.entry(id).map(|entry| Arc::clone(&entry.process)).ok_or(NO_SUCH_PROCESS)
    }

    /// The process that the number of any of its threads names, or its own, even when it has ended.
    pub fn process_of(&self, id: u32) -> Option<Arc<Process>> {
        let mut table = self.table.lock();
        if let Some(entry) = table.entry(id) {
            return Some(Arc::clone(&entry.process));
        }
        let mut processes = table.entries.iter().map(|entry| &entry.process);
        processes.find(|process| process.thread(id).is_some()).cloned()
    }

    /// The thread numbered `id`, with its process.
    pub fn thread(&self, id: u32) -> Option<(Arc<Process>, Arc<Thread>)> {
        let process = self.process_of(id)?;
        let thread = process.thread(id)?;
        Some((process, thread))
    }

    /// All processes, those that ended and were not waited for among them.
    pub fn processes(&self) -> Vec<Arc<Process>> {
        self.table.lock().entries.iter().map(|entry| Arc::clone(&entry.process)).collect()
    }

    /// The processes of a group, as [`Registry::processes`].
    pub fn group(&self, group: u32) -> Vec<Arc<Process>> {
        let table = self.table.lock();
        let members = table.entries.iter().filter(|entry| entry.process.group() == group);
        members.map(|entry| Arc::clone(&entry.process)).collect()
    }
}
