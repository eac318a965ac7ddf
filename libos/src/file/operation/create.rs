//! Making names (`mkdir(2)`, `mknod(2)`, `symlink(2)`, `link(2)`).

use litebox_host::file::{FileKind, WalkPurpose};

use super::{View, child_of};
use crate::error::{Error, ErrorKind, Result};
use crate::file::location::NOT_DIRECTORY;
use crate::file::permission::{MODE_MASK, SET_GROUP};
use crate::file::walk::{Found, Last};
use crate::file::{Location, NewVnode, Ownership};

impl View<'_> {
    /// Make `object` at `path` with permission bits `mode`, before the mask.
    ///
    /// # Errors
    /// Those of `mkdir(2)`.
    pub fn create(&self, path: &[u8], object: NewVnode<'_>, mode: u32) -> Result<Location> {
        let found = self.walker(path)?.last()?;
        let name = free_name(&found, object == NewVnode::Directory)?;
        self.make(&found.at, name, object, mode)
    }

    /// Give `target` another name, `path`.
    ///
    /// # Errors
    /// Those of `link(2)`.
    pub fn link(&self, target: &Location, path: &[u8]) -> Result<()> {
        let found = self.walker(path)?.last()?;
        let name = free_name(&found, false)?;
        if !alloc::sync::Arc::ptr_eq(&target.mount, &found.at.mount) {
            return Err(Error::new(ErrorKind::CrossDevice, "a link stays in its mount"));
        }
        found.at.writable()?;
        self.check_folder(&found.at)?;
        if target.vnode.kind() == FileKind::Directory {
            return Err(Error::new(ErrorKind::NotPermitted, "a folder has one name"));
        }
        let folder = found.at.vnode.directory().ok_or(NOT_DIRECTORY)?;
        folder.link(name, &*target.vnode)
    }

    /// Make `object` in `folder`.
    pub(super) fn make(
        &self,
        folder: &Location,
        name: &[u8],
        object: NewVnode<'_>,
        mode: u32,
    ) -> Result<Location> {
        folder.writable()?;
        let attributes = self.check_folder(folder)?;
        let credentials = &self.caller.credentials;
        let inherits = attributes.mode & SET_GROUP != 0;
        let mut owner = Ownership {
            mode: mode & MODE_MASK & !self.place.mask(),
            user: credentials.user.file_system,
            group: if inherits { attributes.gid } else { credentials.group.file_system },
        };
        match object {
            NewVnode::Directory if inherits => owner.mode |= SET_GROUP,
            NewVnode::Symlink(_) => owner.mode = 0o777,
            _ => {}
        }
        let directory = folder.vnode.directory().ok_or(NOT_DIRECTORY)?;
        let vnode = directory.create(name, object, owner)?;
        Ok(Location { mount: alloc::sync::Arc::clone(&folder.mount), vnode })
    }
}

/// The name that was found not to exist. Only a folder's may end in a slash.
fn free_name(found: &Found, folder: bool) -> Result<&[u8]> {
    let exists = Error::new(ErrorKind::Exists, "the name exists");
    let Last::Name(name) = &found.last else { return Err(exists) };
    if child_of(&found.at, name, WalkPurpose::Look)?.is_some() {
        return Err(exists);
    }
    if found.slash && !folder {
        return Err(Error::new(ErrorKind::NotFound, "only a folder's name ends in a slash"));
    }
    Ok(name)
}
