//! Two sockets connected to each other (`socketpair(2)`).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::file::{Attributes, FileKind};
use litebox_host::sync::Mutex;

use super::end::{Credentials, End, MAX_BUFFER, SocketKind};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::{File, anonymous_attributes, anonymous_label};
use crate::user::{Destination, Source};

/// One of two connected sockets.
pub struct Socket {
    pair: Arc<Pair>,
    side: Side,
}

struct Pair {
    kind: SocketKind,
    maker: Credentials,
    state: Mutex<State>,
    left: WaitQueue,
    right: WaitQueue,
}

struct State {
    left: End,
    right: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
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

/// What becomes of what is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It is taken.
    Take,
    /// It stays (`MSG_PEEK`); of a stream, the given number of bytes has been looked at before.
    Peek(usize),
}

/// What was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Bytes handed over.
    pub count: usize,
    /// Bytes of the whole message.
    pub length: usize,
}

const EMPTY: Error = Error::new(ErrorKind::WouldBlock, "nothing has arrived");
const BROKEN: Error = Error::new(ErrorKind::BrokenPipe, "the connection takes no more");
const CHANGED: Readiness =
    Readiness::READ.union(Readiness::WRITE).union(Readiness::HANG_UP).union(Readiness::READ_HANG_UP);

impl State {
    /// The end at `side` and the other one.
    fn ends(&mut self, side: Side) -> (&mut End, &mut End) {
        match side {
            Side::Left => (&mut self.left, &mut self.right),
            Side::Right => (&mut self.right, &mut self.left),
        }
    }
}

impl Socket {
    /// Two sockets of `kind`, connected to each other, made by `maker`.
    pub fn pair(kind: SocketKind, maker: Credentials) -> (Arc<Self>, Arc<Self>) {
        let state = Mutex::new(State { left: End::new(), right: End::new() });
        let pair = Pair { kind, maker, state, left: WaitQueue::new(), right: WaitQueue::new() };
        let pair = Arc::new(pair);
        let socket = |side| Arc::new(Self { pair: Arc::clone(&pair), side });
        (socket(Side::Left), socket(Side::Right))
    }

    /// How it carries bytes.
    pub fn kind(&self) -> SocketKind {
        self.pair.kind
    }

    /// Who made the peer.
    pub fn peer_credentials(&self) -> Credentials {
        self.pair.maker
    }

    /// Whether there is a connection, as far as this socket knows.
    pub fn is_connected(&self) -> bool {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        !mine.disconnected && (self.pair.kind != SocketKind::Datagram || peer.is_open)
    }

    fn queue_of(&self, side: Side) -> &WaitQueue {
        match side {
            Side::Left => &self.pair.left,
            Side::Right => &self.pair.right,
        }
    }

    fn my_queue(&self) -> &WaitQueue {
        self.queue_of(self.side)
    }

    fn peer_queue(&self) -> &WaitQueue {
        self.queue_of(if self.side == Side::Left { Side::Right } else { Side::Left })
    }

    /// Send what `from` has: all of it as a message, or as much as there is room for in a stream.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`], [`ErrorKind::BrokenPipe`], [`ErrorKind::MessageTooLong`],
    /// [`ErrorKind::ConnectionRefused`] once and then [`ErrorKind::NotConnected`] for datagrams.
    pub fn send(&self, from: &mut dyn Source) -> Result<usize> {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        check_send(self.pair.kind, mine, peer)?;
        let room = mine.room(peer);
        let sent = match self.pair.kind {
            SocketKind::Stream if from.remaining() == 0 => return Ok(0),
            SocketKind::Stream => peer.inbox.put_bytes(from, room)?,
            SocketKind::Datagram | SocketKind::SequencedPacket => {
                peer.inbox.put_message(from, mine.send_buffer, room)?
            }
        };
        let more = mine.room(peer) > 0;
        drop(state);
        self.peer_queue().wake(Readiness::READ);
        if more {
            self.my_queue().pass_on(Readiness::WRITE);
        }
        Ok(sent)
    }

    /// Receive a message, or what there is of a stream. Nothing of a connection is its end.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`]; [`ErrorKind::ConnectionReset`] once if the peer went away with data unread.
    pub fn receive(&self, to: &mut dyn Destination, taking: Taking) -> Result<Received> {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        let was_writable = peer.is_writable(mine);
        let received = receive(self.pair.kind, mine, peer, to, taking)?;
        let wake_peer = !was_writable && peer.is_writable(mine);
        let more = !mine.inbox.is_empty() && taking == Taking::Take;
        drop(state);
        if wake_peer {
            self.peer_queue().wake(Readiness::WRITE);
        }
        if more {
            self.my_queue().pass_on(Readiness::READ);
        }
        Ok(received)
    }

