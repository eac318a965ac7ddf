//! A tree's folders: looking up, listing, making and removing names.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

use litebox_host::HostError;
use litebox_host::file::{Attributes, Entry, FileKind, WalkEnd, WalkPurpose};
use litebox_host::sync::MutexGuard;

use super::Node;
use super::entries::{Entries, Known};
use super::lower::join;
use crate::error::{Error, ErrorKind, Result};
use crate::file::walk::MAX_NAME;
use crate::file::{Directory, Listed, Listing, NewVnode, Ownership, Removal, Rename, Vnode};

pub(super) const NOT_FOUND: Error = Error::new(ErrorKind::NotFound, "no such name");
const EXISTS: Error = Error::new(ErrorKind::Exists, "the name exists");

impl Node {
    /// The node called `name` in this folder, whose entries are locked.
    pub(super) fn find(&self, entries: &mut Entries, name: &[u8]) -> Result<Arc<Self>> {
        self.find_on(entries, name, b"", WalkPurpose::Look)
    }

    /// As [`Node::find`], on a walk for `purpose` that goes on with `rest`.
    fn find_on(
        &self,
        entries: &mut Entries,
        name: &[u8],
        rest: &[u8],
        purpose: WalkPurpose,
    ) -> Result<Arc<Self>> {
        let folder = match entries.get(name) {
            Known::Present(node) => return Ok(Arc::clone(node)),
            Known::Absent => return Err(NOT_FOUND),
            Known::Ask(folder) => folder,
        };
        let from = folder.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).count();
        let mut path = join(folder, name)?;
        for next in plain_components(rest) {
            path = join(&path, next)?;
        }
        let mount = self.tree().lower().ok_or(NOT_FOUND)?;
        let purpose = if self.tree().may_idle() { purpose } else { WalkPurpose::Look };
        let mut steps = Vec::new();
        match self.tree().host().walk(mount, &path, from, purpose, &mut steps) {
            Ok(mut end) => {
                let found = self.learn(entries, Walk { path: &path, from, steps: &steps, end: &mut end });
                if let WalkEnd::Open(unused) = end {
                    self.tree().host().close(unused);
                }
                found
            }
            Err(HostError::NotFound | HostError::NotDirectory) => {
                if self.tree().remember_absent() {
                    entries.remove(name);
                }
                Err(NOT_FOUND)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keep what a walk from this folder on has found; the node of its first step.
    fn learn(&self, entries: &mut Entries, walk: Walk<'_>) -> Result<Arc<Self>> {
        let Walk { path, from, steps, end } = walk;
        let name = path.split(|byte| *byte == b'/').nth(from).ok_or(NOT_FOUND)?;
        let Some((found, later)) = steps.split_first() else {
            if self.tree().remember_absent() {
                entries.remove(name);
            }
            return Err(NOT_FOUND);
        };
        let length =
            path.split(|byte| *byte == b'/').take(from + 1).map(|part| part.len() + 1).sum::<usize>();
        let here = path.get(..length - 1).ok_or(NOT_FOUND)?;
        let node = self.lower_child(name, here.to_vec(), *found);
        entries.set(name, Arc::clone(&node));
        if let WalkEnd::Open(file) = *end
            && here.len() == path.len()
            && node.know_file(file)
        {
            *end = WalkEnd::Here;
        }
        match (later.is_empty(), end) {
            (true, WalkEnd::Link(target)) => node.know_target(core::mem::take(target)),
            (true, WalkEnd::Here | WalkEnd::Open(_)) => {}
            // The folder is new, so nobody else holds its lock.
            (_, end) if length < path.len() && node.kind() == FileKind::Directory => {
                let mut entries = node.entries()?.lock();
                let walk = Walk { path, from: from + 1, steps: later, end };
                // That something further on is missing is for whoever asks for it.
                let _ = node.learn(&mut entries, walk);
            }
            _ => {}
        }
        Ok(node)
    }

    /// Learn all names that the host has in this folder, so that it is not asked for one of them again.
    ///
    /// # Errors
    /// The host's.
    pub fn learn_names(&self) -> Result<()> {
        self.load(&mut self.entries()?.lock())
    }

    /// Learn all names that the host has in this folder.
    pub(super) fn load(&self, entries: &mut Entries) -> Result<()> {
        let Some(folder) = entries.lower.clone() else { return Ok(()) };
        let mount = self.tree().lower().ok_or(NOT_FOUND)?;
        let mut cookie = Some(0);
        let mut batch: Vec<Entry> = Vec::new();
        while let Some(at) = cookie {
            cookie = self.tree().host().list(mount, &folder, at, &mut batch)?;
            for entry in batch.drain(..) {
                if is_plain(&entry.name) && !entries.knows(&entry.name) {
                    let path = join(&folder, &entry.name)?;
                    let node = self.lower_child(&entry.name, path, entry.attributes);
                    entries.set(&entry.name, node);
                }
            }
        }
        entries.complete();
        Ok(())
    }

    /// The entries, if something may be made in the folder.
    fn open_entries(&self) -> Result<MutexGuard<'_, Entries>> {
        let entries = self.entries()?.lock();
        if entries.removed {
            return Err(Error::new(ErrorKind::NotFound, "the folder has been removed"));
        }
        Ok(entries)
    }

    /// Whether `name` is free in the folder, whose entries are locked.
    fn check_free(&self, entries: &mut Entries, name: &[u8]) -> Result<()> {
        match self.find(entries, name) {
            Ok(_) => Err(EXISTS),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Put `node`, made for it, into the folder under `name`.
    pub fn insert(&self, name: &[u8], node: Arc<Self>) -> Result<()> {
        let mut entries = self.open_entries()?;
        self.check_free(&mut entries, name)?;
        if node.kind() == FileKind::Directory {
            self.update(|attributes| attributes.links += 1);
        }
        entries.set(name, node);
        drop(entries);
        self.touch();
        Ok(())
    }

    /// The folder called `name` in this one, made if there is none: for what a sandbox
    /// starts with.
    ///
    /// # Errors
    /// [`ErrorKind::NotDirectory`] if the name is something else's.
    pub fn subfolder(&self, name: &[u8], owner: Ownership) -> Result<Arc<Self>> {
        self.fixed_child(name, NewVnode::Directory, owner)
    }

    /// As [`Node::subfolder`], for any object.
    ///
    /// # Errors
    /// [`ErrorKind::NotDirectory`] if the name is something else's.
    pub fn fixed_child(&self, name: &[u8], object: NewVnode<'_>, owner: Ownership) -> Result<Arc<Self>> {
        let (node, is_new) = self.find_or_make(name, object, owner)?;
        if is_new && object == NewVnode::Directory {
            self.update(|attributes| attributes.links += 1);
        }
        Ok(node)
    }

    /// As [`Node::subfolder`], for a folder that the host has too and does not show: the host's count of links
    /// holds it already.
    ///
    /// # Errors
    /// [`ErrorKind::NotDirectory`] if the name is something else's.
    pub fn counted_subfolder(&self, name: &[u8], owner: Ownership) -> Result<Arc<Self>> {
        Ok(self.find_or_make(name, NewVnode::Directory, owner)?.0)
    }

    /// What is called `name` in this folder, and whether it had to be made.
    fn find_or_make(&self, name: &[u8], object: NewVnode<'_>, owner: Ownership) -> Result<(Arc<Self>, bool)> {
        let mut entries = self.open_entries()?;
        let wanted = object == NewVnode::Directory;
        match self.find(&mut entries, name) {
            Ok(node) if (node.kind() == FileKind::Directory) == wanted => return Ok((node, false)),
            Ok(_) => return Err(Error::new(ErrorKind::NotDirectory, "the name is something else's")),
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let node = self.new_child(name, object, owner)?;
        entries.set(name, Arc::clone(&node));
        Ok((node, true))
    }

    /// Let the file `name` of this folder begin with `text`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::NoSpace`].
    pub fn fill(&self, name: &[u8], text: &[u8]) -> Result<()> {
        let mut entries = self.open_entries()?;
        let node = self.find(&mut entries, name)?;
        drop(entries);
        let mut text = text;
        node.contents()?.lock().write(node.tree(), 0, &mut text)?;
        Ok(())
    }

    /// The folder that this tree's folder is moved to or linked from, if it is of the same tree.
    pub(super) fn same_tree<'a>(&self, other: &'a dyn Vnode) -> Result<&'a Self> {
        let other: &dyn Any = other;
        other
            .downcast_ref::<Self>()
            .filter(|other| Arc::ptr_eq(other.tree(), self.tree()))
            .ok_or(Error::new(ErrorKind::CrossDevice, "the object is of another file system"))
    }

    /// Empty the folder's slot for `what` and leave it removed, if it is empty. The topology lock is held.
    pub(super) fn retire(&self) -> Result<()> {
        let mut entries = self.entries()?.lock();
        self.load(&mut entries)?;
        if !entries.is_empty() {
            return Err(Error::new(ErrorKind::NotEmpty, "the folder is not empty"));
        }
        entries.removed = true;
        Ok(())
    }

    /// A name of `node` was taken out of this folder.
    pub(super) fn lost(&self, node: &Self) {
        node.unlinked();
        if node.kind() == FileKind::Directory {
            self.update(|attributes| attributes.links = attributes.links.saturating_sub(1));
        }
        self.touch();
    }
}

/// What a host has told of a path.
struct Walk<'a> {
    path: &'a [u8],
    /// The number of the component that is looked up here.
    from: usize,
    /// What stands at it and at those that follow; nothing if it is missing.
    steps: &'a [Attributes],
    /// A file that is open is taken out.
    end: &'a mut WalkEnd,
}

/// The most components that are learnt of ahead; each is a call deep.
const MAX_AHEAD: usize = 15;

/// The components that `rest` begins with, as far as they are names.
fn plain_components(rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    rest.split(|byte| *byte == b'/')
        .filter(|part| !part.is_empty())
        .take_while(|part| is_plain(part))
        .take(MAX_AHEAD)
}

/// Whether a name from the host can be a component.
fn is_plain(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..")
        && name.len() <= MAX_NAME
        && !name.iter().any(|byte| matches!(byte, b'/' | 0))
}

impl Directory for Node {
    fn lookup(&self, name: &[u8]) -> Result<Arc<dyn Vnode>> {
        let mut entries = self.entries()?.lock();
        let node: Arc<dyn Vnode> = self.find(&mut entries, name)?;
        Ok(node)
    }

