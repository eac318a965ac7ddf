//! A local socket: what a description of one refers to.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::file::{Attributes, FileKind};

use super::body::{Body, Core};
use super::courier::Parcel;
use super::face::Face;
use super::inbox::Taken;
use super::listener::Listener;
use super::pair::{CHANGED, Endpoint, Party};
use super::{Address, Ancillary, Credentials, Given, Peer, Received, SocketKind, Sockets, Taking};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::{Description, File, LastLink, View, anonymous_attributes, anonymous_label};
use crate::user::{Destination, Source};

/// An open local socket. Dropping it closes it; names and peers refer to its core.
pub struct Socket {
    core: Arc<Core>,
}

/// Which directions end (`shutdown(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Nothing is received any more.
    Read,
    /// Nothing is sent any more.
    Write,
    /// Both.
    Both,
}

const NOT_CONNECTED: Error = Error::new(ErrorKind::NotConnected, "the socket is not connected");
const CONNECTED: Error = Error::new(ErrorKind::AlreadyConnected, "the socket is connected");
const LISTENS: Error = Error::new(ErrorKind::InvalidArgument, "the socket takes connections");
const REFUSED: Error = Error::new(ErrorKind::ConnectionRefused, "nobody listens at the address");

impl Socket {
    pub(super) fn new(sockets: &Arc<Sockets>, kind: SocketKind, maker: Credentials) -> Arc<Self> {
        Arc::new(Self { core: Core::new(sockets, Face::new(kind, maker)) })
    }

    /// Connect two new sockets of one kind, made by `maker`.
    pub(super) fn pair_with(&self, other: &Self, maker: Credentials) {
        if let (Some(mine), Some(its)) = (self.core.mailbox(), other.core.mailbox()) {
            mine.pair_with(&other.core, maker);
            its.pair_with(&self.core, maker);
        }
        if let (Ok(mine), Ok(its)) = (self.core.connection(), other.core.connection()) {
            let party = |socket: &Self| Party {
                face: Arc::clone(socket.face()),
                credentials: maker,
                shut: None,
                is_pending: false,
            };
            let (left, right) = Endpoint::connect(self.kind(), party(self), party(other));
            // Both are new, so they are not connected yet.
            let _ = (mine.endpoint.set(left), its.endpoint.set(right));
        }
    }

    pub(super) fn face(&self) -> &Arc<Face> {
        &self.core.face
    }

    /// How it carries bytes.
    pub fn kind(&self) -> SocketKind {
        self.face().kind
    }

    /// Whose the peer is, or who listens.
    pub fn peer_credentials(&self) -> Credentials {
        match &self.core.body {
            Body::Datagram(mailbox) => mailbox.peer_credentials(),
            Body::Connection(connection) => match (connection.endpoint.get(), connection.listener.get()) {
                (Some(endpoint), _) => endpoint.peer_credentials(),
                (None, Some(listener)) => listener.credentials(),
                (None, None) => Credentials::NOBODY,
            },
        }
    }

    /// Whether it takes connections.
    pub fn is_listening(&self) -> bool {
        self.core.listener().is_some()
    }

    /// Whether there is a connection.
    pub fn is_connected(&self) -> bool {
        self.core.endpoint().is_some()
    }

    /// Its name.
    pub fn name(&self) -> Option<Arc<Address>> {
        self.face().name.get().cloned()
    }

    /// Its peer's name.
    ///
    /// # Errors
    /// [`ErrorKind::NotConnected`].
    pub fn peer_name(&self) -> Result<Option<Arc<Address>>> {
        let peer = match &self.core.body {
            Body::Datagram(mailbox) => mailbox.peer().map(|peer| Arc::clone(peer.face())),
            Body::Connection(connection) => connection.endpoint.get().map(|end| Arc::clone(end.peer())),
        };
        Ok(peer.ok_or(NOT_CONNECTED)?.name.get().cloned())
    }

