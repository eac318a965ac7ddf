//! Open file descriptions: an open object with its status flags and its offset.

use alloc::sync::Arc;

use litebox_host::sync::{AtomicU32, AtomicU64, Mutex, Once, Ordering};

use super::record::{LockTable, Owner};
use super::{File, FileStatus};

/// An open file description (`open(2)`): what every duplicate of a descriptor shares.
pub struct Description {
    file: Arc<dyn File>,
    status: AtomicU32,
    /// Held while an operation at the offset runs, so that such operations of several threads do not interleave.
    offset: Mutex<u64>,
    /// Who is told of input: kept for the guest, in its own encoding.
    owner: AtomicU64,
    /// The signal that tells it; 0 for the default.
    signal: AtomicU32,
    /// Where this description may hold locks, once it took one.
    locks: Once<Arc<LockTable>>,
}

impl Description {
    /// `file`, opened with `status`, at offset 0.
    pub fn new(file: Arc<dyn File>, status: FileStatus) -> Arc<Self> {
        Arc::new(Self {
            file,
            status: AtomicU32::new(status.bits()),
            offset: Mutex::new(0),
            owner: AtomicU64::new(0),
            signal: AtomicU32::new(0),
            locks: Once::new(),
        })
    }

    /// The open object.
    pub fn file(&self) -> &Arc<dyn File> {
        &self.file
    }

    /// The open object as a `T`, if it is one.
    pub fn file_as<T: File>(&self) -> Option<&T> {
        let file: &dyn core::any::Any = &*self.file;
        file.downcast_ref()
    }

    /// The status flags.
    pub fn status(&self) -> FileStatus {
        FileStatus::from_bits_truncate(self.status.load(Ordering::Relaxed))
    }

    /// Replace those status flags that are in `mask`.
    pub fn set_status(&self, status: FileStatus, mask: FileStatus) {
        let change = |old: u32| Some((old & !mask.bits()) | (status & mask).bits());
        // The closure never answers None, so this cannot fail.
        let _ = self.status.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
    }

    /// The offset, locked.
    pub fn offset(&self) -> &Mutex<u64> {
        &self.offset
    }

    /// Who is told of input (`F_SETOWN`), in the guest's encoding; 0 for nobody.
    pub fn owner(&self) -> u64 {
        self.owner.load(Ordering::Relaxed)
    }

    /// Remember who is told of input.
    pub fn set_owner(&self, owner: u64) {
        self.owner.store(owner, Ordering::Relaxed);
    }

    /// The signal that tells of input (`F_SETSIG`); 0 for the default.
    pub fn signal(&self) -> u32 {
        self.signal.load(Ordering::Relaxed)
    }

    /// Remember the signal that tells of input.
    pub fn set_signal(&self, signal: u32) {
        self.signal.store(signal, Ordering::Relaxed);
    }

    /// The description as the owner of locks in `table`, which are released when it is dropped.
    pub fn lock_owner(&self, table: &Arc<LockTable>) -> Owner {
        // Filled already means filled with the same table: there is one in a sandbox.
        let _ = self.locks.set(Arc::clone(table));
        self.as_owner()
    }

    fn as_owner(&self) -> Owner {
        Owner::Description(core::ptr::from_ref(self).addr())
    }
}

impl Drop for Description {
    fn drop(&mut self) {
        if let Some(table) = self.locks.get() {
            table.release_all(self.as_owner());
        }
    }
}
