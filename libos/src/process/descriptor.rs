//! Processes behind descriptors (`pidfd_open(2)`).

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::{Attributes, FileKind};

use super::Process;
use crate::error::Result;
use crate::event::{Readiness, WaitQueue};
use crate::file::{File, anonymous_attributes};

/// A file that stands for a process: readable once the process has ended.
pub struct ProcessFile {
    process: Arc<Process>,
    end: Arc<WaitQueue>,
}

impl ProcessFile {
    /// A file for `process`.
    pub fn new(process: &Arc<Process>) -> Arc<Self> {
        Arc::new(Self { process: Arc::clone(process), end: Arc::clone(process.end_queue()) })
    }

    /// The process, which may have ended.
    pub fn process(&self) -> &Arc<Process> {
        &self.process
    }
}

impl File for ProcessFile {
    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Regular, 0o600, self))
    }

    fn readiness(&self) -> Readiness {
        if self.process.has_finished() { Readiness::READ } else { Readiness::empty() }
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.end)
    }

    fn label(&self) -> Vec<u8> {
        b"anon_inode:[pidfd]".to_vec()
    }
}
