//! Where an object is: in which mount, and which object of it.

use alloc::format;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::ambient::{self, Log};
use litebox_host::file::WalkPurpose;
use litebox_host::sync::{AtomicBool, Mutex, Ordering};

use super::Vnode;
use crate::error::{Error, ErrorKind, Result};

/// An object, and the mount through which it was reached.
#[derive(Clone)]
pub struct Location {
    /// The mount.
    pub mount: Arc<Mount>,
    /// The object.
    pub vnode: Arc<dyn Vnode>,
}

/// The source of mounts that are folders of the host.
pub(super) const HOST_SOURCE: &[u8] = b"host";

/// A file system at a place of the tree.
pub struct Mount {
    /// The number that `/proc/self/mountinfo` gives it.
    pub id: u32,
    /// What was mounted: the word in the first column of `/proc/mounts`.
    pub source: Vec<u8>,
    /// Whether changes are refused.
    pub access: MountAccess,
    root: Arc<dyn Vnode>,
    /// What it covers; `None` for the root of the tree.
    parent: Option<(Weak<Mount>, Arc<dyn Vnode>)>,
    /// Whether somebody was told of a refused change.
    told: AtomicBool,
    /// What is mounted inside, by the object that it covers. A leaf in the lock order.
    children: Mutex<Vec<Covered>>,
}

/// An object, and the mount that covers it.
type Covered = (Arc<dyn Vnode>, Arc<Mount>);

/// Whether a mount can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountAccess {
    /// Changes are refused with [`ErrorKind::ReadOnly`].
    ReadOnly,
    /// Changes are made, where the file system can.
    ReadWrite,
}

/// Whether two vnodes are the same object.
pub(super) fn is_same(one: &Arc<dyn Vnode>, other: &Arc<dyn Vnode>) -> bool {
    core::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other))
}

impl Mount {
    /// The mount of the tree's own root.
    pub(super) fn root_of_tree(root: Arc<dyn Vnode>, access: MountAccess, source: Vec<u8>) -> Arc<Self> {
        Arc::new(Self {
            id: 1,
            source,
            access,
            root,
            parent: None,
            told: AtomicBool::new(false),
            children: Mutex::new(Vec::new()),
        })
    }

    /// A mount over `at`, which is a folder.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub(super) fn attach(
        at: &Location,
        id: u32,
        root: Arc<dyn Vnode>,
        access: MountAccess,
        source: Vec<u8>,
    ) -> Result<Arc<Self>> {
        let parent = Some((Arc::downgrade(&at.mount), Arc::clone(&at.vnode)));
        let mount = Arc::new(Self {
            id,
            source,
            access,
            root,
            parent,
            told: AtomicBool::new(false),
            children: Mutex::new(Vec::new()),
        });
        let mut children = at.mount.children.lock();
        children.try_reserve(1).map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a mount"))?;
        children.push((Arc::clone(&at.vnode), Arc::clone(&mount)));
        Ok(mount)
    }

    /// The root of the file system, at this mount.
    pub fn root(self: &Arc<Self>) -> Location {
        Location { mount: Arc::clone(self), vnode: Arc::clone(&self.root) }
    }

    /// The place that the mount covers.
    pub fn covered(&self) -> Option<Location> {
        let (mount, vnode) = self.parent.as_ref()?;
        Some(Location { mount: mount.upgrade()?, vnode: Arc::clone(vnode) })
    }

    /// Say, once, that a change was refused because this folder of the host's is mounted read-only.
    fn tell_refusal(self: &Arc<Self>) {
        if self.source != HOST_SOURCE || self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut top = Arc::clone(self);
        while let Some(above) = top.parent.as_ref().and_then(|(mount, _)| mount.upgrade()) {
            top = above;
        }
        let path = self.root().path(&top.root()).text;
        let path = path.escape_ascii();
        let line =
            format!("a change below {path} was refused: it is mounted read-only (fix: -v SRC:{path}:rw)");
        ambient::log(Log::Denied, &line);
    }

    /// The latest mount over `vnode`.
    fn over(&self, vnode: &Arc<dyn Vnode>) -> Option<Arc<Self>> {
        let children = self.children.lock();
        let (_, mount) = children.iter().rev().find(|(covered, _)| is_same(covered, vnode))?;
        Some(Arc::clone(mount))
    }
}