    /// End one or both directions.
    pub fn shutdown(&self, what: Shutdown) {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        mine.read_shut |= what != Shutdown::Write;
        mine.write_shut |= what != Shutdown::Read;
        if self.pair.kind != SocketKind::Datagram {
            peer.write_shut |= what != Shutdown::Write;
            peer.read_shut |= what != Shutdown::Read;
        }
        drop(state);
        self.my_queue().wake(CHANGED);
        self.peer_queue().wake(CHANGED);
    }

    /// The error that a receive would answer, which is forgotten (`SO_ERROR`).
    pub fn take_error(&self) -> Option<ErrorKind> {
        let mut state = self.pair.state.lock();
        let (mine, _) = state.ends(self.side);
        core::mem::take(&mut mine.reset).then_some(ErrorKind::ConnectionReset)
    }

    /// The sizes of the send and the receive buffer, in bytes.
    pub fn buffers(&self) -> (usize, usize) {
        let mut state = self.pair.state.lock();
        let (mine, _) = state.ends(self.side);
        (mine.send_buffer, mine.receive_buffer)
    }

    /// Set the size of the send buffer, within what is allowed.
    pub fn set_send_buffer(&self, size: usize) {
        /// Room for one small message (`SOCK_MIN_SNDBUF`).
        const LEAST: usize = 4608;
        self.with_mine(|mine| mine.send_buffer = size.clamp(LEAST, MAX_BUFFER));
        self.my_queue().wake(Readiness::WRITE);
    }

    /// Set the size of the receive buffer, within what is allowed. It is remembered only: what is sent counts
    /// against the sender.
    pub fn set_receive_buffer(&self, size: usize) {
        /// `SOCK_MIN_RCVBUF`.
        const LEAST: usize = 2304;
        self.with_mine(|mine| mine.receive_buffer = size.clamp(LEAST, MAX_BUFFER));
    }

    /// How long a send and a receive may block.
    pub fn timeouts(&self) -> (Option<Duration>, Option<Duration>) {
        self.with_mine(|mine| (mine.send_timeout, mine.receive_timeout))
    }

    /// Set how long a send may block.
    pub fn set_send_timeout(&self, timeout: Option<Duration>) {
        self.with_mine(|mine| mine.send_timeout = timeout);
    }

    /// Set how long a receive may block.
    pub fn set_receive_timeout(&self, timeout: Option<Duration>) {
        self.with_mine(|mine| mine.receive_timeout = timeout);
    }

    /// Bytes that were sent and not received, with what they cost (`SIOCOUTQ`).
    pub fn unreceived(&self) -> usize {
        let mut state = self.pair.state.lock();
        let (_, peer) = state.ends(self.side);
        peer.inbox.charge()
    }

    fn with_mine<R>(&self, act: impl FnOnce(&mut End) -> R) -> R {
        act(self.pair.state.lock().ends(self.side).0)
    }
}

fn check_send(kind: SocketKind, mine: &mut End, peer: &End) -> Result<()> {
    if mine.write_shut {
        return Err(BROKEN);
    }
    if kind != SocketKind::Datagram {
        return if peer.is_open && !peer.read_shut { Ok(()) } else { Err(BROKEN) };
    }
    if mine.disconnected {
        return Err(Error::new(ErrorKind::NotConnected, "the peer is gone"));
    }
    if !peer.is_open {
        mine.disconnected = true;
        return Err(Error::new(ErrorKind::ConnectionRefused, "the peer is gone"));
    }
    if peer.read_shut { Err(BROKEN) } else { Ok(()) }
}

fn receive(
    kind: SocketKind,
    mine: &mut End,
    peer: &End,
    to: &mut dyn Destination,
    taking: Taking,
) -> Result<Received> {
    // A connection of messages tells of a reset before them, a stream after its bytes.
    let reset_now = kind == SocketKind::SequencedPacket || mine.inbox.is_empty();
    if reset_now && core::mem::take(&mut mine.reset) {
        return Err(Error::new(ErrorKind::ConnectionReset, "the peer went away with data unread"));
    }
    let (skip, keep) = match taking {
        Taking::Take => (0, false),
        Taking::Peek(skip) => (skip, true),
    };
    if mine.inbox.is_empty() || (skip > 0 && skip >= mine.inbox.ring.len()) {
        let ended = mine.read_shut || (kind != SocketKind::Datagram && !peer.is_open);
        return if ended { Ok(Received { count: 0, length: 0 }) } else { Err(EMPTY) };
    }
    if kind == SocketKind::Stream {
        let count = mine.inbox.get_bytes(to, skip, keep)?;
        return Ok(Received { count, length: count });
    }
    let (count, length) = mine.inbox.get_message(to, keep)?;
    Ok(Received { count, length })
}