    /// Give it a name, in the tree as `view` sees it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it has one, [`ErrorKind::AddressInUse`], and those of making a node.
    pub fn bind(&self, given: Given, view: &View<'_>) -> Result<()> {
        let naming = self.core.naming.lock();
        if self.face().name.get().is_some() {
            return match given {
                // To ask for any name is to ask for what there is.
                Given::Nothing => Ok(()),
                Given::Name(Address::Path(path)) if view.find(&path, LastLink::Keep).is_ok() => {
                    Err(Error::new(ErrorKind::AddressInUse, "the name exists"))
                }
                Given::Name(_) => Err(Error::new(ErrorKind::InvalidArgument, "the socket has a name")),
            };
        }
        let name = self.core.sockets.bind(&self.core, given, view)?;
        // Nobody else gives it a name meanwhile.
        let _ = self.face().name.set(Arc::new(name));
        drop(naming);
        Ok(())
    }

    /// A socket that tells who sends needs a name to be answered at.
    fn bind_if_asked(&self) -> Result<()> {
        if !self.face().passes_credentials() || self.face().name.get().is_some() {
            return Ok(());
        }
        let _naming = self.core.naming.lock();
        if self.face().name.get().is_none() {
            let name = self.core.sockets.bind_somewhere(&self.core)?;
            // Nobody else gives it a name meanwhile.
            let _ = self.face().name.set(Arc::new(name));
        }
        Ok(())
    }

    /// Take connections, of which `backlog` may wait, on behalf of `credentials`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] without a name or with a connection, [`ErrorKind::NotSupported`].
    pub fn listen(&self, backlog: i32, credentials: Credentials) -> Result<()> {
        let connection = self.core.connection()?;
        if self.face().name.get().is_none() {
            return Err(Error::new(ErrorKind::InvalidArgument, "the socket has no name"));
        }
        let shut = connection.shut.lock();
        if connection.endpoint.get().is_some() {
            return Err(Error::new(ErrorKind::InvalidArgument, "the socket is connected"));
        }
        match connection.listener.get() {
            Some(listener) => listener.renew(backlog, credentials),
            None => {
                let listener = Listener::new(backlog, credentials);
                if let Some(shut) = *shut {
                    listener.shutdown(shut);
                }
                // The lock is held, so it is the first.
                let _ = connection.listener.set(listener);
            }
        }
        drop(shut);
        self.face().queue.wake(CHANGED);
        Ok(())
    }

    /// The connection that has waited longest.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`]; [`ErrorKind::InvalidArgument`] if it takes none, [`ErrorKind::NotSupported`].
    pub fn accept(&self) -> Result<Arc<Self>> {
        let listener = self.core.connection()?.listener.get();
        let listens_not = Error::new(ErrorKind::InvalidArgument, "the socket does not listen");
        let (accepted, more) = listener.ok_or(listens_not)?.accept()?;
        if let Some(endpoint) = accepted.core.endpoint() {
            endpoint.accepted();
        }
        accepted.face().set_pass_credentials(self.face().passes_credentials());
        self.face().queue.wake(Readiness::WRITE);
        if more {
            self.face().queue.pass_on(Readiness::READ);
        }
        Ok(accepted)
    }

    /// Connect to `peer`, on behalf of `credentials`. A datagram socket only remembers it, or forgets its peer.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] while the queue of `peer` is full, [`ErrorKind::ConnectionRefused`],
    /// [`ErrorKind::AlreadyConnected`], [`ErrorKind::InvalidArgument`]; [`ErrorKind::NotPermitted`] if a datagram
    /// socket has another peer.
    pub fn connect(&self, peer: Option<&Peer>, credentials: Credentials) -> Result<()> {
        if peer.is_some() {
            self.bind_if_asked()?;
        }
        if let Some(mailbox) = self.core.mailbox() {
            if let Some(Peer(peer)) = peer {
                peer.mailbox().ok_or(REFUSED)?.check_peer(self.face())?;
            }
            mailbox.turn_to(self.face(), peer.map(|peer| Arc::clone(&peer.0)));
            return Ok(());
        }
        let Peer(peer) = peer.ok_or(Error::new(ErrorKind::InvalidArgument, "a connection is not undone"))?;
        let connection = self.core.connection()?;
        let shut = connection.shut.lock();
        if connection.endpoint.get().is_some() {
            return Err(CONNECTED);
        }
        if connection.listener.get().is_some() {
            return Err(LISTENS);
        }
        let listener = peer.listener().ok_or(REFUSED)?;
        listener.add(|listening| {
            let mine = Party { face: Arc::clone(self.face()), credentials, shut: *shut, is_pending: false };
            let (end, accepted) = self.join(peer, mine, listening);
            // The lock is held, so it is the first.
            let _ = connection.endpoint.set(end);
            Ok(accepted)
        })?;
        drop(shut);
        peer.face.queue.wake(Readiness::READ);
        self.face().queue.wake(CHANGED);
        Ok(())
    }

