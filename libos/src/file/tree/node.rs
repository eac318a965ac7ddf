//! One object of a tree.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::file::{AttributeChange, Attributes, FileKind, HostFile};
use litebox_host::sync::{Mutex, Once};

use super::Tree;
use super::contents::Contents;
use super::entries::Entries;
use super::file_system::NODE_COST;
use super::lower::LowerFile;
use super::mapped::free_all;
use super::opened::TreeFile;
use crate::error::{Error, ErrorKind, Result};
use crate::file::fifo::Fifo;
use crate::file::permission::{SET_GROUP, SET_USER};
use crate::file::{
    Attachment, Caller, Directory, FifoFile, File, FileLocks, FileSystem, FolderFile, NewVnode, Opening,
    Ownership, Seals, Target, Users, Vnode,
};

/// An object: folder, file, link or special file.
pub struct Node {
    tree: Arc<Tree>,
    me: Weak<Node>,
    kind: FileKind,
    /// The size and the blocks of a regular file are in its contents.
    attributes: Mutex<Attributes>,
    placement: Mutex<Placement>,
    body: Body,
    /// What was charged to the tree for the object itself.
    cost: u64,
    locks: Once<Arc<FileLocks>>,
    users: Users,
    attachment: Attachment,
}

/// Where a node is: the latest of its names.
struct Placement {
    parent: Weak<Node>,
    name: Vec<u8>,
    /// Whether a node without links may be given one (`O_TMPFILE`).
    linkable: bool,
}

/// What a node is.
pub(super) enum Body {
    Directory(Mutex<Entries>),
    Regular(Mutex<Contents>),
    Symlink(Link),
    /// What another part of the library OS answers for: a device, or text made when it is opened.
    Special(Arc<dyn Special>),
    /// A FIFO, a socket, or a device of the host: a name with attributes, and nothing behind it here.
    Name,
}

/// A symbolic link's target.
pub(super) enum Link {
    Here(Vec<u8>),
    /// At this path of the host, read when first asked for.
    Lower(Vec<u8>, Once<Vec<u8>>),
}

