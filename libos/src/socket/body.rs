//! A socket as names, peers and messages refer to it.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::FileKind;
use litebox_host::sync::{Mutex, Once};

use super::face::Face;
use super::listener::Listener;
use super::mailbox::Mailbox;
use super::pair::Endpoint;
use super::{Shutdown, SocketKind, Sockets};
use crate::error::{Error, ErrorKind, Result};
use crate::file::anonymous_attributes;

/// A socket, as long as anybody refers to it.
pub(super) struct Core {
    pub(super) sockets: Arc<Sockets>,
    pub(super) face: Arc<Face>,
    pub(super) body: Body,
    /// Held while a name is given.
    pub(super) naming: Mutex<()>,
}

pub(super) enum Body {
    Datagram(Mailbox),
    Connection(Connection),
}

/// A socket that is connected, or takes connections, or does neither yet.
pub(super) struct Connection {
    /// Held while it becomes one or the other; the directions that were ended before.
    pub(super) shut: Mutex<Option<Shutdown>>,
    pub(super) endpoint: Once<Endpoint>,
    pub(super) listener: Once<Listener>,
}

const NO_CONNECTIONS: Error = Error::new(ErrorKind::NotSupported, "a datagram socket has no connections");

impl Core {
    pub(super) fn new(sockets: &Arc<Sockets>, face: Arc<Face>) -> Arc<Self> {
        let body = match face.kind {
            SocketKind::Datagram => Body::Datagram(Mailbox::new()),
            SocketKind::Stream | SocketKind::SequencedPacket => Body::Connection(Connection {
                shut: Mutex::new(None),
                endpoint: Once::new(),
                listener: Once::new(),
            }),
        };
        let core = Arc::new(Self { sockets: Arc::clone(sockets), face, body, naming: Mutex::new(()) });
        sockets.add(&core);
        core
    }

    pub(super) fn face(&self) -> &Arc<Face> {
        &self.face
    }

    pub(super) fn mailbox(&self) -> Option<&Mailbox> {
        match &self.body {
            Body::Datagram(mailbox) => Some(mailbox),
            Body::Connection(_) => None,
        }
    }

    pub(super) fn connection(&self) -> Result<&Connection> {
        match &self.body {
            Body::Datagram(_) => Err(NO_CONNECTIONS),
            Body::Connection(connection) => Ok(connection),
        }
    }

    pub(super) fn endpoint(&self) -> Option<&Endpoint> {
        self.connection().ok()?.endpoint.get()
    }

    pub(super) fn listener(&self) -> Option<&Listener> {
        self.connection().ok()?.listener.get()
    }

    /// Its line of `/proc/net/unix`.
    pub(super) fn show(&self, text: &mut Vec<u8>) {
        let kind = match self.face.kind {
            SocketKind::Stream => 1,
            SocketKind::Datagram => 2,
            SocketKind::SequencedPacket => 5,
        };
        let flags = if self.listener().is_some() { 0x10000 } else { 0 };
        let is_connected =
            self.endpoint().is_some() || self.mailbox().is_some_and(|own| own.peer().is_some());
        let state = if is_connected { 3 } else { 1 };
        let inode = anonymous_attributes(FileKind::Socket, 0, self).inode;
        let line =
            format!("0000000000000000: 00000002 00000000 {flags:08X} {kind:04X} {state:02X} {inode:5}");
        text.extend_from_slice(line.as_bytes());
        if let Some(name) = self.face.name.get() {
            text.push(b' ');
            text.extend_from_slice(&name.show());
        }
        text.push(b'\n');
    }
}
