//! Removing names (`unlink(2)`, `rmdir(2)`).

use super::View;
use crate::error::{Error, ErrorKind, Result};
use crate::file::Removal;
use crate::file::location::NOT_DIRECTORY;
use crate::file::permission::check_sticky;
use crate::file::walk::Last;

impl View<'_> {
    /// Remove the name `path`.
    ///
    /// # Errors
    /// Those of `unlink(2)` and `rmdir(2)`.
    pub fn remove(&self, path: &[u8], what: Removal) -> Result<()> {
        let found = self.walker(path)?.last()?;
        let name = match (&found.last, what) {
            (Last::Name(name), _) => name,
            (_, Removal::Other) => return Err(IS_DIRECTORY),
            (Last::Here, Removal::Directory) => {
                return Err(Error::new(ErrorKind::InvalidArgument, "the name ends in a dot"));
            }
            (Last::Up, Removal::Directory) => {
                return Err(Error::new(ErrorKind::NotEmpty, "the name ends in two dots"));
            }
            (Last::Root, Removal::Directory) => return Err(BUSY),
        };
        found.at.writable()?;
        let child = found.at.child(name)?;
        let is_folder = child.vnode.directory().is_some();
        if found.slash && what == Removal::Other {
            return Err(if is_folder { IS_DIRECTORY } else { NOT_DIRECTORY });
        }
        let folder = self.check_folder(&found.at)?;
        check_sticky(&folder, &child.vnode.attributes()?, &self.caller.credentials)?;
        match what {
            Removal::Directory if !is_folder => return Err(NOT_DIRECTORY),
            Removal::Other if is_folder => return Err(IS_DIRECTORY),
            _ if child.is_mount_point() => return Err(BUSY),
            _ => {}
        }
        found.at.vnode.directory().ok_or(NOT_DIRECTORY)?.remove(name, what)
    }
}

const IS_DIRECTORY: Error = Error::new(ErrorKind::IsDirectory, "the name is a folder's");
const BUSY: Error = Error::new(ErrorKind::Busy, "something is mounted there");
