//! Moving a node from one name to another.

use alloc::sync::Arc;

use litebox_host::file::FileKind;

use super::Node;
use super::entries::Entries;
use super::folder::NOT_FOUND;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Rename, Vnode};

impl Node {
    /// Move `name` of this folder to `to_name` of `to`.
    pub(super) fn rename_node(&self, name: &[u8], to: &Self, to_name: &[u8], how: Rename) -> Result<()> {
        let _topology = self.tree().topology.lock();
        let replaced = if core::ptr::eq(self, to) {
            let mut entries = self.entries()?.lock();
            let moved = self.plan((&mut entries, name), None, to, to_name, how)?;
            moved.map(|moved| moved.within(&mut entries, name, to_name, how))
        } else {
            // The topology lock is held, so nobody else waits for two folders and the order is free.
            let mut from_entries = self.entries()?.lock();
            let mut to_entries = to.entries()?.lock();
            let moved = self.plan((&mut from_entries, name), Some(&mut to_entries), to, to_name, how)?;
            moved.map(|moved| moved.across((&mut from_entries, name), (&mut to_entries, to_name), how))
        };
        if let Some(moved) = replaced {
            self.settle(&moved, name, to, to_name, how);
        }
        Ok(())
    }

    /// Find both ends and check that the one may take the other's place. `None` if both are one object, which
    /// leaves everything as it is.
    fn plan(
        &self,
        (entries, name): (&mut Entries, &[u8]),
        to_entries: Option<&mut Entries>,
        to: &Self,
        to_name: &[u8],
        how: Rename,
    ) -> Result<Option<Move>> {
        let source = self.find(entries, name)?;
        let to_entries = to_entries.unwrap_or(entries);
        if to_entries.removed {
            return Err(NOT_FOUND);
        }
        let target = match to.find(to_entries, to_name) {
            Ok(target) => Some(target),
            Err(error) if error.kind == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        self.check_loops(&source, target.as_deref(), to, how)?;
        match (&target, how) {
            (Some(_), Rename::Keep) => return Err(Error::new(ErrorKind::Exists, "the new name exists")),
            (None, Rename::Exchange) => return Err(NOT_FOUND),
            (Some(target), Rename::Replace) => {
                if Arc::ptr_eq(target, &source) {
                    return Ok(None);
                }
                check_replace(&source, target)?;
            }
            _ => {}
        }
        Ok(Some(Move { source, target }))
    }

    /// A folder cannot move into itself, nor take the place of a folder above it. The topology lock keeps what is
    /// above what as it is.
    fn check_loops(&self, source: &Self, target: Option<&Self>, to: &Self, how: Rename) -> Result<()> {
        if to.is_within(source) {
            return Err(Error::new(ErrorKind::InvalidArgument, "a folder cannot move into itself"));
        }
        if target.is_some_and(|target| self.is_within(target) || to.is_within(target)) {
            let kind = if how == Rename::Exchange { ErrorKind::InvalidArgument } else { ErrorKind::NotEmpty };
            return Err(Error::new(kind, "the new name is a folder above the old one"));
        }
        Ok(())
    }

    /// Whether this folder is `outer` or lies in it.
    fn is_within(&self, outer: &Self) -> bool {
        let mut above = self.me().ok();
        while let Some(here) = above {
            if core::ptr::eq(&*here, outer) {
                return true;
            }
            above = here.parent();
        }
        false
    }

    /// Bring attributes and placements up to date after `moved`.
    fn settle(&self, moved: &Move, name: &[u8], to: &Self, to_name: &[u8], how: Rename) {
        let is_folder = |node: &Self| node.kind() == FileKind::Directory;
        let gain = |folder: &Self, node: &Self| {
            if is_folder(node) {
                folder.update(|attributes| attributes.links += 1);
            }
        };
        let lose = |folder: &Self, node: &Self| {
            if is_folder(node) {
                folder.update(|attributes| attributes.links = attributes.links.saturating_sub(1));
            }
        };
        lose(self, &moved.source);
        gain(to, &moved.source);
        moved.source.set_placement(to, to_name);
        let now = self.tree().now();
        moved.source.update(|attributes| attributes.changed = now);
        if let Some(target) = &moved.target {
            if how == Rename::Exchange {
                lose(to, target);
                gain(self, target);
                target.set_placement(self, name);
                target.update(|attributes| attributes.changed = now);
            } else {
                to.lost(target);
            }
        }
        self.touch();
        to.touch();
    }
}

/// Whether `target` may be replaced by `source`. A replaced folder is left removed.
fn check_replace(source: &Node, target: &Node) -> Result<()> {
    match (source.kind() == FileKind::Directory, target.kind() == FileKind::Directory) {
        (true, true) => target.retire(),
        (false, false) => Ok(()),
        (true, false) => Err(Error::new(ErrorKind::NotDirectory, "a folder replaces a folder only")),
        (false, true) => Err(Error::new(ErrorKind::IsDirectory, "a file replaces no folder")),
    }
}

/// A node, and the one whose place it takes.
struct Move {
    source: Arc<Node>,
    target: Option<Arc<Node>>,
}

impl Move {
    /// Do it within one folder.
    fn within(self, entries: &mut Entries, name: &[u8], to_name: &[u8], how: Rename) -> Self {
        match (&self.target, how) {
            (Some(target), Rename::Exchange) => {
                entries.set(name, Arc::clone(target));
            }
            _ => {
                entries.remove(name);
            }
        }
        entries.set(to_name, Arc::clone(&self.source));
        self
    }

    /// Do it from one folder to another.
    fn across(
        self,
        (from, name): (&mut Entries, &[u8]),
        (to, to_name): (&mut Entries, &[u8]),
        how: Rename,
    ) -> Self {
        match (&self.target, how) {
            (Some(target), Rename::Exchange) => {
                from.set(name, Arc::clone(target));
            }
            _ => {
                from.remove(name);
            }
        }
        to.set(to_name, Arc::clone(&self.source));
        self
    }
}