/// What opens a special node.
pub trait Special: Send + Sync {
    /// Open it.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchDevice`].
    fn open(&self, opening: Opening<'_>) -> Result<Arc<dyn File>>;
}

impl Node {
    fn new(
        tree: &Arc<Tree>,
        attributes: Attributes,
        placement: Placement,
        body: Body,
        cost: u64,
    ) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            tree: Arc::clone(tree),
            me: Weak::clone(me),
            kind: attributes.kind,
            attributes: Mutex::new(attributes),
            placement: Mutex::new(placement),
            body,
            cost,
            locks: Once::new(),
            users: Users::default(),
            attachment: Once::new(),
        })
    }

    /// The root of a tree over nothing.
    pub(super) fn memory_root(tree: &Arc<Tree>, mode: u32) -> Arc<Self> {
        let attributes = tree.new_attributes(FileKind::Directory, mode);
        let body = Body::Directory(Mutex::new(Entries::new(None)));
        Self::new(tree, attributes, Placement::nowhere(false), body, 0)
    }

    /// The root of a tree over the host's folder.
    pub(super) fn lower_root(tree: &Arc<Tree>, attributes: Attributes) -> Arc<Self> {
        let attributes = tree.adopt(attributes);
        Self::new(tree, attributes, Placement::nowhere(false), lower_body(&attributes, Vec::new()), 0)
    }

    /// The host's object at `path`, which is `name` in this folder.
    pub(super) fn lower_child(&self, name: &[u8], path: Vec<u8>, found: Attributes) -> Arc<Self> {
        let identity = (found.device, found.inode);
        let shared = found.kind != FileKind::Directory && found.links > 1;
        if shared && let Some(node) = self.tree.linked.lock().get(&identity) {
            return Arc::clone(node);
        }
        let attributes = self.tree.adopt(found);
        let placement = Placement { parent: Weak::clone(&self.me), name: name.to_vec(), linkable: false };
        let node = Self::new(&self.tree, attributes, placement, lower_body(&attributes, path), 0);
        if shared {
            let mut linked = self.tree.linked.lock();
            return Arc::clone(linked.entry(identity).or_insert(node));
        }
        node
    }

    /// A new object, to be `name` in this folder.
    ///
    /// # Errors
    /// [`ErrorKind::NoSpace`].
    pub(super) fn new_child(&self, name: &[u8], new: NewVnode<'_>, owner: Ownership) -> Result<Arc<Self>> {
        let (kind, body) = match new {
            NewVnode::Regular | NewVnode::Unnamed { .. } => {
                (FileKind::Regular, Body::Regular(Mutex::new(Contents::empty())))
            }
            NewVnode::Directory => (FileKind::Directory, Body::Directory(Mutex::new(Entries::new(None)))),
            NewVnode::Symlink(target) => (FileKind::Symlink, Body::Symlink(Link::Here(target.to_vec()))),
            NewVnode::Fifo => (FileKind::Fifo, Body::Name),
            NewVnode::Socket => (FileKind::Socket, Body::Name),
        };
        let mut attributes = self.tree.new_attributes(kind, owner.mode);
        attributes.uid = owner.user;
        attributes.gid = owner.group;
        let mut placement = Placement { parent: Weak::clone(&self.me), name: name.to_vec(), linkable: false };
        match new {
            NewVnode::Symlink(target) => attributes.size = target.len() as u64,
            NewVnode::Unnamed { linkable } => {
                attributes.links = 0;
                placement = Placement::nowhere(linkable);
            }
            _ => {}
        }
        self.tree.charge(NODE_COST)?;
        Ok(Self::new(&self.tree, attributes, placement, body, NODE_COST))
    }

    /// A new regular file without a name, sealed by `seals`, and shown as if `label` had been its name in this
    /// folder.
    ///
    /// # Errors
    /// [`ErrorKind::NoSpace`].
    pub fn unnamed_child(&self, label: &[u8], owner: Ownership, seals: Seals) -> Result<Arc<Self>> {
        let node = self.new_child(b"", NewVnode::Unnamed { linkable: false }, owner)?;
        node.contents()?.lock().set_seals(seals);
        node.set_placement(self, label);
        Ok(node)
    }

    /// A special object called `name` in this folder; `number` is its device number, if it has one.
    pub fn special_child(
        &self,
        name: &[u8],
        kind: FileKind,
        mode: u32,
        number: u64,
        special: Arc<dyn Special>,
    ) -> Arc<Self> {
        let mut attributes = self.tree.new_attributes(kind, mode);
        attributes.special = number;
        let placement = Placement { parent: Weak::clone(&self.me), name: name.to_vec(), linkable: false };
        Self::new(&self.tree, attributes, placement, Body::Special(special), 0)
    }

    pub(super) fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    pub(super) fn me(&self) -> Result<Arc<Self>> {
        self.me.upgrade().ok_or(Error::new(ErrorKind::NotFound, "the object is gone"))
    }

    /// The folder's entries.
    pub(super) fn entries(&self) -> Result<&Mutex<Entries>> {
        match &self.body {
            Body::Directory(entries) => Ok(entries),
            _ => Err(Error::new(ErrorKind::NotDirectory, "the object is no folder")),
        }
    }

    /// The pipe of a FIFO. One that lies on the host is the host's own.
    fn fifo(&self) -> Result<Arc<Fifo>> {
        let none = Error::new(ErrorKind::NoSuchDevice, "nothing is behind the name");
        if self.cost == 0 {
            return Err(none);
        }
        if self.attachment.get().is_none() {
            // Whoever fills it first is right.
            let _ = self.attachment.set(Arc::<Fifo>::default());
        }
        let attached = self.attachment.get().ok_or(none)?;
        Arc::clone(attached).downcast().map_err(|_| none)
    }

    /// The file's contents.
    pub(super) fn contents(&self) -> Result<&Mutex<Contents>> {
        match &self.body {
            Body::Regular(contents) => Ok(contents),
            _ => Err(Error::new(ErrorKind::InvalidArgument, "the object is no regular file")),
        }
    }

    /// Change the file's contents, and have its mappings follow if pages came or went.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Contents) -> Result<R>) -> Result<R> {
        let contents = self.contents()?;
        let mut locked = contents.lock();
        let before = locked.length();
        let outcome = change(&mut locked);
        let Some(resized) = locked.resized(before) else { return outcome };
        let loose = locked.mapped().take_loose();
        drop(locked);
        let mut done = true;
        for space in &resized.spaces {
            done &= space.refresh(self.object(), resized.pages.clone());
        }
        if done {
            free_all(&self.tree, loose);
        } else {
            contents.lock().mapped().keep(loose);
        }
        outcome
    }

    /// Refuse to change whether the file can be executed if it is sealed against that.
    fn check_mode(&self, change: &AttributeChange) -> Result<()> {
        const EXECUTE: u32 = 0o111;
        let (Some(mode), Body::Regular(contents)) = (change.mode, &self.body) else { return Ok(()) };
        if (mode ^ self.attributes.lock().mode) & EXECUTE == 0 {
            return Ok(());
        }
        contents.lock().check_seals(Seals::EXECUTE)
    }

    /// A number that no other node has while this one exists.
    pub(super) fn object(&self) -> u64 {
        core::ptr::from_ref(self).addr() as u64
    }

    /// The host's link points to `target`.
    pub(super) fn know_target(&self, target: Vec<u8>) {
        if let Body::Symlink(Link::Lower(_, answer)) = &self.body {
            // Somebody else's first answer counts as well as this one.
            let _ = answer.set(target);
        }
    }

    /// The host's file is open already, for reading. Whether it is kept.
    pub(super) fn know_file(&self, file: HostFile) -> bool {
        match &self.body {
            Body::Regular(contents) => contents.lock().know_file(&self.tree, file),
            _ => false,
        }
    }

    /// Change attributes in place.
    pub(super) fn update(&self, change: impl FnOnce(&mut Attributes)) {
        change(&mut self.attributes.lock());
    }

    /// Names, bytes or entries changed.
    pub(super) fn touch(&self) {
        let now = self.tree.now();
        self.update(|attributes| {
            attributes.modified = now;
            attributes.changed = now;
        });
    }

    /// The bytes changed: a program that was changed loses its privileges.
    pub(super) fn touch_bytes(&self) {
        self.touch();
        self.update(|attributes| {
            if attributes.mode & 0o010 != 0 {
                attributes.mode &= !SET_GROUP;
            }
            attributes.mode &= !SET_USER;
        });
    }

    /// The bytes were read. The time is kept so far that it tells whether they were read since the last change, as
    /// with `relatime` of `mount(8)`.
    pub(super) fn touch_access(&self) {
        let is_stale =
            |attributes: &Attributes| attributes.accessed <= attributes.modified.max(attributes.changed);
        if !is_stale(&self.attributes.lock()) {
            return;
        }
        let now = self.tree.now();
        self.update(|attributes| attributes.accessed = now);
    }

    /// The node has `name` in `parent` now.
    pub(super) fn set_placement(&self, parent: &Node, name: &[u8]) {
        let placement = Placement { parent: Weak::clone(&parent.me), name: name.to_vec(), linkable: false };
        let before = core::mem::replace(&mut *self.placement.lock(), placement);
        drop(before);
    }

    /// The folder that holds the node.
    pub(super) fn parent(&self) -> Option<Arc<Self>> {
        self.placement.lock().parent.upgrade()
    }

    /// Whether the node may be given a name although it has none.
    pub(super) fn is_linkable(&self) -> bool {
        self.placement.lock().linkable
    }

    /// The name is gone.
    pub(super) fn unlinked(&self) {
        let now = self.tree.now();
        self.update(|attributes| {
            attributes.links = match self.kind {
                FileKind::Directory => 0,
                _ => attributes.links.saturating_sub(1),
            };
            attributes.changed = now;
        });
    }
}

