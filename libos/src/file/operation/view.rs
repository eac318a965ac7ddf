//! The tree as one call sees it.

use litebox_host::file::{Attributes, WalkPurpose};

use crate::error::{ErrorKind, Result};
use crate::file::permission::{Access, check_access};
use crate::file::walk::Walker;
use crate::file::{Caller, LastLink, Location, Place, WalkLimits};

/// The tree as one call sees it.
pub struct View<'a> {
    /// Where the process stands.
    pub place: &'a Place,
    /// Who asks.
    pub caller: &'a Caller,
    /// Where relative paths begin.
    pub start: Location,
    /// Where paths may not lead.
    pub limits: WalkLimits,
}

impl<'a> View<'a> {
    /// The tree from the working directory, without limits.
    pub fn new(place: &'a Place, caller: &'a Caller) -> Self {
        Self { place, caller, start: place.current(), limits: WalkLimits::empty() }
    }

    /// The tree from `start`.
    pub fn from(place: &'a Place, caller: &'a Caller, start: Location) -> Self {
        Self { place, caller, start, limits: WalkLimits::empty() }
    }

    /// What `path` names.
    ///
    /// # Errors
    /// Those of `path_resolution(7)`.
    pub fn find(&self, path: &[u8], link: LastLink) -> Result<Location> {
        self.walker(path)?.end(link)
    }

    pub(super) fn walker<'p>(&'p self, path: &'p [u8]) -> Result<Walker<'p>> {
        Walker::new(self.caller, &self.place.root(), &self.start, path, self.limits)
    }

    /// Refuse changes of the entries of `folder`.
    pub(super) fn check_folder(&self, folder: &Location) -> Result<Attributes> {
        let attributes = folder.vnode.attributes()?;
        check_access(&attributes, Access::WRITE | Access::EXECUTE, &self.caller.credentials)?;
        Ok(attributes)
    }
}

/// What `folder` has under `name`, if anything, looked up for `purpose`.
pub(super) fn child_of(folder: &Location, name: &[u8], purpose: WalkPurpose) -> Result<Option<Location>> {
    match folder.child_on(name, b"", purpose) {
        Ok(child) => Ok(Some(child)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