    fn lookup_on(&self, name: &[u8], rest: &[u8], purpose: WalkPurpose) -> Result<Arc<dyn Vnode>> {
        let mut entries = self.entries()?.lock();
        let node: Arc<dyn Vnode> = self.find_on(&mut entries, name, rest, purpose)?;
        Ok(node)
    }

    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()> {
        let mut entries = self.entries()?.lock();
        self.load(&mut entries)?;
        for (cookie, name, node) in entries.after(cookie) {
            let inode = node.attributes()?.inode;
            if sink(Listed { name, inode, kind: node.kind(), cookie }) == Listing::Stop {
                break;
            }
        }
        Ok(())
    }

    fn create(&self, name: &[u8], object: NewVnode<'_>, owner: Ownership) -> Result<Arc<dyn Vnode>> {
        let node = if let NewVnode::Unnamed { .. } = object {
            self.new_child(name, object, owner)?
        } else {
            let mut entries = self.open_entries()?;
            self.check_free(&mut entries, name)?;
            let node = self.new_child(name, object, owner)?;
            entries.set(name, Arc::clone(&node));
            drop(entries);
            if node.kind() == FileKind::Directory {
                self.update(|attributes| attributes.links += 1);
            }
            self.touch();
            node
        };
        Ok(node)
    }

