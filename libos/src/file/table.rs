//! A process's descriptors.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Mutex;

use super::Description;
use crate::error::{Error, ErrorKind, Result};

/// The table from descriptor numbers to open file descriptions.
#[derive(Default)]
pub struct DescriptorTable {
    entries: Mutex<Vec<Option<Descriptor>>>,
}

/// One entry.
#[derive(Clone)]
pub struct Descriptor {
    /// What it refers to.
    pub description: Arc<Description>,
    /// Whether a new program image is started without it.
    pub close_on_exec: bool,
}

const BAD: Error = Error::new(ErrorKind::BadDescriptor, "no such descriptor");

impl DescriptorTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// What `number` refers to.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn get(&self, number: u32) -> Result<Arc<Description>> {
        let entries = self.entries.lock();
        let entry = entries.get(number as usize).and_then(Option::as_ref).ok_or(BAD)?;
        Ok(Arc::clone(&entry.description))
    }

    /// Give `descriptor` the lowest free number from `lowest` on, below `limit`.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyDescriptors`], [`ErrorKind::NoMemory`].
    pub fn insert(&self, descriptor: Descriptor, lowest: u32, limit: u32) -> Result<u32> {
        let mut entries = self.entries.lock();
        let free =
            (lowest..limit).find(|number| entries.get(*number as usize).is_none_or(Option::is_none)).ok_or(
                Error::new(ErrorKind::TooManyDescriptors, "the process's descriptor limit is reached"),
            )?;
        place(&mut entries, free as usize, descriptor)?;
        Ok(free)
    }

    /// Free `number`. The caller drops what it referred to, outside the table's lock.
    ///
    /// # Errors
    /// [`ErrorKind::BadDescriptor`].
    pub fn remove(&self, number: u32) -> Result<Descriptor> {
        self.entries.lock().get_mut(number as usize).and_then(Option::take).ok_or(BAD)
    }
}

/// Put `descriptor` at `index`, growing the table to it; what was there before.
fn place(
    entries: &mut Vec<Option<Descriptor>>,
    index: usize,
    descriptor: Descriptor,
) -> Result<Option<Descriptor>> {
    if index >= entries.len() {
        let more = index + 1 - entries.len();
        entries
            .try_reserve(more)
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a descriptor"))?;
        entries.resize(index + 1, None);
    }
    let slot = entries.get_mut(index).ok_or(BAD)?;
    Ok(slot.replace(descriptor))
}
