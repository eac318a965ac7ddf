//! Names of a writable folder.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

use litebox_host::HostError;
use litebox_host::file::{AttributeChange, Entry, FileKind, NewObject, OpenAccess};

use super::node::HostNode;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Directory, FIRST_COOKIE, Listed, Listing, NewVnode, Ownership, Removal, Rename, Vnode};

/// `RENAME_NOREPLACE` of `renameat2(2)`, as the host contract has it.
const KEEP: u32 = 1;
/// With these bits the host lets its owner read and write a file.
const OPENABLE: u32 = 0o600;
/// `RENAME_EXCHANGE` of `renameat2(2)`.
const EXCHANGE: u32 = 2;

impl HostNode {
    /// The path of `name` in this folder.
    fn below(&self, name: &[u8]) -> Result<Vec<u8>> {
        let mut path = self.path()?;
        path.try_reserve(name.len() + 1)
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a path"))?;
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        Ok(path)
    }

    /// Everything in the folder at this moment.
    pub(super) fn snapshot(&self) -> Result<Vec<Entry>> {
        let path = self.path()?;
        let mut entries = Vec::new();
        let mut cookie = Some(0);
        while let Some(at) = cookie {
            cookie = self.folder.host.list(self.folder.mount, &path, at, &mut entries)?;
        }
        Ok(entries)
    }

    fn same_folder<'a>(&self, other: &'a dyn Vnode) -> Result<&'a Self> {
        let other: &dyn Any = other;
        other
            .downcast_ref::<Self>()
            .filter(|other| Arc::ptr_eq(&other.folder, &self.folder))
            .ok_or(Error::new(ErrorKind::CrossDevice, "the object is of another file system"))
    }

    /// Give a new object its owner, where that is not the one the host chose.
    fn own(&self, path: &[u8], owner: Ownership, made: (u32, u32)) -> Result<()> {
        let differs = |wanted: u32, made: u32| (wanted != made).then_some(wanted);
        let change = AttributeChange {
            uid: differs(owner.user, made.0),
            gid: differs(owner.group, made.1),
            ..AttributeChange::default()
        };
        if change == AttributeChange::default() {
            return Ok(());
        }
        match self.folder.host.set_attributes(self.folder.mount, path, &change) {
            // The sandbox's users are its own: a host that cannot give files away keeps them.
            Ok(()) | Err(HostError::Denied | HostError::NotSupported) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Hand `entries`, numbered from the first cookie on, to `sink`, after `cookie`.
pub(super) fn list_entries(entries: &[Entry], cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) {
    for (at, entry) in (FIRST_COOKIE..).zip(entries) {
        let Entry { name, attributes } = entry;
        let listed = Listed { name, inode: attributes.inode, kind: attributes.kind, cookie: at };
        if at > cookie && sink(listed) == Listing::Stop {
            return;
        }
    }
}

impl Directory for HostNode {
    fn lookup(&self, name: &[u8]) -> Result<Arc<dyn Vnode>> {
        let path = self.below(name)?;
        let attributes = match self.folder.host.attributes(self.folder.mount, &path) {
            Err(HostError::NotFound) => {
                self.folder.forget(&path);
                return Err(Error::new(ErrorKind::NotFound, "no such name"));
            }
            answer => answer?,
        };
        let node: Arc<dyn Vnode> = self.folder.node(path, attributes);
        Ok(node)
    }

    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()> {
        list_entries(&self.snapshot()?, cookie, sink);
        Ok(())
    }

    fn create(&self, name: &[u8], object: NewVnode<'_>, owner: Ownership) -> Result<Arc<dyn Vnode>> {
        let object = match object {
            NewVnode::Regular => NewObject::Regular,
            NewVnode::Directory => NewObject::Directory,
            NewVnode::Symlink(target) => NewObject::Symlink(target),
            NewVnode::Unnamed { .. } => {
                return Err(Error::new(ErrorKind::NotSupported, "no files without names here"));
            }
            NewVnode::Fifo | NewVnode::Socket => {
                return Err(Error::new(ErrorKind::NotPermitted, "no special files in a host's folder"));
            }
        };
        let path = self.below(name)?;
        let host = &self.folder.host;
        let file = object == NewObject::Regular;
        let mode = if file { owner.mode | OPENABLE } else { owner.mode };
        let made = host.create(self.folder.mount, &path, object, mode)?;
        self.own(&path, owner, (made.uid, made.gid))?;
        self.folder.forget(&path);
        let node = self.folder.node(path.clone(), made);
        if file && mode != owner.mode {
            // Opened before its mode says otherwise, as the opening that makes a file is not asked for rights.
            let access = OpenAccess::READ | OpenAccess::WRITE;
            node.set_made(host.open(self.folder.mount, &path, access)?.0);
            let change = AttributeChange { mode: Some(owner.mode), ..AttributeChange::default() };
            host.set_attributes(self.folder.mount, &path, &change)?;
        }
        Ok(node)
    }

    fn link(&self, name: &[u8], target: &dyn Vnode) -> Result<()> {
        let target = self.same_folder(target)?.path()?;
        let path = self.below(name)?;
        self.folder.host.create(self.folder.mount, &path, NewObject::Link(&target), 0)?;
        Ok(())
    }

    fn remove(&self, name: &[u8], what: Removal) -> Result<()> {
        let path = self.below(name)?;
        let kind = match what {
            Removal::Directory => FileKind::Directory,
            Removal::Other => FileKind::Regular,
        };
        self.folder.host.remove(self.folder.mount, &path, kind)?;
        self.folder.forget(&path);
        Ok(())
    }

    fn rename(&self, name: &[u8], to: &dyn Vnode, to_name: &[u8], how: Rename) -> Result<()> {
        let from = self.below(name)?;
        let to = self.same_folder(to)?.below(to_name)?;
        let flags = match how {
            Rename::Replace => 0,
            Rename::Keep => KEEP,
            Rename::Exchange => EXCHANGE,
        };
        self.folder.host.rename(self.folder.mount, &from, &to, flags)?;
        match how {
            _ if from == to => {}
            Rename::Exchange => self.folder.exchanged(&from, &to),
            Rename::Keep | Rename::Replace => {
                self.folder.forget(&to);
                self.folder.moved(&from, &to);
            }
        }
        Ok(())
    }
}