impl Location {
    /// Whether both are the same object in the same mount.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.mount, &other.mount) && is_same(&self.vnode, &other.vnode)
    }

    /// Whether this is the root of a mount.
    pub fn is_mount_root(&self) -> bool {
        is_same(&self.vnode, &self.mount.root)
    }

    /// The root of what is mounted here, or the location itself.
    #[must_use]
    pub fn uncovered(self) -> Self {
        let mut top = self;
        while let Some(mount) = top.mount.over(&top.vnode) {
            top = mount.root();
        }
        top
    }

    /// Whether something is mounted here.
    pub fn is_mount_point(&self) -> bool {
        self.mount.over(&self.vnode).is_some()
    }

    /// The object called `name` in this folder, before mounts over it are looked at.
    ///
    /// # Errors
    /// [`ErrorKind::NotDirectory`], [`ErrorKind::NotFound`] and the file system's own.
    pub fn child(&self, name: &[u8]) -> Result<Self> {
        let directory = self.vnode.directory().ok_or(NOT_DIRECTORY)?;
        Ok(Self { mount: Arc::clone(&self.mount), vnode: directory.lookup(name)? })
    }

    /// As [`Location::child`], on a walk for `purpose` that goes on with `rest`.
    ///
    /// # Errors
    /// As [`Location::child`].
    pub fn child_on(&self, name: &[u8], rest: &[u8], purpose: WalkPurpose) -> Result<Self> {
        let directory = self.vnode.directory().ok_or(NOT_DIRECTORY)?;
        Ok(Self { mount: Arc::clone(&self.mount), vnode: directory.lookup_on(name, rest, purpose)? })
    }

    /// The folder that holds this one, not going above `root`.
    #[must_use]
    pub fn parent(&self, root: &Self) -> Self {
        let mut here = self.clone();
        while !here.is(root) && here.is_mount_root() {
            match here.mount.covered() {
                Some(covered) => here = covered,
                None => return here,
            }
        }
        if here.is(root) {
            return here;
        }
        match here.vnode.place() {
            Some((parent, _)) => Self { mount: here.mount, vnode: parent },
            None => here,
        }
    }

    /// The path from `root` to here, and whether that is how far it leads: what has been removed or lies outside
    /// `root` has only a part of a path.
    pub fn path(&self, root: &Self) -> Path {
        let mut names: Vec<Vec<u8>> = Vec::new();
        let mut here = self.clone();
        let gone = self.vnode.attributes().is_ok_and(|attributes| attributes.links == 0);
        let mut reach = Reach::Root;
        while !here.is(root) {
            if here.is_mount_root() {
                match here.mount.covered() {
                    Some(covered) => here = covered,
                    None => {
                        reach = Reach::Outside;
                        break;
                    }
                }
                continue;
            }
            let Some((parent, name)) = here.vnode.place() else {
                reach = Reach::Removed;
                break;
            };
            names.push(name);
            here.vnode = parent;
        }
        if gone {
            reach = Reach::Removed;
        }
        let mut text = Vec::new();
        for name in names.iter().rev() {
            text.push(b'/');
            text.extend_from_slice(name);
        }
        if text.is_empty() {
            text.push(b'/');
        }
        Path { text, reach }
    }

    /// Refuse changes through a read-only mount.
    ///
    /// # Errors
    /// [`ErrorKind::ReadOnly`].
    pub fn writable(&self) -> Result<()> {
        match self.mount.access {
            MountAccess::ReadWrite => Ok(()),
            MountAccess::ReadOnly => {
                self.mount.tell_refusal();
                Err(Error::new(ErrorKind::ReadOnly, "the mount is read-only"))
            }
        }
    }
}

/// The error of a component that is no folder.
pub(super) const NOT_DIRECTORY: Error = Error::new(ErrorKind::NotDirectory, "the object is no folder");

/// A path, as [`Location::path`] finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The path itself; begins with a slash.
    pub text: Vec<u8>,
    /// Where it begins.
    pub reach: Reach,
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// At the root that was asked for.
    Root,
    /// At a root above or beside it.
    Outside,
    /// At an object that has been removed.
    Removed,
}
