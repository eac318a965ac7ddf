//! Renaming (`rename(2)`).

use alloc::sync::Arc;

use litebox_host::file::{Attributes, WalkPurpose};

use super::{View, child_of};
use crate::error::{Error, ErrorKind, Result};
use crate::file::location::NOT_DIRECTORY;
use crate::file::permission::{Access, check_access, check_sticky};
use crate::file::walk::{Found, Last};
use crate::file::{Location, Rename};

impl View<'_> {
    /// Rename `path` to `to_path` as `to` sees it.
    ///
    /// # Errors
    /// Those of `rename(2)`.
    pub fn rename(&self, path: &[u8], to: &View<'_>, to_path: &[u8], how: Rename) -> Result<()> {
        let from = self.walker(path)?.last()?;
        let into = to.walker(to_path)?.last()?;
        if !Arc::ptr_eq(&from.at.mount, &into.at.mount) {
            return Err(Error::new(ErrorKind::CrossDevice, "a rename stays in its mount"));
        }
        let (Last::Name(name), Last::Name(to_name)) = (&from.last, &into.last) else {
            let taken = how == Rename::Keep && !matches!(into.last, Last::Name(_));
            let kind = if taken { ErrorKind::Exists } else { ErrorKind::Busy };
            return Err(Error::new(kind, "the name is a dot, two dots or the root"));
        };
        from.at.writable()?;
        let source = from.at.child(name)?;
        let target = child_of(&into.at, to_name, WalkPurpose::Look)?;
        match (how, &target) {
            (Rename::Keep, Some(_)) => return Err(Error::new(ErrorKind::Exists, "the new name exists")),
            (Rename::Exchange, None) => {
                return Err(Error::new(ErrorKind::NotFound, "nothing to exchange with"));
            }
            _ => {}
        }
        check_slashes(&from, &into, &source, target.as_ref(), how)?;
        self.check_loops(&source, target.as_ref(), &from.at, &into.at, how)?;
        self.check_move(&source, &from.at, &into.at)?;
        if let Some(target) = &target {
            let folder = self.check_folder(&into.at)?;
            self.check_victim(target, &folder)?;
            if how == Rename::Exchange {
                self.check_move(target, &into.at, &from.at)?;
            }
        }
        if source.is_mount_point() || target.as_ref().is_some_and(Location::is_mount_point) {
            return Err(Error::new(ErrorKind::Busy, "something is mounted there"));
        }
        let folder = from.at.vnode.directory().ok_or(NOT_DIRECTORY)?;
        folder.rename(name, &*into.at.vnode, to_name, how)
    }

    /// The new place must not lie inside what moves, nor the old one inside what is replaced.
    fn check_loops(
        &self,
        source: &Location,
        target: Option<&Location>,
        from: &Location,
        into: &Location,
        how: Rename,
    ) -> Result<()> {
        let root = self.place.root();
        if is_within(into, source, &root) {
            return Err(Error::new(ErrorKind::InvalidArgument, "a folder cannot move into itself"));
        }
        if target.is_some_and(|target| is_within(from, target, &root)) {
            let kind = if how == Rename::Exchange { ErrorKind::InvalidArgument } else { ErrorKind::NotEmpty };
            return Err(Error::new(kind, "the new name is a folder above the old one"));
        }
        Ok(())
    }

    /// Whether `source` may leave `from` and enter `into`.
    fn check_move(&self, source: &Location, from: &Location, into: &Location) -> Result<()> {
        let folder = self.check_folder(from)?;
        let attributes = self.check_victim(source, &folder)?;
        self.check_folder(into)?;
        if source.vnode.directory().is_some() && !from.is(into) {
            // Its entry `..` changes.
            check_access(&attributes, Access::WRITE, &self.caller.credentials)?;
        }
        Ok(())
    }

    fn check_victim(&self, object: &Location, folder: &Attributes) -> Result<Attributes> {
        let attributes = object.vnode.attributes()?;
        check_sticky(folder, &attributes, &self.caller.credentials)?;
        Ok(attributes)
    }
}

/// A slash after a name asks for a folder.
fn check_slashes(
    from: &Found,
    into: &Found,
    source: &Location,
    target: Option<&Location>,
    how: Rename,
) -> Result<()> {
    let source_is_folder = source.vnode.directory().is_some();
    let into_folder = match (how, target) {
        (Rename::Exchange, Some(target)) => target.vnode.directory().is_some(),
        _ => source_is_folder,
    };
    if (from.slash && !source_is_folder) || (into.slash && !into_folder) {
        return Err(NOT_DIRECTORY);
    }
    Ok(())
}

/// Whether `inner` is `outer` or lies in it.
fn is_within(inner: &Location, outer: &Location, root: &Location) -> bool {
    let mut here = inner.clone();
    loop {
        if here.is(outer) {
            return true;
        }
        let above = here.parent(root);
        if above.is(&here) {
            return false;
        }
        here = above;
    }
}
