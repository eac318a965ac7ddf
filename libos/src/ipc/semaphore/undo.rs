//! What is undone when a process ends.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::sync::Mutex;

use super::SemaphoreSet;
use crate::error::Result;
use crate::ipc::NO_MEMORY;

/// What threads that share it have to undo of what they did to semaphores (`SEM_UNDO` of `semop(2)`). It happens when
/// the last of them lets go.
///
/// How much is undone is kept in the sets: here is only which.
#[derive(Default)]
pub struct UndoList {
    sets: Mutex<Vec<Weak<SemaphoreSet>>>,
}

impl UndoList {
    /// Nothing to undo.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// What tells this list from all others while it exists.
    pub(super) fn id(&self) -> usize {
        core::ptr::from_ref(self).addr()
    }

    /// Remember `set`, which has something to undo from now on.
    pub(super) fn remember(&self, set: &Arc<SemaphoreSet>) -> Result<()> {
        let mut sets = self.sets.lock();
        if sets.len() == sets.capacity() {
            // Sets that are gone make room first, so that the list does not grow with what was once there.
            sets.retain(|set| set.strong_count() > 0);
            sets.try_reserve(1).map_err(|_| NO_MEMORY)?;
        }
        sets.push(Arc::downgrade(set));
        Ok(())
    }

    /// How many sets it remembers.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.sets.lock().len()
    }
}

impl Drop for UndoList {
    fn drop(&mut self) {
        let sets = core::mem::take(&mut *self.sets.lock());
        for set in sets.iter().filter_map(Weak::upgrade) {
            set.undo(self.id());
        }
    }
}