impl File for Socket {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        Ok(self.receive(to, Taking::Take)?.count)
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        self.send(from)
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Socket, 0o777, self))
    }

    fn readiness(&self) -> Readiness {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        let connection = self.pair.kind != SocketKind::Datagram;
        let gone = connection && !peer.is_open;
        let no_input = mine.read_shut || gone;
        let mut ready = Readiness::empty();
        ready.set(Readiness::READ, !mine.inbox.is_empty() || no_input);
        ready.set(Readiness::READ_HANG_UP, no_input);
        ready.set(Readiness::HANG_UP, no_input && (mine.write_shut || gone));
        ready.set(Readiness::WRITE, mine.is_writable(peer));
        ready.set(Readiness::ERROR, mine.reset);
        ready
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(self.my_queue())
    }

    fn label(&self) -> Vec<u8> {
        anonymous_label("socket", self.attributes())
    }

    fn is_byte_stream(&self) -> bool {
        self.pair.kind == SocketKind::Stream
    }

    fn patience(&self, interest: Readiness) -> Option<Duration> {
        let (send, receive) = self.timeouts();
        if interest.contains(Readiness::READ) { receive } else { send }
    }

    fn available(&self) -> Option<usize> {
        Some(self.with_mine(|mine| mine.inbox.available(self.pair.kind)))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        mine.is_open = false;
        peer.reset = !mine.inbox.is_empty() && self.pair.kind != SocketKind::Datagram;
        // Nobody reads what was sent here.
        mine.inbox = Default::default();
        drop(state);
        self.peer_queue().wake(CHANGED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receive(socket: &Socket, size: usize) -> core::result::Result<Vec<u8>, ErrorKind> {
        let mut bytes = alloc::vec![0; size];
        let count = socket.read(None, &mut bytes.as_mut_slice()).map_err(|error| error.kind)?;
        bytes.truncate(count);
        Ok(bytes)
    }

    fn send(socket: &Socket, bytes: &[u8]) -> core::result::Result<usize, ErrorKind> {
        socket.write(None, &mut &*bytes).map_err(|error| error.kind)
    }

    #[test]
    fn a_stream_closed_with_data_unread_resets_once_after_its_bytes() {
        let (near, far) = Socket::pair(SocketKind::Stream, Credentials::default());
        assert_eq!((send(&near, b"xx"), send(&far, b"last")), (Ok(2), Ok(4)));
        drop(far);
        assert!(near.readiness().contains(Readiness::ERROR | Readiness::HANG_UP | Readiness::WRITE));
        assert_eq!(receive(&near, 2), Ok(b"la".to_vec()));
        assert_eq!(receive(&near, 9), Ok(b"st".to_vec()));
        assert_eq!(receive(&near, 9), Err(ErrorKind::ConnectionReset));
        assert_eq!(receive(&near, 9), Ok(Vec::new()));
        assert_eq!(send(&near, b"x"), Err(ErrorKind::BrokenPipe));
    }

    #[test]
    fn messages_keep_their_borders_and_lose_what_does_not_fit() {
        let (near, far) = Socket::pair(SocketKind::SequencedPacket, Credentials::default());
        assert_eq!((send(&near, b"12345678"), send(&near, b"")), (Ok(8), Ok(0)));
        let mut bytes = [0; 4];
        let peeked = far.receive(&mut bytes.as_mut_slice(), Taking::Peek(0));
        assert_eq!(peeked, Ok(Received { count: 4, length: 8 }));
        assert_eq!(receive(&far, 4), Ok(b"1234".to_vec()));
        assert_eq!(receive(&far, 4), Ok(Vec::new()));
        assert_eq!(receive(&far, 4), Err(ErrorKind::WouldBlock));
        assert_eq!(send(&near, &alloc::vec![0; 212_992]), Err(ErrorKind::MessageTooLong));
    }

    #[test]
    fn a_datagram_to_nobody_is_refused_once() {
        let (near, far) = Socket::pair(SocketKind::Datagram, Credentials::default());
        drop(far);
        assert_eq!(send(&near, b"x"), Err(ErrorKind::ConnectionRefused));
        assert_eq!(send(&near, b"x"), Err(ErrorKind::NotConnected));
        assert_eq!(receive(&near, 1), Err(ErrorKind::WouldBlock));
    }

    #[test]
    fn many_small_messages_fill_the_buffer() {
        let (near, _far) = Socket::pair(SocketKind::Datagram, Credentials::default());
        let sent = (0..1000).take_while(|_| send(&near, &[0; 100]).is_ok()).count();
        assert_eq!(sent, 278);
        assert!(!near.readiness().contains(Readiness::WRITE));
    }

    #[test]
    fn a_shut_direction_ends_both_ways() {
        let (near, far) = Socket::pair(SocketKind::Stream, Credentials::default());
        assert_eq!(send(&near, b"abc"), Ok(3));
        near.shutdown(Shutdown::Write);
        assert_eq!(near.readiness(), Readiness::WRITE);
        assert!(
            far.readiness().contains(Readiness::READ_HANG_UP)
                && !far.readiness().contains(Readiness::HANG_UP)
        );
        assert_eq!(receive(&far, 9), Ok(b"abc".to_vec()));
        assert_eq!(receive(&far, 9), Ok(Vec::new()));
        assert_eq!(send(&near, b"x"), Err(ErrorKind::BrokenPipe));
        assert_eq!(send(&far, b"x"), Ok(1));
    }
}
