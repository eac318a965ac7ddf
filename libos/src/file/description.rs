//! Open file descriptions: an open object with its status flags and its offset.

use alloc::sync::Arc;

use litebox_host::sync::{AtomicU32, Mutex, Ordering};

use super::{File, FileStatus};

/// An open file description (`open(2)`): what every duplicate of a descriptor shares.
pub struct Description {
    file: Arc<dyn File>,
    status: AtomicU32,
    /// Held while an operation at the offset runs, so that such operations of several threads do not interleave.
    offset: Mutex<u64>,
}

impl Description {
    /// `file`, opened with `status`, at offset 0.
    pub fn new(file: Arc<dyn File>, status: FileStatus) -> Arc<Self> {
        Arc::new(Self { file, status: AtomicU32::new(status.bits()), offset: Mutex::new(0) })
    }

    /// The open object.
    pub fn file(&self) -> &Arc<dyn File> {
        &self.file
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
}
