//! A connection: two ends, each with an inbox.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{Mutex, MutexGuard};

use super::courier::{Courier, Flights, Parcel};
use super::face::{Face, is_writable};
use super::inbox::{Attached, EMPTY, Inbox, Taken};
use super::{Ancillary, Credentials, Shutdown, SocketKind, Taking};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;
use crate::file::Description;
use crate::user::{Destination, Source};

/// One end of a connection.
pub(super) struct Endpoint {
    pair: Arc<Pair>,
    side: Side,
}

struct Pair {
    kind: SocketKind,
    left: Arc<Face>,
    right: Arc<Face>,
    /// What each sees of the other's maker.
    left_peer: Credentials,
    right_peer: Credentials,
    state: Mutex<State>,
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

struct End {
    inbox: Inbox,
    is_open: bool,
    /// Nobody has accepted it yet.
    is_pending: bool,
    read_shut: bool,
    write_shut: bool,
    /// The peer went away with data unread, and nobody was told.
    reset: bool,
}

/// One of two sockets to be connected.
pub(super) struct Party {
    pub(super) face: Arc<Face>,
    /// Whom the other sees.
    pub(super) credentials: Credentials,
    /// Directions that it has ended already.
    pub(super) shut: Option<Shutdown>,
    pub(super) is_pending: bool,
}

const BROKEN: Error = Error::new(ErrorKind::BrokenPipe, "the connection takes no more");
pub(super) const RESET: Error = Error::new(ErrorKind::ConnectionReset, "the peer went away with data unread");
pub(super) const CHANGED: Readiness =
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

impl End {
    fn new(party: &Party) -> Self {
        let mut end = Self {
            inbox: Inbox::default(),
            is_open: true,
            is_pending: party.is_pending,
            read_shut: false,
            write_shut: false,
            reset: false,
        };
        if let Some(shut) = party.shut {
            end.shut(shut);
        }
        end
    }

    fn shut(&mut self, what: Shutdown) {
        self.read_shut |= what != Shutdown::Write;
        self.write_shut |= what != Shutdown::Read;
    }
}

impl Endpoint {
    /// Connect two sockets of `kind`.
    pub(super) fn connect(kind: SocketKind, left: Party, right: Party) -> (Self, Self) {
        let state = Mutex::new(State { left: End::new(&left), right: End::new(&right) });
        let (left_peer, right_peer) = (right.credentials, left.credentials);
        let (left, right) = (left.face, right.face);
        let pair = Arc::new(Pair { kind, left, right, left_peer, right_peer, state });
        (Self { pair: Arc::clone(&pair), side: Side::Left }, Self { pair, side: Side::Right })
    }

    fn mine(&self) -> &Face {
        match self.side {
            Side::Left => &self.pair.left,
            Side::Right => &self.pair.right,
        }
    }

    /// The face of the other end.
    pub(super) fn peer(&self) -> &Arc<Face> {
        match self.side {
            Side::Left => &self.pair.right,
            Side::Right => &self.pair.left,
        }
    }

    /// Who made the other end.
    pub(super) fn peer_credentials(&self) -> Credentials {
        match self.side {
            Side::Left => self.pair.left_peer,
            Side::Right => self.pair.right_peer,
        }
    }

    fn room(&self, peer: &End) -> usize {
        self.mine().room(peer.inbox.charge(self.pair.kind))
    }

    /// Send what `from` has: all of it as a message, or as much as there is room for in a stream.
    pub(super) fn send(&self, from: &mut dyn Source, ancillary: &mut Ancillary) -> Result<usize> {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        let is_stream = self.pair.kind == SocketKind::Stream;
        if !is_stream && core::mem::take(&mut mine.reset) {
            return Err(RESET);
        }
        if mine.write_shut || !peer.is_open || peer.read_shut {
            return Err(BROKEN);
        }
        if is_stream && from.remaining() == 0 {
            return Ok(0);
        }
        let (room, buffer) = (self.room(peer), self.mine().send_buffer());
        let is_told = peer.is_pending || self.mine().passes_credentials() || self.peer().passes_credentials();
        let mut attached = Attached { sender: None, ..ancillary.attach(is_told) };
        let sent = if is_stream {
            peer.inbox.put_bytes(from, room, &mut attached)
        } else {
            peer.inbox.put_message(from, buffer, room, &mut attached)
        };
        ancillary.parcel = attached.parcel.take();
        let more = self.room(peer) > 0;
        drop(state);
        let sent = sent?;
        self.peer().queue.wake(Readiness::READ);
        if more {
            self.mine().queue.pass_on(Readiness::WRITE);
        }
        Ok(sent)
    }

    /// Receive a message, or what there is of a stream. Nothing is the end of the connection.
    pub(super) fn receive(
        &self,
        to: &mut dyn Destination,
        taking: Taking,
        courier: &Courier,
    ) -> Result<Taken> {
        let mut state = self.pair.state.lock();
        if !state.ends(self.side).0.inbox.has_parcels() {
            return self.receive_locked(state, to, taking, None);
        }
        drop(state);
        let mut flights = courier.flights();
        state = self.pair.state.lock();
        self.receive_locked(state, to, taking, Some(&mut flights))
    }