    /// A connection between `mine` and a new socket of the one that listens, which is to be accepted.
    fn join(&self, listening: &Core, mine: Party, credentials: Credentials) -> (Endpoint, Arc<Self>) {
        let face = Face::new(self.kind(), credentials);
        if let Some(name) = listening.face.name.get() {
            // The face is new, so it has no name yet.
            let _ = face.name.set(Arc::clone(name));
        }
        let its = Party { face: Arc::clone(&face), credentials, shut: None, is_pending: true };
        let (end, other) = Endpoint::connect(self.kind(), mine, its);
        let core = Core::new(&self.core.sockets, face);
        if let Ok(connection) = core.connection() {
            // The core is new, so it is not connected yet.
            let _ = connection.endpoint.set(other);
        }
        (end, Arc::new(Self { core }))
    }

    /// Send what `from` has, to `to` if that is given: all of it as a message, or as much as there is room for in a
    /// stream.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`], [`ErrorKind::BrokenPipe`], [`ErrorKind::MessageTooLong`],
    /// [`ErrorKind::NotConnected`], [`ErrorKind::ConnectionRefused`] if a datagram's receiver is gone,
    /// [`ErrorKind::NotPermitted`] if it has another peer.
    pub fn send(&self, from: &mut dyn Source, to: Option<&Peer>, ancillary: &mut Ancillary) -> Result<usize> {
        match &self.core.body {
            Body::Datagram(mailbox) => {
                self.bind_if_asked()?;
                mailbox.send(self.face(), to.map(|peer| &peer.0), from, ancillary)
            }
            Body::Connection(connection) => {
                connection.endpoint.get().ok_or(NOT_CONNECTED)?.send(from, ancillary)
            }
        }
    }

    /// Receive a message, or what there is of a stream. Nothing of a connection is its end.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`]; [`ErrorKind::ConnectionReset`] once if the peer went away with data unread;
    /// [`ErrorKind::NotConnected`], or [`ErrorKind::InvalidArgument`] for a stream that has no connection.
    pub fn receive(&self, to: &mut dyn Destination, taking: Taking) -> Result<Received> {
        let courier = self.core.sockets.courier();
        let (taken, from) = match &self.core.body {
            Body::Datagram(mailbox) => {
                let taken = mailbox.receive(self.face(), to, taking, courier)?;
                let from = taken.sender.as_ref().and_then(|sender| sender.name.get().cloned());
                (taken, from)
            }
            Body::Connection(connection) => {
                let none = match self.kind() {
                    SocketKind::Stream => {
                        Error::new(ErrorKind::InvalidArgument, "the stream has no connection")
                    }
                    SocketKind::Datagram | SocketKind::SequencedPacket => NOT_CONNECTED,
                };
                let endpoint = connection.endpoint.get().ok_or(none)?;
                (endpoint.receive(to, taking, courier)?, endpoint.peer().name.get().cloned())
            }
        };
        let Taken { count, length, credentials, descriptions, .. } = taken;
        Ok(Received { count, length, from, credentials, descriptions })
    }

