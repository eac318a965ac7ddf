//! Where a process stands: its root, its working directory and its file mode mask.

use alloc::sync::Arc;

use litebox_host::sync::Mutex;

use super::location::NOT_DIRECTORY;
use super::permission::{Access, check_access};
use super::{Caller, FileHost, LastLink, Location, Namespace, Program, View};
use crate::error::Result;

/// What `clone(2)` shares or copies with `CLONE_FS`.
pub struct Place {
    namespace: Arc<Namespace>,
    state: Mutex<State>,
}

#[derive(Clone)]
struct State {
    root: Location,
    current: Location,
    mask: u32,
}

impl Place {
    /// At the root of `namespace`.
    pub fn new(namespace: Arc<Namespace>) -> Arc<Self> {
        let root = namespace.root();
        let state = State { current: root.clone(), root, mask: 0o022 };
        Arc::new(Self { namespace, state: Mutex::new(state) })
    }

    /// At the root of an empty tree in memory: for those who were not given one.
    pub fn nowhere(host: Arc<dyn FileHost>) -> Arc<Self> {
        Self::new(Namespace::empty(host))
    }

    /// The same place, changing on its own from now on.
    pub fn duplicate(&self) -> Arc<Self> {
        let state = self.state.lock().clone();
        Arc::new(Self { namespace: Arc::clone(&self.namespace), state: Mutex::new(state) })
    }

    /// The tree.
    pub fn namespace(&self) -> &Arc<Namespace> {
        &self.namespace
    }

    /// The root.
    pub fn root(&self) -> Location {
        self.state.lock().root.clone()
    }

    /// The working directory.
    pub fn current(&self) -> Location {
        self.state.lock().current.clone()
    }

    /// Open the program at `path` for running it; see [`View::open_program`].
    ///
    /// # Errors
    /// [`AccessDenied`](crate::ErrorKind::AccessDenied) for what may not be run, and those of `open(2)`.
    pub fn open_program(&self, path: &[u8], caller: &Caller) -> Result<Program> {
        View::new(self, caller).open_program(path, LastLink::Follow)
    }

    /// The file mode mask.
    pub fn mask(&self) -> u32 {
        self.state.lock().mask
    }

    /// Replace the file mode mask; the old one.
    pub fn set_mask(&self, mask: u32) -> u32 {
        core::mem::replace(&mut self.state.lock().mask, mask & 0o777)
    }

    /// Make `to` the working directory.
    ///
    /// # Errors
    /// [`NotDirectory`](crate::ErrorKind::NotDirectory), [`AccessDenied`](crate::ErrorKind::AccessDenied).
    pub fn set_current(&self, to: Location, caller: &Caller) -> Result<()> {
        check_enter(&to, caller)?;
        let before = core::mem::replace(&mut self.state.lock().current, to);
        // Dropped after the lock: the last reference to a folder may take other locks.
        drop(before);
        Ok(())
    }

    /// Make `to` the root.
    ///
    /// # Errors
    /// As [`Place::set_current`].
    pub fn set_root(&self, to: Location, caller: &Caller) -> Result<()> {
        check_enter(&to, caller)?;
        let before = core::mem::replace(&mut self.state.lock().root, to);
        drop(before);
        Ok(())
    }
}

fn check_enter(to: &Location, caller: &Caller) -> Result<()> {
    if to.vnode.directory().is_none() {
        return Err(NOT_DIRECTORY);
    }
    check_access(&to.vnode.attributes()?, Access::EXECUTE, &caller.credentials)
}
