//! Walking a path, component by component (`path_resolution(7)`).
//!
//! A [`Walker`] has two moves: [`Walker::last`] goes to the folder that holds the last component, and
//! [`Walker::follow`] puts the text of a symbolic link in front of what is left. All lookups are made of these.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::file::{FileKind, WalkPurpose};

use super::location::NOT_DIRECTORY;
use super::opened::OpenObject;
use super::permission::{Access, check_access};
use super::{Caller, Location, Target};
use crate::error::{Error, ErrorKind, Result};

/// The most symbolic links that one walk follows.
const MAX_LINKS: u32 = 40;
/// The longest component, in bytes.
pub const MAX_NAME: usize = 255;
/// The longest path, in bytes with its NUL.
pub const MAX_PATH: usize = 4096;

bitflags::bitflags! {
    /// Where a walk may not go (`openat2(2)`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct WalkLimits: u32 {
        /// Not into another mount.
        const SAME_MOUNT = 1;
        /// Not through links that lead to objects instead of paths.
        const NO_OBJECT_LINKS = 2;
        /// Not through symbolic links.
        const NO_LINKS = 4;
        /// Not above the start; leaving it is an error.
        const BENEATH = 8;
        /// Not above the start, which is the root.
        const IN_ROOT = 16;
    }
}

/// Whether a symbolic link as the last component is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastLink {
    /// It is.
    Follow,
    /// It is what was looked for.
    Keep,
}

/// The last component of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// A name.
    Name(Vec<u8>),
    /// `.`, or nothing at all after a link was followed.
    Here,
    /// `..`, which has been gone.
    Up,
    /// The path was nothing but slashes.
    Root,
}

/// What [`Walker::last`] finds.
pub(super) struct Found {
    /// The folder that holds the last component; for all but [`Last::Name`] the object itself.
    pub(super) at: Location,
    /// The last component.
    pub(super) last: Last,
    /// Whether a slash follows it, so that it must be a folder.
    pub(super) slash: bool,
}

/// A walk under way.
pub(super) struct Walker<'a> {
    caller: &'a Caller,
    limits: WalkLimits,
    purpose: WalkPurpose,
    root: Location,
    start: Location,
    here: Location,
    /// The text being walked, and how far it is done.
    text: Cow<'a, [u8]>,
    done: usize,
    links: u32,
}

impl<'a> Walker<'a> {
    /// A walk of `path` that begins at `start`, or at `root` if the path begins with a slash.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an empty path, [`ErrorKind::NameTooLong`], [`ErrorKind::CrossDevice`] for an
    /// absolute path that must stay beneath its start.
    pub(super) fn new(
        caller: &'a Caller,
        root: &Location,
        start: &Location,
        path: &'a [u8],
        limits: WalkLimits,
    ) -> Result<Self> {
        if path.is_empty() {
            return Err(Error::new(ErrorKind::NotFound, "the path is empty"));
        }
        if path.len() >= MAX_PATH {
            return Err(Error::new(ErrorKind::NameTooLong, "the path is too long"));
        }
        let root = if limits.contains(WalkLimits::IN_ROOT) { start } else { root };
        let mut walker = Self {
            caller,
            limits,
            purpose: WalkPurpose::Look,
            root: root.clone(),
            start: start.clone(),
            here: start.clone(),
            text: Cow::Borrowed(path),
            done: 0,
            links: 0,
        };
        walker.begin()?;
        Ok(walker)
    }

    /// The same walk, for `purpose`.
    #[must_use]
    pub(super) fn with_purpose(self, purpose: WalkPurpose) -> Self {
        Self { purpose, ..self }
    }

    /// Go to the root if the text is absolute.
    fn begin(&mut self) -> Result<()> {
        if self.text.first() != Some(&b'/') {
            return Ok(());
        }
        if self.limits.contains(WalkLimits::BENEATH) {
            return Err(ESCAPE);
        }
        self.enter(self.root.clone())
    }

    /// Go to another place, if the limits allow its mount.
    fn enter(&mut self, to: Location) -> Result<()> {
        let other = !alloc::sync::Arc::ptr_eq(&to.mount, &self.here.mount);
        if other && self.limits.contains(WalkLimits::SAME_MOUNT) {
            return Err(Error::new(ErrorKind::CrossDevice, "the walk may not leave its mount"));
        }
        self.here = to;
        Ok(())
    }

    /// The next component, and what follows it.
    fn next(&mut self) -> Option<(Range<usize>, Rest)> {
        let text = self.text.as_ref();
        let slashes = |from: usize| {
            let left = text.get(from..).unwrap_or_default();
            from + left.iter().take_while(|byte| **byte == b'/').count()
        };
        let from = slashes(self.done);
        let left = text.get(from..).unwrap_or_default();
        let length = left.iter().take_while(|byte| **byte != b'/').count();
        let to = from + length;
        self.done = slashes(to);
        let rest = match (self.done == text.len(), self.done == to) {
            (true, true) => Rest::Nothing,
            (true, false) => Rest::Slash,
            _ => Rest::More,
        };
        (length > 0).then_some((from..to, rest))
    }