    /// End one or both directions.
    pub fn shutdown(&self, what: Shutdown) {
        let connection = match &self.core.body {
            Body::Datagram(mailbox) => return mailbox.shutdown(self.face(), what),
            Body::Connection(connection) => connection,
        };
        let mut shut = connection.shut.lock();
        *shut = Some(match *shut {
            Some(before) if before != what => Shutdown::Both,
            _ => what,
        });
        drop(shut);
        if let Some(endpoint) = connection.endpoint.get() {
            return endpoint.shutdown(what);
        }
        if let Some(listener) = connection.listener.get() {
            listener.shutdown(what);
        }
        self.face().queue.wake(CHANGED);
    }

    /// The error that a receive would answer, which is forgotten (`SO_ERROR`).
    pub fn take_error(&self) -> Option<ErrorKind> {
        match &self.core.body {
            Body::Datagram(mailbox) => mailbox.take_error(),
            Body::Connection(connection) => connection.endpoint.get()?.take_error(),
        }
    }

    /// Bytes that were sent and not received, with what they cost (`SIOCOUTQ`).
    pub fn unreceived(&self) -> usize {
        match &self.core.body {
            Body::Datagram(_) => self.face().unreceived(),
            Body::Connection(connection) => connection.endpoint.get().map_or(0, Endpoint::unreceived),
        }
    }

    /// Show every description that is on its way to this socket to `sink`.
    pub(super) fn each_description(&self, sink: &mut dyn FnMut(&Arc<Description>)) {
        if let Some(mailbox) = self.core.mailbox() {
            mailbox.each_description(sink);
        }
        if let Some(endpoint) = self.core.endpoint() {
            endpoint.each_description(sink);
        }
        if let Some(listener) = self.core.listener() {
            listener.each_description(sink);
        }
    }

    /// Take what is on its way to this socket.
    pub(super) fn take_parcels(&self, into: &mut Vec<Parcel>) {
        if let Some(mailbox) = self.core.mailbox() {
            mailbox.take_parcels(into);
        }
        if let Some(endpoint) = self.core.endpoint() {
            endpoint.take_parcels(into);
        }
        if let Some(listener) = self.core.listener() {
            listener.take_parcels(into);
        }
    }
}

impl File for Socket {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        Ok(self.receive(to, Taking::Take)?.count)
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        self.send(from, None, &mut Ancillary::new(self.face().maker))
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Socket, 0o777, &*self.core))
    }

    fn readiness(&self) -> Readiness {
        let connection = match &self.core.body {
            Body::Datagram(mailbox) => return mailbox.readiness(self.face()),
            Body::Connection(connection) => connection,
        };
        match (connection.endpoint.get(), connection.listener.get()) {
            (Some(endpoint), _) => endpoint.readiness(),
            (None, Some(listener)) => listener.readiness(),
            (None, None) => Readiness::WRITE | Readiness::HANG_UP,
        }
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.face().queue)
    }

    fn label(&self) -> Vec<u8> {
        anonymous_label("socket", self.attributes())
    }

    fn is_byte_stream(&self) -> bool {
        self.kind() == SocketKind::Stream
    }

    fn patience(&self, interest: Readiness) -> Option<Duration> {
        let (send, receive) = self.face().timeouts();
        if interest.contains(Readiness::READ) { receive } else { send }
    }

    fn available(&self) -> Option<usize> {
        Some(match &self.core.body {
            Body::Datagram(mailbox) => mailbox.available(),
            Body::Connection(connection) => connection.endpoint.get().map_or(0, Endpoint::available),
        })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let sockets = &self.core.sockets;
        sockets.forget(&self.core);
        match &self.core.body {
            Body::Datagram(mailbox) => mailbox.close(),
            Body::Connection(connection) => {
                if let Some(endpoint) = connection.endpoint.get() {
                    endpoint.close();
                }
                if let Some(listener) = connection.listener.get() {
                    listener.close();
                    // Whoever waits to connect is refused now.
                    self.face().queue.wake(CHANGED);
                }
            }
        }
        sockets.courier().socket_gone();
    }
}
