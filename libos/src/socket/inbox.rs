//! What has been sent to a socket and not received.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::courier::{Flights, Parcel};
use super::face::{Face, MESSAGE_OVERHEAD};
use super::{Credentials, SocketKind};
use crate::error::{Error, ErrorKind, Result};
use crate::file::Description;
use crate::pipe::Ring;
use crate::user::{Destination, Source};

/// What becomes of what is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It is taken.
    Take,
    /// It stays (`MSG_PEEK`); of a stream, the given number of bytes has been looked at before.
    Peek(usize),
}

/// What comes with bytes.
#[derive(Default)]
pub(super) struct Attached {
    pub(super) credentials: Option<Credentials>,
    pub(super) parcel: Option<Parcel>,
    /// Who sent a datagram, and pays for it.
    pub(super) sender: Option<Arc<Face>>,
}

/// What was taken out.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) count: usize,
    /// Bytes of the whole message.
    pub(super) length: usize,
    pub(super) credentials: Option<Credentials>,
    pub(super) descriptions: Vec<Arc<Description>>,
    /// Who sent the datagram; it still pays if the message stays.
    pub(super) sender: Option<Arc<Face>>,
}

/// A message; of a stream, bytes that came with the same things.
struct Segment {
    length: usize,
    attached: Attached,
}

/// What has been sent to a socket: bytes, and where messages end if there are any.
#[derive(Default)]
pub(super) struct Inbox {
    pub(super) ring: Ring,
    segments: VecDeque<Segment>,
    parcels: usize,
}

/// Bytes of the send buffer that no message can use.
const RESERVED: usize = 32;

pub(super) const EMPTY: Error = Error::new(ErrorKind::WouldBlock, "nothing has arrived");
pub(super) const FULL: Error = Error::new(ErrorKind::WouldBlock, "the peer's queue is full");
const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a message");

/// What a message of `length` bytes counts against its sender's buffer.
pub(super) const fn charge(length: usize) -> usize {
    length + MESSAGE_OVERHEAD
}

impl Inbox {
    /// What the contents count against the sender's buffer.
    pub(super) fn charge(&self, kind: SocketKind) -> usize {
        let counted = match kind {
            // The bytes of a stream are one piece, unless something came with them.
            SocketKind::Stream => self.segments.len().saturating_sub(1),
            SocketKind::Datagram | SocketKind::SequencedPacket => self.segments.len(),
        };
        self.ring.len() + counted * MESSAGE_OVERHEAD
    }

    /// Whether nothing is there. A message may have no bytes.
    pub(super) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// How many messages there are.
    pub(super) fn messages(&self) -> usize {
        self.segments.len()
    }

    /// Whether a receive has to hold the flights.
    pub(super) fn has_parcels(&self) -> bool {
        self.parcels > 0
    }

    /// Bytes of the first message, or of all there is of a connection.
    pub(super) fn available(&self, kind: SocketKind) -> usize {
        match kind {
            SocketKind::Datagram => self.segments.front().map_or(0, |first| first.length),
            SocketKind::Stream | SocketKind::SequencedPacket => self.ring.len(),
        }
    }

    /// Show every description that is here to `sink`.
    pub(super) fn each_description(&self, sink: &mut dyn FnMut(&Arc<Description>)) {
        for parcel in self.segments.iter().filter_map(|segment| segment.attached.parcel.as_ref()) {
            parcel.descriptions().iter().for_each(&mut *sink);
        }
    }

    /// Take in bytes of a stream; what comes with them arrives with their first.
    pub(super) fn put_bytes(
        &mut self,
        from: &mut dyn Source,
        room: usize,
        attached: &mut Attached,
    ) -> Result<usize> {
        if room == 0 {
            return Err(FULL);
        }
        self.segments.try_reserve(1).map_err(|_| NO_MEMORY)?;
        let length = self.ring.write(from, room)?;
        match self.segments.back_mut() {
            Some(last) if last.takes_more(attached) => last.length += length,
            _ if length > 0 => self.push(length, attached),
            _ => {}
        }
        Ok(length)
    }

    /// Take in the rest of `from` as one message, for a sender with `buffer` and `room` in it.
    pub(super) fn put_message(
        &mut self,
        from: &mut dyn Source,
        buffer: usize,
        room: usize,
        attached: &mut Attached,
    ) -> Result<usize> {
        let length = from.remaining();
        if length > buffer.saturating_sub(RESERVED) {
            return Err(Error::new(ErrorKind::MessageTooLong, "longer than the send buffer"));
        }
        if room == 0 {
            return Err(FULL);
        }
        self.segments.try_reserve(1).map_err(|_| NO_MEMORY)?;
        let written = self.ring.write(from, length)?;
        if written < length {
            self.ring.retract(written);
            return Err(Error::new(ErrorKind::BadAddress, "guest memory is not accessible"));
        }
        self.push(length, attached);
        Ok(length)
    }

