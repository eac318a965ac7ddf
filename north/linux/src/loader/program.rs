//! A file that is to be executed.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::FileKind;
use litebox_libos::file::{File, InUse};
use litebox_libos::memory::buffer;

use crate::error::{Errno, Result};

/// A file that is to be executed, opened by whoever resolves paths and checks permissions.
#[derive(Clone)]
pub struct Program {
    /// The file.
    pub file: Arc<dyn File>,
    /// Its path, as `/proc/self/exe` shows it.
    pub path: Vec<u8>,
    /// While this is kept, the file is not opened for writing.
    pub hold: Option<Arc<InUse>>,
}

impl Program {
    /// Whether the file can be executed at all: a regular file that somebody may execute (`execve(2)`).
    ///
    /// # Errors
    /// `EACCES` otherwise.
    pub(super) fn check(&self) -> Result<()> {
        let attributes = self.file.attributes()?;
        if attributes.kind == FileKind::Regular && attributes.mode & 0o111 != 0 {
            Ok(())
        } else {
            Err(Errno::EACCES)
        }
    }

    /// Fill `bytes` from `offset` as far as the file goes; how many there were.
    pub(super) fn read(&self, offset: u64, bytes: &mut [u8]) -> Result<usize> {
        let mut filled = 0;
        while let Some(mut rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let position = offset.checked_add(filled as u64).ok_or(Errno::EINVAL)?;
            match self.file.read(Some(position), &mut rest)? {
                0 => break,
                count => filled = filled.saturating_add(count),
            }
        }
        Ok(filled)
    }

    /// `length` bytes from `offset`, or `None` if the file is shorter.
    pub(super) fn read_exactly(&self, offset: u64, length: usize) -> Result<Option<Vec<u8>>> {
        let mut bytes = buffer::zeroed(length)?;
        let count = self.read(offset, &mut bytes)?;
        Ok((count == length).then_some(bytes))
    }
}
