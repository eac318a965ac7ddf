//! An object of a writable folder.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::file::{AttributeChange, Attributes, FileKind, HostFile};
use litebox_host::sync::{Mutex, Once};

use super::WritableFolder;
use super::file::{HostFolderFile, HostRegularFile};
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Caller, Directory, File, FileLocks, FileSystem, Opening, Target, Users, Vnode};

/// An object, by its path.
pub(super) struct HostNode {
    pub(super) folder: Arc<WritableFolder>,
    kind: FileKind,
    state: Mutex<State>,
    locks: Once<Arc<FileLocks>>,
    users: Users,
}

struct State {
    /// The path below the mount; the last one, of what has been removed.
    path: Vec<u8>,
    removed: bool,
    /// The last answer of the host.
    attributes: Attributes,
    /// A handle for the first opening of a file made here: who makes a file may write it, whatever its mode says.
    made: Option<HostFile>,
}

pub(super) const REMOVED: Error = Error::new(ErrorKind::NotFound, "the object has been removed");

impl HostNode {
    pub(super) fn new(folder: &Arc<WritableFolder>, path: Vec<u8>, attributes: Attributes) -> Arc<Self> {
        let kind = attributes.kind;
        let state =
            Mutex::new(State { path, removed: false, attributes: folder.adopt(attributes), made: None });
        Arc::new(Self {
            folder: Arc::clone(folder),
            kind,
            state,
            locks: Once::new(),
            users: Users::default(),
        })
    }

    pub(super) fn is_kind(&self, kind: FileKind) -> bool {
        self.kind == kind
    }

    pub(super) fn set_path(&self, path: Vec<u8>) {
        self.state.lock().path = path;
    }

    pub(super) fn set_removed(&self) {
        let mut state = self.state.lock();
        state.removed = true;
        let links = state.attributes.links;
        state.attributes.links = if self.kind == FileKind::Directory { 0 } else { links.saturating_sub(1) };
    }

    /// Keep `file` for the first opening.
    pub(super) fn set_made(&self, file: HostFile) {
        self.state.lock().made = Some(file);
    }

    /// The handle kept for the first opening.
    pub(super) fn take_made(&self) -> Option<HostFile> {
        self.state.lock().made.take()
    }

    /// The path, while the object has one.
    pub(super) fn path(&self) -> Result<Vec<u8>> {
        let state = self.state.lock();
        if state.removed { Err(REMOVED) } else { Ok(state.path.clone()) }
    }

    /// The attributes, where `size` is told by an open handle for what has been removed.
    pub(super) fn attributes_with(&self, size: impl FnOnce() -> Option<u64>) -> Result<Attributes> {
        let answer = match self.path() {
            Ok(path) => self.folder.host.attributes(self.folder.mount, &path),
            Err(_) => Err(HostError::NotFound),
        };
        let mut state = self.state.lock();
        match answer {
            Ok(attributes) if attributes.kind == self.kind => {
                state.attributes = self.folder.adopt(attributes);
                Ok(state.attributes)
            }
            // Removed, here or on the host's side: what was known last, for those who have it open.
            Ok(_) | Err(HostError::NotFound | HostError::NotDirectory) => {
                let Some(size) = size() else { return Err(REMOVED) };
                state.attributes.size = size;
                if !state.removed {
                    state.attributes.links = state.attributes.links.saturating_sub(1);
                }
                Ok(state.attributes)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for HostNode {
    fn drop(&mut self) {
        if let Some(file) = self.state.get_mut().made.take() {
            self.folder.host.close(file);
        }
    }
}

impl Vnode for HostNode {
    fn kind(&self) -> FileKind {
        self.kind
    }

    fn attributes(&self) -> Result<Attributes> {
        let last = self.state.lock().attributes.size;
        self.attributes_with(|| Some(last))
    }

    fn set_attributes(&self, change: &AttributeChange) -> Result<()> {
        if change.size.is_some() {
            self.users.check_change()?;
        }
        Ok(self.folder.host.set_attributes(self.folder.mount, &self.path()?, change)?)
    }

    fn open(self: Arc<Self>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        match self.kind {
            FileKind::Directory => Ok(HostFolderFile::open(opening)),
            FileKind::Regular => HostRegularFile::open(self, opening),
            _ => Err(Error::new(ErrorKind::NoSuchDevice, "nothing is behind the name")),
        }
    }

    fn follow(&self, _: &Caller) -> Result<Target> {
        Ok(Target::Path(self.folder.host.read_link(self.folder.mount, &self.path()?)?))
    }

    fn directory(&self) -> Option<&dyn Directory> {
        (self.kind == FileKind::Directory).then_some(self)
    }

    fn place(&self) -> Option<(Arc<dyn Vnode>, Vec<u8>)> {
        let path = self.state.lock().path.clone();
        if path.is_empty() {
            return None;
        }
        let slash = path.iter().rposition(|byte| *byte == b'/');
        let (above, name) = match slash {
            Some(slash) => (path.get(..slash)?, path.get(slash + 1..)?),
            None => (&b""[..], &path[..]),
        };
        let attributes = self.folder.host.attributes(self.folder.mount, above).ok()?;
        let parent: Arc<dyn Vnode> = self.folder.node(above.to_vec(), attributes);
        Some((parent, name.to_vec()))
    }

    fn file_system(&self) -> &dyn FileSystem {
        &*self.folder
    }

    fn users(&self) -> Option<&Users> {
        (self.kind == FileKind::Regular).then_some(&self.users)
    }

    fn locks(&self) -> Option<&Arc<FileLocks>> {
        if self.locks.get().is_none() {
            // Whoever fills it first is right.
            let _ = self.locks.set(Arc::default());
        }
        self.locks.get()
    }
}