    /// Walk to the folder of the last component.
    ///
    /// # Errors
    /// Those of `path_resolution(7)`.
    pub(super) fn last(&mut self) -> Result<Found> {
        let mut last = if self.text.is_empty() { Last::Here } else { Last::Root };
        let mut slash = false;
        while let Some((range, rest)) = self.next() {
            self.check_search()?;
            slash = rest == Rest::Slash;
            let name = self.text.get(range.clone()).unwrap_or_default();
            match name {
                b"." => last = Last::Here,
                b".." => {
                    self.up()?;
                    last = Last::Up;
                }
                _ if name.len() > MAX_NAME => {
                    return Err(Error::new(ErrorKind::NameTooLong, "a component is too long"));
                }
                _ if rest == Rest::More => self.step(&range)?,
                _ => {
                    let last = Last::Name(name.to_vec());
                    return Ok(Found { at: self.here.clone(), last, slash });
                }
            }
        }
        Ok(Found { at: self.here.clone(), last, slash })
    }

    /// Go through the component at `range` of the text, which is not the last one.
    fn step(&mut self, range: &Range<usize>) -> Result<()> {
        let name = self.text.get(range.clone()).unwrap_or_default();
        let child = self.here.child_on(name, self.text.get(self.done..).unwrap_or_default(), self.purpose)?;
        if child.vnode.kind() == FileKind::Symlink {
            return self.follow(&child);
        }
        self.enter(child.uncovered())
    }

    fn up(&mut self) -> Result<()> {
        if self.limits.contains(WalkLimits::BENEATH) && self.here.is(&self.start) {
            return Err(ESCAPE);
        }
        self.enter(self.here.parent(&self.root).uncovered())
    }

    /// The current place must be a folder that the caller may search.
    fn check_search(&self) -> Result<()> {
        if self.here.vnode.directory().is_none() {
            return Err(NOT_DIRECTORY);
        }
        if self.caller.credentials.is_privileged() {
            return Ok(());
        }
        check_access(&self.here.vnode.attributes()?, Access::EXECUTE, &self.caller.credentials)
    }

    /// Follow the symbolic link `link`, found in the current folder: what is left of the text comes after it.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyLinks`], [`ErrorKind::NotFound`] for an empty link.
    pub(super) fn follow(&mut self, link: &Location) -> Result<()> {
        self.links += 1;
        if self.links > MAX_LINKS || self.limits.contains(WalkLimits::NO_LINKS) {
            return Err(Error::new(ErrorKind::TooManyLinks, "too many symbolic links"));
        }
        let location = match link.vnode.follow(self.caller)? {
            Target::Path(target) => return self.splice(target),
            Target::Object(location) => location,
            Target::Open(description) => match description.file().location() {
                Some(location) => location.clone(),
                None => OpenObject::at(link, &description),
            },
        };
        let confined = WalkLimits::NO_OBJECT_LINKS | WalkLimits::BENEATH | WalkLimits::IN_ROOT;
        if self.limits.intersects(confined) {
            return Err(Error::new(ErrorKind::TooManyLinks, "the link leads to an object"));
        }
        self.splice_nothing();
        self.enter(location)
    }

    /// Put `target` before what is left of the text.
    fn splice(&mut self, mut target: Vec<u8>) -> Result<()> {
        if target.is_empty() {
            return Err(Error::new(ErrorKind::NotFound, "the symbolic link is empty"));
        }
        let left = self.text.get(self.done..).unwrap_or_default();
        let ends_in_slash = self.done > 0 && self.text.get(self.done - 1) == Some(&b'/');
        target
            .try_reserve(left.len() + 1)
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory to follow a link"))?;
        if ends_in_slash {
            target.push(b'/');
        }
        target.extend_from_slice(left);
        self.text = Cow::Owned(target);
        self.done = 0;
        self.begin()
    }

    /// Leave only what is left of the text, so that the walk goes on from an object. A slash after the link asks
    /// for a folder, as `.` does.
    fn splice_nothing(&mut self) {
        let mut left = self.text.get(self.done..).unwrap_or_default().to_vec();
        if left.is_empty() && self.text.last() == Some(&b'/') {
            left.push(b'.');
        }
        self.text = Cow::Owned(left);
        self.done = 0;
    }

    /// The end of the walk at `child`, found in the current folder: whatever is mounted over it.
    ///
    /// # Errors
    /// [`ErrorKind::CrossDevice`] if the walk may not leave its mount.
    pub(super) fn arrive(&mut self, child: Location) -> Result<Location> {
        let end = child.uncovered();
        self.enter(end.clone())?;
        Ok(end)
    }

    /// Walk to the end.
    ///
    /// # Errors
    /// As [`Walker::last`]; [`ErrorKind::NotFound`].
    pub(super) fn end(&mut self, link: LastLink) -> Result<Location> {
        loop {
            let found = self.last()?;
            let Last::Name(name) = &found.last else { return Ok(found.at) };
            let child = found.at.child(name)?;
            if child.vnode.kind() == FileKind::Symlink && (link == LastLink::Follow || found.slash) {
                self.follow(&child)?;
                continue;
            }
            let end = self.arrive(child)?;
            if found.slash && end.vnode.directory().is_none() {
                return Err(NOT_DIRECTORY);
            }
            return Ok(end);
        }
    }
}

const ESCAPE: Error = Error::new(ErrorKind::CrossDevice, "the path leads out of the folder it must stay in");

/// What follows a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// The end of the path.
    Nothing,
    /// Slashes, then the end.
    Slash,
    /// Another component.
    More,
}
