//! The processes of a sandbox, by number.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::sync::Mutex;

use super::Process;
use crate::error::{Error, ErrorKind, Result};
use crate::thread::Thread;

/// Every process of a sandbox. Threads and processes share one space of numbers.
#[derive(Default)]
pub struct Registry {
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    /// The number given last.
    last: u32,
    processes: Vec<Weak<Process>>,
}

/// One more than the largest number (`/proc/sys/kernel/pid_max`).
const END: u32 = 1 << 22;
/// Numbers below are not given a second time.
const RESERVED: u32 = 300;

impl Registry {
    /// Count `process` in.
    pub(super) fn add(&self, process: &Arc<Process>) {
        let mut table = self.table.lock();
        table.last = table.last.max(process.id());
        table.processes.retain(|process| process.strong_count() > 0);
        table.processes.push(Arc::downgrade(process));
    }

    /// A number that no thread or process has.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if there are too many.
    pub fn allocate(&self) -> Result<u32> {
        let mut candidate = self.table.lock().last;
        for _ in 0..END {
            candidate = if candidate + 1 < END { candidate + 1 } else { RESERVED };
            if !self.is_taken(candidate) {
                self.table.lock().last = candidate;
                return Ok(candidate);
            }
        }
        Err(Error::new(ErrorKind::WouldBlock, "all numbers are taken"))
    }

    /// Whether a thread or a process has the number `id`. A process keeps its own when its first thread ends.
    fn is_taken(&self, id: u32) -> bool {
        self.processes().iter().any(|process| process.id() == id || process.thread(id).is_some())
    }

    /// The process numbered `id`.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchProcess`].
    pub fn process(&self, id: u32) -> Result<Arc<Process>> {
        let found = self.processes().into_iter().find(|process| process.id() == id);
        found.ok_or(Error::new(ErrorKind::NoSuchProcess, "no process has this number"))
    }

    /// The thread numbered `id`, with its process.
    pub fn thread(&self, id: u32) -> Option<(Arc<Process>, Arc<Thread>)> {
        self.processes().into_iter().find_map(|process| {
            let thread = process.thread(id)?;
            Some((process, thread))
        })
    }

    /// All processes alive at this moment.
    pub fn processes(&self) -> Vec<Arc<Process>> {
        self.table.lock().processes.iter().filter_map(Weak::upgrade).collect()
    }
}