    fn receive_locked(
        &self,
        mut state: MutexGuard<'_, State>,
        to: &mut dyn Destination,
        taking: Taking,
        flights: Option<&mut Flights>,
    ) -> Result<Taken> {
        let kind = self.pair.kind;
        let peer_buffer = self.peer().send_buffer();
        let split = self.mine().passes_credentials();
        let (mine, peer) = state.ends(self.side);
        let was_writable = is_writable(mine.inbox.charge(kind), peer_buffer);
        let taken = mine.receive(kind, peer.is_open, to, taking, split, flights)?;
        let wake_peer = !was_writable && is_writable(mine.inbox.charge(kind), peer_buffer);
        let more = !mine.inbox.is_empty() && taking == Taking::Take;
        drop(state);
        if wake_peer {
            self.peer().queue.wake(Readiness::WRITE);
        }
        if more {
            self.mine().queue.pass_on(Readiness::READ);
        }
        Ok(taken)
    }

    /// End one or both directions.
    pub(super) fn shutdown(&self, what: Shutdown) {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        mine.shut(what);
        peer.shut(match what {
            Shutdown::Read => Shutdown::Write,
            Shutdown::Write => Shutdown::Read,
            Shutdown::Both => Shutdown::Both,
        });
        drop(state);
        self.mine().queue.wake(CHANGED);
        self.peer().queue.wake(CHANGED);
    }

    /// Somebody has accepted this end.
    pub(super) fn accepted(&self) {
        self.pair.state.lock().ends(self.side).0.is_pending = false;
    }

    /// The error that a receive would answer, which is forgotten.
    pub(super) fn take_error(&self) -> Option<ErrorKind> {
        let mut state = self.pair.state.lock();
        core::mem::take(&mut state.ends(self.side).0.reset).then_some(ErrorKind::ConnectionReset)
    }

    /// What has been sent and not received, with what it costs.
    pub(super) fn unreceived(&self) -> usize {
        self.pair.state.lock().ends(self.side).1.inbox.charge(self.pair.kind)
    }

    pub(super) fn available(&self) -> usize {
        self.pair.state.lock().ends(self.side).0.inbox.available(self.pair.kind)
    }

    pub(super) fn readiness(&self) -> Readiness {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        let gone = !peer.is_open;
        let no_input = mine.read_shut || gone;
        let mut ready = Readiness::empty();
        ready.set(Readiness::READ, !mine.inbox.is_empty() || no_input);
        ready.set(Readiness::READ_HANG_UP, no_input);
        ready.set(Readiness::HANG_UP, no_input && (mine.write_shut || gone));
        let charge = peer.inbox.charge(self.pair.kind);
        ready.set(Readiness::WRITE, is_writable(charge, self.mine().send_buffer()));
        ready.set(Readiness::ERROR, mine.reset);
        ready
    }

    /// Show every description in the inbox to `sink`.
    pub(super) fn each_description(&self, sink: &mut dyn FnMut(&Arc<Description>)) {
        self.pair.state.lock().ends(self.side).0.inbox.each_description(sink);
    }

    /// Take what is on its way to this end.
    pub(super) fn take_parcels(&self, into: &mut Vec<Parcel>) {
        self.pair.state.lock().ends(self.side).0.inbox.take_parcels(into);
    }

    /// The socket is gone.
    pub(super) fn close(&self) {
        let mut state = self.pair.state.lock();
        let (mine, peer) = state.ends(self.side);
        mine.is_open = false;
        peer.reset = mine.is_pending || !mine.inbox.is_empty();
        // Nobody reads what was sent here.
        let unread = core::mem::take(&mut mine.inbox);
        drop(state);
        drop(unread);
        self.peer().queue.wake(CHANGED);
    }
}

impl End {
    fn receive(
        &mut self,
        kind: SocketKind,
        peer_is_open: bool,
        to: &mut dyn Destination,
        taking: Taking,
        split: bool,
        flights: Option<&mut Flights>,
    ) -> Result<Taken> {
        let is_stream = kind == SocketKind::Stream;
        // A connection of messages tells of a reset before them, a stream after its bytes.
        if (!is_stream || self.inbox.is_empty()) && core::mem::take(&mut self.reset) {
            return Err(RESET);
        }
        let looked_at = if let Taking::Peek(skip) = taking { skip } else { 0 };
        if self.inbox.is_empty() || (looked_at > 0 && looked_at >= self.inbox.ring.len()) {
            let ended = self.read_shut || !peer_is_open;
            return if ended { Ok(Taken::default()) } else { Err(EMPTY) };
        }
        match taking {
            Taking::Take if is_stream => self.inbox.get_bytes(to, split, flights),
            Taking::Take => self.inbox.get_message(to, flights),
            Taking::Peek(skip) if is_stream => self.inbox.peek_bytes(to, skip, split),
            Taking::Peek(_) => self.inbox.peek_message(to),
        }
    }
}