impl Placement {
    const fn nowhere(linkable: bool) -> Self {
        Self { parent: Weak::new(), name: Vec::new(), linkable }
    }
}

/// The body of the host's object at `path`.
fn lower_body(attributes: &Attributes, path: Vec<u8>) -> Body {
    match attributes.kind {
        FileKind::Directory => Body::Directory(Mutex::new(Entries::new(Some(path)))),
        FileKind::Regular => Body::Regular(Mutex::new(Contents::lower(
            LowerFile::new(path),
            attributes.size,
            attributes.blocks,
        ))),
        FileKind::Symlink => Body::Symlink(Link::Lower(path, Once::new())),
        _ => Body::Name,
    }
}

impl Link {
    fn target(&self, tree: &Tree) -> Result<Vec<u8>> {
        match self {
            Self::Here(target) => Ok(target.clone()),
            Self::Lower(path, answer) => {
                if let Some(target) = answer.get() {
                    return Ok(target.clone());
                }
                let mount =
                    tree.lower().ok_or(Error::new(ErrorKind::InputOutput, "the tree has no host folder"))?;
                let target = tree.host().read_link(mount, path)?;
                // Somebody else's first answer counts as well as this one.
                let _ = answer.set(target.clone());
                Ok(target)
            }
        }
    }
}

