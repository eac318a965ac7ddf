//! Where a file is mapped, and pages that were taken from it and may still be mapped.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::memory::SharedPage;

use super::Tree;
use super::pages::Block;
use crate::error::{Error, ErrorKind, Result};
use crate::file::Mapper;

/// The mappings of a file.
pub(super) struct Mapped {
    /// The address spaces, with how often each maps the file.
    spaces: Vec<(Arc<dyn Mapper>, usize)>,
    /// How many mappings can write it.
    writers: usize,
    loose: Loose,
}

/// Blocks of which no page belongs to the file any more, but may still be mapped; each with its pages that do not hold
/// zeros.
pub(super) type Loose = Vec<(SharedPage, u16)>;

impl Mapped {
    pub(super) const fn nowhere() -> Self {
        Self { spaces: Vec::new(), writers: 0, loose: Vec::new() }
    }

    pub(super) const fn is_mapped(&self) -> bool {
        !self.spaces.is_empty()
    }

    pub(super) const fn has_writers(&self) -> bool {
        self.writers > 0
    }

    /// The address spaces.
    pub(super) fn spaces(&self) -> Vec<Arc<dyn Mapper>> {
        self.spaces.iter().map(|(space, _)| Arc::clone(space)).collect()
    }

    /// One more mapping in `space`.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub(super) fn attach(&mut self, space: Arc<dyn Mapper>, writes: bool) -> Result<()> {
        match self.spaces.iter_mut().find(|(known, _)| Arc::ptr_eq(known, &space)) {
            Some((_, count)) => *count += 1,
            None => {
                let full = Error::new(ErrorKind::NoMemory, "no memory for a mapping of a file");
                self.spaces.try_reserve(1).map_err(|_| full)?;
                self.spaces.push((space, 1));
            }
        }
        self.writers += usize::from(writes);
        Ok(())
    }

    /// One mapping less in `space`.
    pub(super) fn detach(&mut self, tree: &Tree, space: &Arc<dyn Mapper>, writes: bool) {
        self.writers = self.writers.saturating_sub(usize::from(writes));
        if let Some((_, count)) = self.spaces.iter_mut().find(|(known, _)| Arc::ptr_eq(known, space)) {
            *count -= 1;
        }
        self.spaces.retain(|(_, count)| *count > 0);
        if !self.is_mapped() {
            self.free_loose(tree);
        }
    }

    /// `block` was taken from the file. It is kept while it may be mapped.
    pub(super) fn free(&mut self, tree: &Tree, block: Block) {
        let freed = (block.first, block.used());
        if self.is_mapped() {
            self.keep(alloc::vec![freed]);
        } else {
            tree.pages().free_block(freed.0, freed.1);
        }
    }

    /// Blocks that were taken from the file and may still be mapped; the caller sees to them.
    pub(super) fn take_loose(&mut self) -> Loose {
        core::mem::take(&mut self.loose)
    }

    /// Keep `loose` until the file is mapped nowhere.
    pub(super) fn keep(&mut self, loose: Loose) {
        // What cannot be kept in mind stays taken for good: it must not be given to another file.
        if self.loose.try_reserve(loose.len()).is_ok() {
            self.loose.extend(loose);
        }
    }

    /// Free what was kept: it is mapped nowhere.
    pub(super) fn free_loose(&mut self, tree: &Tree) {
        free_all(tree, self.take_loose());
    }
}

/// Free blocks that are mapped nowhere.
pub(super) fn free_all(tree: &Tree, loose: Loose) {
    for (block, used) in loose {
        tree.pages().free_block(block, used);
    }
}
