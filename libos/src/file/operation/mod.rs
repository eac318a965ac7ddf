//! What calls do with paths: one file a family, all of them on top of [`Walker`](super::walk::Walker).
//!
//! Rights are checked here, once for all file systems; a vnode's own methods trust their caller.

mod attribute;
mod create;
mod open;
mod remove;
mod rename;

pub use attribute::{SetTime, change_mode, change_owner, change_times, check_rights, check_size_change};
pub use open::{Create, OpenRequest, Program};

use litebox_host::file::Attributes;

use super::permission::{Access, check_access};
use super::walk::Walker;
use super::{Caller, LastLink, Location, Place, WalkLimits};
use crate::error::{ErrorKind, Result};

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

    fn walker<'p>(&'p self, path: &'p [u8]) -> Result<Walker<'p>> {
        Walker::new(self.caller, &self.place.root(), &self.start, path, self.limits)
    }

    /// Refuse changes of the entries of `folder`.
    fn check_folder(&self, folder: &Location) -> Result<Attributes> {
        let attributes = folder.vnode.attributes()?;
        check_access(&attributes, Access::WRITE | Access::EXECUTE, &self.caller.credentials)?;
        Ok(attributes)
    }
}

/// What `folder` has under `name`, if anything.
fn child_of(folder: &Location, name: &[u8]) -> Result<Option<Location>> {
    match folder.child(name) {
        Ok(child) => Ok(Some(child)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
