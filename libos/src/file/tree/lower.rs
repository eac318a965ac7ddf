//! The host's side of a tree: paths below a mount, and files open there.

use alloc::vec::Vec;

use litebox_host::file::{HostFile, OpenAccess};

use super::Tree;
use crate::error::{Error, ErrorKind, Result};

/// The path of `name` in the folder at `path`, both below a mount.
pub(super) fn join(path: &[u8], name: &[u8]) -> Result<Vec<u8>> {
    let mut joined = Vec::new();
    joined
        .try_reserve_exact(path.len() + 1 + name.len())
        .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a path"))?;
    joined.extend_from_slice(path);
    if !path.is_empty() {
        joined.push(b'/');
    }
    joined.extend_from_slice(name);
    Ok(joined)
}

/// A regular file of the host, opened when its bytes are first needed. Closed by [`LowerFile::close`].
pub(super) struct LowerFile {
    path: Vec<u8>,
    file: Option<HostFile>,
}

impl LowerFile {
    /// The file at `path` of the tree's mount.
    pub(super) const fn new(path: Vec<u8>) -> Self {
        Self { path, file: None }
    }

    /// The host's handle.
    pub(super) fn handle(&mut self, tree: &Tree) -> Result<HostFile> {
        if let Some(file) = self.file {
            return Ok(file);
        }
        let mount = tree.lower().ok_or(Error::new(ErrorKind::InputOutput, "the tree has no host folder"))?;
        let (file, _) = tree.host().open(mount, &self.path, OpenAccess::READ)?;
        tree.count_handle();
        self.file = Some(file);
        Ok(file)
    }

    /// The file has been opened as `file`. Whether that is kept, as it is unless there is a handle.
    pub(super) fn know(&mut self, tree: &Tree, file: HostFile) -> bool {
        let is_new = self.file.is_none();
        if is_new {
            tree.count_handle();
            self.file = Some(file);
        }
        is_new
    }

    /// Fill `bytes` from `offset` on. The file had so many bytes when it was first looked at.
    pub(super) fn read_exact(&mut self, tree: &Tree, offset: u64, bytes: &mut [u8]) -> Result<()> {
        let file = self.handle(tree)?;
        let mut done = 0;
        while let Some(rest) = bytes.get_mut(done..)
            && !rest.is_empty()
        {
            match tree.host().read_at(file, offset + done as u64, rest)? {
                0 => return Err(Error::new(ErrorKind::InputOutput, "the host's file was cut short")),
                count => done += count.min(rest.len()),
            }
        }
        Ok(())
    }

    /// Give the handle back.
    pub(super) fn close(&mut self, tree: &Tree) {
        if let Some(file) = self.file.take() {
            tree.host().close(file);
            tree.uncount_handle();
        }
    }
}
