//! What a datagram socket has: an inbox for whoever knows it, and perhaps a peer.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::sync::{Mutex, MutexGuard};

use super::body::Core;
use super::courier::{Courier, Flights, Parcel};
use super::face::{Face, is_writable};
use super::inbox::{Attached, EMPTY, FULL, Inbox, Taken, charge};
use super::pair::{CHANGED, RESET};
use super::{Ancillary, Credentials, Shutdown, Taking};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;
use crate::file::Description;
use crate::user::{Destination, Source};

/// The state of a datagram socket. No two of them are locked at a time.
pub(super) struct Mailbox {
    state: Mutex<State>,
}

struct State {
    inbox: Inbox,
    peer: Option<Arc<Core>>,
    peer_credentials: Credentials,
    is_open: bool,
    read_shut: bool,
    write_shut: bool,
    /// The peer turned to another one, and nobody was told.
    reset: bool,
    /// Who found the inbox full.
    waiting: Vec<Weak<Face>>,
}

/// Messages that wait in an inbox before other senders than the peer have to wait
/// (`/proc/sys/net/unix/max_dgram_qlen`).
pub const MAX_WAITING_DATAGRAMS: usize = 10;

const BROKEN: Error = Error::new(ErrorKind::BrokenPipe, "the socket takes no more");
const REFUSED: Error = Error::new(ErrorKind::ConnectionRefused, "the socket is gone");
const NOT_CONNECTED: Error = Error::new(ErrorKind::NotConnected, "the socket has no peer");

impl State {
    /// Whether senders other than the peer have to wait.
    fn is_full(&self) -> bool {
        self.inbox.messages() > MAX_WAITING_DATAGRAMS
    }

    fn has_peer(&self, face: &Arc<Face>) -> bool {
        self.peer.as_ref().is_some_and(|peer| Arc::ptr_eq(peer.face(), face))
    }

    /// Whether the socket with `face` may send here.
    fn check_sender(&self, face: &Arc<Face>) -> Result<()> {
        if self.peer.is_none() || self.has_peer(face) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::NotPermitted, "the socket listens to its peer alone"))
    }

    /// Remember to wake `face` when the inbox is no longer full.
    fn wait(&mut self, face: &Arc<Face>) -> Result<()> {
        if self.waiting.iter().any(|waiting| core::ptr::eq(waiting.as_ptr(), Arc::as_ptr(face))) {
            return Ok(());
        }
        self.waiting.retain(|waiting| waiting.strong_count() > 0);
        let no_memory = Error::new(ErrorKind::NoMemory, "no memory to wait for a full inbox");
        self.waiting.try_reserve(1).map_err(|_| no_memory)?;
        self.waiting.push(Arc::downgrade(face));
        Ok(())
    }
}

impl Mailbox {
    pub(super) fn new() -> Self {
        let state = State {
            inbox: Inbox::default(),
            peer: None,
            peer_credentials: Credentials::NOBODY,
            is_open: true,
            read_shut: false,
            write_shut: false,
            reset: false,
            waiting: Vec::new(),
        };
        Self { state: Mutex::new(state) }
    }

    pub(super) fn peer(&self) -> Option<Arc<Core>> {
        self.state.lock().peer.clone()
    }

    pub(super) fn peer_credentials(&self) -> Credentials {
        self.state.lock().peer_credentials
    }

    /// Have `peer`, one of a pair that `credentials` made.
    pub(super) fn pair_with(&self, peer: &Arc<Core>, credentials: Credentials) {
        let mut state = self.state.lock();
        state.peer = Some(Arc::clone(peer));
        state.peer_credentials = credentials;
    }

    /// Whether the socket with `face` may have this one as its peer.
    pub(super) fn check_peer(&self, face: &Arc<Face>) -> Result<()> {
        let state = self.state.lock();
        if !state.is_open {
            return Err(REFUSED);
        }
        state.check_sender(face)
    }

    /// Turn to `peer`, or to nobody; the socket has `face`. What waits here is lost if the peer was another one.
    pub(super) fn turn_to(&self, face: &Arc<Face>, peer: Option<Arc<Core>>) {
        let mut state = self.state.lock();
        let before = core::mem::replace(&mut state.peer, peer);
        let stays = match (&before, &state.peer) {
            (Some(before), Some(now)) => Arc::ptr_eq(before, now),
            (before, _) => before.is_none(),
        };
        let lost = if stays { Inbox::default() } else { core::mem::take(&mut state.inbox) };
        drop(state);
        lost.refund();
        drop(lost);
        if let Some(before) = before.filter(|_| !stays)
            && let Some(mailbox) = before.mailbox()
        {
            mailbox.abandoned_by(face);
            before.face().queue.wake(CHANGED);
        }
        face.queue.wake(CHANGED);
    }

    /// The socket with `face` has turned to another one.
    fn abandoned_by(&self, face: &Arc<Face>) {
        let mut state = self.state.lock();
        state.reset |= state.has_peer(face);
    }

    /// Send what `from` has as one message to `to`, or to the peer. The socket has `face`.
    pub(super) fn send(
        &self,
        face: &Arc<Face>,
        to: Option<&Arc<Core>>,
        from: &mut dyn Source,
        ancillary: &mut Ancillary,
    ) -> Result<usize> {
        let mut state = self.state.lock();
        if core::mem::take(&mut state.reset) {
            return Err(RESET);
        }
        if state.write_shut {
            return Err(BROKEN);
        }
        let to = to.or(state.peer.as_ref()).cloned().ok_or(NOT_CONNECTED)?;
        drop(state);
        let mailbox = to.mailbox().ok_or(REFUSED)?;
        match mailbox.deliver(face, &to, from, ancillary) {
            Err(error) if error.kind == ErrorKind::ConnectionRefused => {
                self.forget(&to);
                Err(error)
            }
            outcome => outcome,
        }
    }

