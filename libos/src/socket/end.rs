//! What each of two connected sockets holds.

use alloc::collections::VecDeque;
use core::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::pipe::Ring;
use crate::user::{Destination, Source};

/// How a socket carries bytes (`socket(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketKind {
    /// As a stream.
    Stream,
    /// As messages, to whoever is there.
    Datagram,
    /// As messages over a connection.
    SequencedPacket,
}

/// Who made a socket (`SO_PEERCRED` of `unix(7)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Credentials {
    pub process: u32,
    pub uid: u32,
    pub gid: u32,
}

/// Bytes that a new socket's buffer holds (`/proc/sys/net/core/wmem_default`).
const DEFAULT_BUFFER: usize = 212_992;
/// The most that a buffer can be set to: twice `/proc/sys/net/core/wmem_max`.
pub const MAX_BUFFER: usize = 2 * 212_992;
/// What a message costs beyond its bytes, so that their number is bounded.
const MESSAGE_OVERHEAD: usize = 668;
/// Bytes of the send buffer that no message can use.
const RESERVED: usize = 32;

const EMPTY: Error = Error::new(ErrorKind::WouldBlock, "nothing has arrived");
const FULL: Error = Error::new(ErrorKind::WouldBlock, "the peer's queue is full");

/// One of two connected sockets.
pub(super) struct End {
    pub(super) inbox: Inbox,
    pub(super) is_open: bool,
    pub(super) read_shut: bool,
    pub(super) write_shut: bool,
    /// The peer went away with data unread, and nobody was told.
    pub(super) reset: bool,
    /// A datagram was refused: from then on there is no connection.
    pub(super) disconnected: bool,
    pub(super) send_buffer: usize,
    pub(super) receive_buffer: usize,
    pub(super) send_timeout: Option<Duration>,
    pub(super) receive_timeout: Option<Duration>,
}

impl End {
    pub(super) fn new() -> Self {
        Self {
            inbox: Inbox::default(),
            is_open: true,
            read_shut: false,
            write_shut: false,
            reset: false,
            disconnected: false,
            send_buffer: DEFAULT_BUFFER,
            receive_buffer: DEFAULT_BUFFER,
            send_timeout: None,
            receive_timeout: None,
        }
    }

    /// Whether a send could succeed soon enough to say so (`unix_writable` of Linux): the peer's queue is at most
    /// a quarter full.
    pub(super) fn is_writable(&self, peer: &Self) -> bool {
        peer.inbox.charge() * 4 <= self.send_buffer
    }

    pub(super) fn room(&self, peer: &Self) -> usize {
        self.send_buffer.saturating_sub(peer.inbox.charge())
    }
}

/// What has been sent to a socket: bytes, and where messages end if there are any.
#[derive(Default)]
pub(super) struct Inbox {
    pub(super) ring: Ring,
    messages: VecDeque<usize>,
}

impl Inbox {
    /// What the contents count against the sender's buffer.
    pub(super) fn charge(&self) -> usize {
        self.ring.len() + self.messages.len() * MESSAGE_OVERHEAD
    }

    /// Whether nothing is there. A message may have no bytes.
    pub(super) fn is_empty(&self) -> bool {
        self.ring.is_empty() && self.messages.is_empty()
    }

    /// Bytes of the first message, or of all there is of a stream.
    pub(super) fn available(&self, kind: SocketKind) -> usize {
        match kind {
            SocketKind::Datagram => self.messages.front().copied().unwrap_or(0),
            SocketKind::Stream | SocketKind::SequencedPacket => self.ring.len(),
        }
    }

    /// Take in bytes of a stream.
    pub(super) fn put_bytes(&mut self, from: &mut dyn Source, room: usize) -> Result<usize> {
        if room == 0 {
            return Err(FULL);
        }
        self.ring.write(from, room)
    }

    /// Take in the rest of `from` as one message, for a sender with `buffer` and `room` in it.
    pub(super) fn put_message(&mut self, from: &mut dyn Source, buffer: usize, room: usize) -> Result<usize> {
        let length = from.remaining();
        if length > buffer.saturating_sub(RESERVED) {
            return Err(Error::new(ErrorKind::MessageTooLong, "longer than the send buffer"));
        }
        if room == 0 {
            return Err(FULL);
        }
        let no_memory = |_| Error::new(ErrorKind::NoMemory, "no memory for a message");
        self.messages.try_reserve(1).map_err(no_memory)?;
        let written = self.ring.write(from, length)?;
        if written < length {
            self.ring.retract(written);
            return Err(Error::new(ErrorKind::BadAddress, "guest memory is not accessible"));
        }
        self.messages.push_back(length);
        Ok(length)
    }

    /// Hand out bytes of a stream from the `skip`-th on.
    pub(super) fn get_bytes(&mut self, to: &mut dyn Destination, skip: usize, keep: bool) -> Result<usize> {
        if keep {
            return self.ring.peek(to, skip, usize::MAX);
        }
        self.ring.read(to, usize::MAX)
    }

    /// Hand out the first message: how much of it fitted, and its length.
    pub(super) fn get_message(&mut self, to: &mut dyn Destination, keep: bool) -> Result<(usize, usize)> {
        let length = *self.messages.front().ok_or(EMPTY)?;
        let count = self.ring.peek(to, 0, length)?;
        if !keep {
            self.messages.pop_front();
            self.ring.consume(length);
        }
        Ok((count, length))
    }
}