    fn push(&mut self, length: usize, attached: &mut Attached) {
        let attached = core::mem::take(attached);
        self.parcels += usize::from(attached.parcel.is_some());
        self.segments.push_back(Segment { length, attached });
    }

    /// Hand out bytes of a stream: those that came with the same descriptions, and with `split` from the same sender.
    pub(super) fn get_bytes(
        &mut self,
        to: &mut dyn Destination,
        split: bool,
        mut flights: Option<&mut Flights>,
    ) -> Result<Taken> {
        let credentials = self.segments.front().and_then(|first| first.attached.credentials);
        let mut taken = Taken { credentials, ..Taken::default() };
        while let Some(first) = self.segments.front_mut() {
            if split && taken.count > 0 && first.attached.credentials != credentials {
                break;
            }
            let count = match self.ring.read(to, first.length) {
                Err(error) if taken.count == 0 => return Err(error),
                count => count.unwrap_or(0),
            };
            taken.count += count;
            first.length -= count;
            let ended = first.length == 0;
            let parcel = if count > 0 && flights.is_some() { first.attached.parcel.take() } else { None };
            let carried = parcel.is_some();
            if let (Some(parcel), Some(flights)) = (parcel, flights.as_deref_mut()) {
                self.parcels -= 1;
                taken.descriptions = parcel.open(flights);
            }
            if ended {
                self.segments.pop_front();
            }
            if !ended || carried || to.remaining() == 0 {
                break;
            }
        }
        taken.length = taken.count;
        Ok(taken)
    }

    /// Show bytes of a stream from the `skip`-th on, as [`Inbox::get_bytes`] would hand them out.
    pub(super) fn peek_bytes(&self, to: &mut dyn Destination, skip: usize, split: bool) -> Result<Taken> {
        let mut taken = Taken::default();
        let mut start = 0;
        for segment in &self.segments {
            let end = start + segment.length;
            if end > skip + taken.count {
                if taken.count == 0 {
                    taken.credentials = segment.attached.credentials;
                } else if split && segment.attached.credentials != taken.credentials {
                    break;
                }
                let at = skip + taken.count;
                let count = match self.ring.peek(to, at, end - at) {
                    Err(error) if taken.count == 0 => return Err(error),
                    count => count.unwrap_or(0),
                };
                taken.count += count;
                if let Some(parcel) = &segment.attached.parcel {
                    taken.descriptions = parcel.copy()?;
                    break;
                }
                if at + count < end || to.remaining() == 0 {
                    break;
                }
            }
            start = end;
        }
        taken.length = taken.count;
        Ok(taken)
    }

    /// Hand out the first message.
    pub(super) fn get_message(
        &mut self,
        to: &mut dyn Destination,
        flights: Option<&mut Flights>,
    ) -> Result<Taken> {
        let length = self.segments.front().ok_or(EMPTY)?.length;
        let count = self.ring.peek(to, 0, length)?;
        self.ring.consume(length);
        let Attached { credentials, parcel, sender } =
            self.segments.pop_front().map(|first| first.attached).unwrap_or_default();
        let mut descriptions = Vec::new();
        if let (Some(parcel), Some(flights)) = (parcel, flights) {
            self.parcels -= 1;
            descriptions = parcel.open(flights);
        }
        Ok(Taken { count, length, credentials, descriptions, sender })
    }

    /// Show the first message.
    pub(super) fn peek_message(&self, to: &mut dyn Destination) -> Result<Taken> {
        let first = self.segments.front().ok_or(EMPTY)?;
        let count = self.ring.peek(to, 0, first.length)?;
        let descriptions = match &first.attached.parcel {
            Some(parcel) => parcel.copy()?,
            None => Vec::new(),
        };
        let Attached { credentials, sender, .. } = &first.attached;
        let (credentials, sender) = (*credentials, sender.clone());
        Ok(Taken { count, length: first.length, credentials, descriptions, sender })
    }

    /// The senders of what is lost pay for it no more.
    pub(super) fn refund(&self) {
        for segment in &self.segments {
            if let Some(sender) = &segment.attached.sender {
                sender.received(charge(segment.length));
            }
        }
    }

    /// Take the parcels out of all messages.
    pub(super) fn take_parcels(&mut self, into: &mut Vec<Parcel>) {
        for segment in &mut self.segments {
            if into.try_reserve(1).is_ok()
                && let Some(parcel) = segment.attached.parcel.take()
            {
                self.parcels -= 1;
                into.push(parcel);
            }
        }
    }
}

impl Segment {
    /// Whether bytes with `attached` belong to it.
    fn takes_more(&self, attached: &Attached) -> bool {
        attached.parcel.is_none()
            && self.attached.parcel.is_none()
            && self.attached.credentials == attached.credentials
    }
}