    fn link(&self, name: &[u8], target: &dyn Vnode) -> Result<()> {
        let target = self.same_tree(target)?.me()?;
        let mut entries = self.open_entries()?;
        self.check_free(&mut entries, name)?;
        // Held over the look at the link count, so that two threads cannot both name a file without names.
        if target.attributes()?.links == 0 && !target.is_linkable() {
            return Err(Error::new(ErrorKind::NotFound, "the file has been removed"));
        }
        let now = self.tree().now();
        target.update(|attributes| {
            attributes.links += 1;
            attributes.changed = now;
        });
        target.set_placement(self, name);
        entries.set(name, target);
        drop(entries);
        self.touch();
        Ok(())
    }

    fn remove(&self, name: &[u8], what: Removal) -> Result<()> {
        let _topology = self.tree().topology.lock();
        let mut entries = self.entries()?.lock();
        let node = self.find(&mut entries, name)?;
        match (what, node.kind() == FileKind::Directory) {
            (Removal::Directory, true) => node.retire()?,
            (Removal::Other, false) => {}
            (Removal::Directory, false) => {
                return Err(Error::new(ErrorKind::NotDirectory, "the object is no folder"));
            }
            (Removal::Other, true) => {
                return Err(Error::new(ErrorKind::IsDirectory, "the object is a folder"));
            }
        }
        let removed = entries.remove(name);
        drop(entries);
        self.lost(&node);
        // The last reference may close the host's file: after the locks.
        drop(removed);
        Ok(())
    }

    fn rename(&self, name: &[u8], to: &dyn Vnode, to_name: &[u8], how: Rename) -> Result<()> {
        self.rename_node(name, self.same_tree(to)?, to_name, how)
    }
}