    /// `gone` was sent to in vain: it is the peer no longer.
    fn forget(&self, gone: &Arc<Core>) {
        let mut state = self.state.lock();
        if state.peer.as_ref().is_some_and(|peer| Arc::ptr_eq(peer, gone)) {
            state.peer = None;
        }
    }

    /// Take in a message from the socket with `sender`; this one is `me`.
    fn deliver(
        &self,
        sender: &Arc<Face>,
        me: &Arc<Core>,
        from: &mut dyn Source,
        ancillary: &mut Ancillary,
    ) -> Result<usize> {
        let mut state = self.state.lock();
        if !state.is_open {
            return Err(REFUSED);
        }
        state.check_sender(sender)?;
        if state.read_shut {
            return Err(BROKEN);
        }
        if state.is_full() && !state.has_peer(sender) {
            state.wait(sender)?;
            return Err(FULL);
        }
        let is_told = sender.passes_credentials() || me.face().passes_credentials();
        let mut attached = Attached { sender: Some(Arc::clone(sender)), ..ancillary.attach(is_told) };
        let buffer = sender.send_buffer();
        let room = sender.room(sender.unreceived());
        let sent = state.inbox.put_message(from, buffer, room, &mut attached);
        if let Ok(length) = sent {
            sender.sent(charge(length));
        }
        ancillary.parcel = attached.parcel.take();
        drop(state);
        let sent = sent?;
        me.face().queue.wake(Readiness::READ);
        if sender.room(sender.unreceived()) > 0 {
            sender.queue.pass_on(Readiness::WRITE);
        }
        Ok(sent)
    }

    /// Receive a message; the socket has `face`.
    pub(super) fn receive(
        &self,
        face: &Face,
        to: &mut dyn Destination,
        taking: Taking,
        courier: &Courier,
    ) -> Result<Taken> {
        let state = self.state.lock();
        if !state.inbox.has_parcels() {
            return receive_locked(face, state, to, taking, None);
        }
        drop(state);
        let mut flights = courier.flights();
        receive_locked(face, self.state.lock(), to, taking, Some(&mut flights))
    }

    pub(super) fn shutdown(&self, face: &Face, what: Shutdown) {
        let mut state = self.state.lock();
        state.read_shut |= what != Shutdown::Write;
        state.write_shut |= what != Shutdown::Read;
        drop(state);
        face.queue.wake(CHANGED);
    }

    pub(super) fn take_error(&self) -> Option<ErrorKind> {
        core::mem::take(&mut self.state.lock().reset).then_some(ErrorKind::ConnectionReset)
    }

    pub(super) fn available(&self) -> usize {
        self.state.lock().inbox.available(super::SocketKind::Datagram)
    }

    /// What is ready for the socket with `face`.
    pub(super) fn readiness(&self, face: &Arc<Face>) -> Readiness {
        let state = self.state.lock();
        let mut ready = Readiness::empty();
        ready.set(Readiness::READ, !state.inbox.is_empty() || state.read_shut);
        ready.set(Readiness::READ_HANG_UP, state.read_shut);
        ready.set(Readiness::HANG_UP, state.read_shut && state.write_shut);
        ready.set(Readiness::ERROR, state.reset);
        let peer = state.peer.clone();
        drop(state);
        let is_held_up =
            peer.as_ref().and_then(|peer| peer.mailbox()).is_some_and(|peer| peer.holds_up(face));
        ready.set(Readiness::WRITE, !is_held_up && is_writable(face.unreceived(), face.send_buffer()));
        ready
    }

    /// Whether the socket with `face` has to wait before it sends here. It is woken then.
    fn holds_up(&self, face: &Arc<Face>) -> bool {
        let mut state = self.state.lock();
        state.is_open && state.is_full() && !state.has_peer(face) && state.wait(face).is_ok()
    }

    pub(super) fn each_description(&self, sink: &mut dyn FnMut(&Arc<Description>)) {
        self.state.lock().inbox.each_description(sink);
    }

    pub(super) fn take_parcels(&self, into: &mut Vec<Parcel>) {
        self.state.lock().inbox.take_parcels(into);
    }

    /// The socket is gone.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.is_open = false;
        let lost = core::mem::take(&mut state.inbox);
        let peer = state.peer.take();
        let waiting = core::mem::take(&mut state.waiting);
        drop(state);
        lost.refund();
        drop(lost);
        drop(peer);
        wake(&waiting);
    }
}

fn receive_locked(
    face: &Face,
    mut state: MutexGuard<'_, State>,
    to: &mut dyn Destination,
    taking: Taking,
    flights: Option<&mut Flights>,
) -> Result<Taken> {
    if core::mem::take(&mut state.reset) {
        return Err(RESET);
    }
    if state.inbox.is_empty() {
        return if state.read_shut { Ok(Taken::default()) } else { Err(EMPTY) };
    }
    if taking != Taking::Take {
        return state.inbox.peek_message(to);
    }
    let was_full = state.is_full();
    let taken = state.inbox.get_message(to, flights)?;
    let waiting = if was_full { core::mem::take(&mut state.waiting) } else { Vec::new() };
    let more = !state.inbox.is_empty();
    drop(state);
    if let Some(sender) = &taken.sender {
        sender.received(charge(taken.length));
    }
    wake(&waiting);
    if more {
        face.queue.pass_on(Readiness::READ);
    }
    Ok(taken)
}

fn wake(waiting: &[Weak<Face>]) {
    for face in waiting.iter().filter_map(Weak::upgrade) {
        face.queue.wake(Readiness::WRITE);
    }
}
