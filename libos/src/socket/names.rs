//! The local sockets of a sandbox, and the names that they are reached by.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::file::FileKind;
use litebox_host::sync::{AtomicU32, Mutex, Once, Ordering};

use super::body::Core;
use super::courier::Courier;
use super::{Address, Credentials, Given, Socket, SocketKind};
use crate::error::{Error, ErrorKind, Result};
use crate::event::WaitQueue;
use crate::file::{Access, LastLink, NewVnode, View, check_rights};

/// The local sockets of a sandbox.
#[derive(Default)]
pub struct Sockets {
    abstract_names: Mutex<BTreeMap<AbstractName, Weak<Core>>>,
    all: Mutex<BTreeMap<usize, Weak<Core>>>,
    courier: Arc<Courier>,
    next_name: AtomicU32,
}

/// Linux keeps the names of each kind apart.
type AbstractName = (SocketKind, Vec<u8>);

/// A socket that was found by its name.
pub struct Peer(pub(super) Arc<Core>);

impl Peer {
    /// Where it announces that its queue of connections has room.
    pub fn queue(&self) -> &WaitQueue {
        &self.0.face().queue
    }
}

/// What hangs off the node of a socket: the one that was bound to it.
struct Bound(Weak<Core>);

const REFUSED: Error = Error::new(ErrorKind::ConnectionRefused, "no socket is bound to the name");
const IN_USE: Error = Error::new(ErrorKind::AddressInUse, "the name exists");

impl Sockets {
    /// None yet.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A socket of `kind`, made by `maker`.
    pub fn socket(self: &Arc<Self>, kind: SocketKind, maker: Credentials) -> Arc<Socket> {
        Socket::new(self, kind, maker)
    }

    /// Two sockets of `kind`, connected to each other, made by `maker`.
    pub fn pair(self: &Arc<Self>, kind: SocketKind, maker: Credentials) -> (Arc<Socket>, Arc<Socket>) {
        let (left, right) = (self.socket(kind, maker), self.socket(kind, maker));
        left.pair_with(&right, maker);
        (left, right)
    }

    /// The socket of `kind` that `address` names, as `view` sees the tree.
    ///
    /// # Errors
    /// Those of `path_resolution(7)`; [`ErrorKind::AccessDenied`] without write permission;
    /// [`ErrorKind::ConnectionRefused`], [`ErrorKind::WrongSocketKind`].
    pub fn find(&self, address: &Address, kind: SocketKind, view: &View<'_>) -> Result<Peer> {
        let path = match address {
            Address::Path(path) => path,
            Address::Abstract(name) => {
                let names = self.abstract_names.lock();
                let core = names.get(&(kind, name.clone())).and_then(Weak::upgrade);
                return core.map(Peer).ok_or(REFUSED);
            }
        };
        let at = view.find(path, LastLink::Follow)?;
        check_rights(&at, Access::WRITE, view.caller)?;
        if at.vnode.kind() != FileKind::Socket {
            return Err(Error::new(ErrorKind::ConnectionRefused, "the file is no socket"));
        }
        let attached = at.vnode.attachment().and_then(Once::get).ok_or(REFUSED)?;
        let bound: Arc<Bound> = Arc::clone(attached).downcast().map_err(|_| REFUSED)?;
        let core = bound.0.upgrade().ok_or(REFUSED)?;
        if core.face().kind != kind {
            return Err(Error::new(ErrorKind::WrongSocketKind, "the name is one of another kind of socket"));
        }
        Ok(Peer(core))
    }

    /// Give `core` the name `given`, or one that nobody has; in the tree as `view` sees it.
    pub(super) fn bind(&self, core: &Arc<Core>, given: Given, view: &View<'_>) -> Result<Address> {
        match given {
            Given::Nothing => self.bind_somewhere(core),
            Given::Name(Address::Path(path)) => bind_path(core, path, view),
            Given::Name(Address::Abstract(name)) => self.bind_abstract(core, name),
        }
    }

    fn bind_abstract(&self, core: &Arc<Core>, name: Vec<u8>) -> Result<Address> {
        let mut names = self.abstract_names.lock();
        let key = (core.face().kind, name);
        if names.contains_key(&key) {
            return Err(IN_USE);
        }
        let name = key.1.clone();
        names.insert(key, Arc::downgrade(core));
        Ok(Address::Abstract(name))
    }

    /// Find a name of five digits (`unix(7)`, Autobind feature).
    pub(super) fn bind_somewhere(&self, core: &Arc<Core>) -> Result<Address> {
        const NAMES: u32 = 1 << 20;
        for _ in 0..NAMES {
            let number = self.next_name.fetch_add(1, Ordering::Relaxed) % NAMES;
            match self.bind_abstract(core, format!("{number:05x}").into_bytes()) {
                Err(error) if error.kind == ErrorKind::AddressInUse => {}
                outcome => return outcome,
            }
        }
        Err(Error::new(ErrorKind::NoSpace, "all names are in use"))
    }

    /// A new socket.
    pub(super) fn add(&self, core: &Arc<Core>) {
        self.all.lock().insert(Arc::as_ptr(core).addr(), Arc::downgrade(core));
    }

    /// The socket is gone, and its name with it unless that is a path.
    pub(super) fn forget(&self, core: &Arc<Core>) {
        self.all.lock().remove(&Arc::as_ptr(core).addr());
        if let Some(Address::Abstract(name)) = core.face().name.get().map(|name| &**name) {
            let mut names = self.abstract_names.lock();
            let key = (core.face().kind, name.clone());
            // A socket that was accepted shows the name of the one that listens.
            if names.get(&key).is_some_and(|bound| core::ptr::eq(bound.as_ptr(), Arc::as_ptr(core))) {
                names.remove(&key);
            }
        }
    }

    pub(super) fn courier(&self) -> &Arc<Courier> {
        &self.courier
    }

    /// The text of `/proc/net/unix` (`proc_net(5)`).
    pub fn text(&self) -> Vec<u8> {
        let mut text = b"Num       RefCount Protocol Flags    Type St Inode Path\n".to_vec();
        let all: Vec<_> = self.all.lock().values().filter_map(Weak::upgrade).collect();
        for core in all {
            core.show(&mut text);
        }
        text
    }
}

fn bind_path(core: &Arc<Core>, path: Vec<u8>, view: &View<'_>) -> Result<Address> {
    let made = view.create(&path, NewVnode::Socket, 0o777).map_err(|error| match error.kind {
        ErrorKind::Exists => IN_USE,
        _ => error,
    })?;
    let slot = made.vnode.attachment();
    let slot = slot.ok_or(Error::new(ErrorKind::NotPermitted, "the file system has no sockets"))?;
    // The node is new, so nothing else hangs off it.
    let _ = slot.set(Arc::new(Bound(Arc::downgrade(core))));
    Ok(Address::Path(path))
}