impl Vnode for Node {
    fn kind(&self) -> FileKind {
        self.kind
    }

    fn attributes(&self) -> Result<Attributes> {
        let sizes = match &self.body {
            Body::Regular(contents) => Some(contents.lock().sizes()),
            _ => None,
        };
        let mut attributes = *self.attributes.lock();
        if let Some((size, blocks)) = sizes {
            attributes.size = size;
            attributes.blocks = blocks;
        }
        Ok(attributes)
    }

    fn set_attributes(&self, change: &AttributeChange) -> Result<()> {
        self.check_mode(change)?;
        if let Some(size) = change.size {
            self.users.check_change()?;
            self.change(|contents| contents.set_size(&self.tree, size))?;
            self.touch_bytes();
        }
        let now = self.tree.now();
        self.update(|attributes| {
            change.apply(attributes);
            attributes.changed = now;
        });
        Ok(())
    }

    fn open(self: Arc<Self>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        match &self.body {
            Body::Directory(_) => Ok(FolderFile::open(opening)),
            Body::Regular(_) => TreeFile::open(self, opening),
            Body::Special(special) => special.open(opening),
            Body::Name if self.kind == FileKind::Fifo => Ok(FifoFile::open(self.fifo()?, opening)),
            Body::Symlink(_) | Body::Name => {
                Err(Error::new(ErrorKind::NoSuchDevice, "nothing is behind the name"))
            }
        }
    }

    fn follow(&self, _: &Caller) -> Result<Target> {
        match &self.body {
            Body::Symlink(link) => Ok(Target::Path(link.target(&self.tree)?)),
            _ => Err(Error::new(ErrorKind::InvalidArgument, "the object is no symbolic link")),
        }
    }

    fn directory(&self) -> Option<&dyn Directory> {
        match &self.body {
            Body::Directory(_) => Some(self),
            _ => None,
        }
    }

    fn place(&self) -> Option<(Arc<dyn Vnode>, Vec<u8>)> {
        let placement = self.placement.lock();
        let parent: Arc<dyn Vnode> = placement.parent.upgrade()?;
        Some((parent, placement.name.clone()))
    }

    fn file_system(&self) -> &dyn FileSystem {
        &*self.tree
    }

    fn locks(&self) -> Option<&Arc<FileLocks>> {
        if self.locks.get().is_none() {
            // Whoever fills it first is right.
            let _ = self.locks.set(Arc::default());
        }
        self.locks.get()
    }

    fn users(&self) -> Option<&Users> {
        matches!(self.body, Body::Regular(_)).then_some(&self.users)
    }

    fn attachment(&self) -> Option<&Attachment> {
        Some(&self.attachment)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Body::Regular(contents) = &mut self.body {
            contents.get_mut().clear(&self.tree);
        }
        self.tree.release(self.cost);
    }
}
