//! The broker's end of the channel: whole datagrams in, whole datagrams out, never a wait.

use litebox_broker_protocol::{MAX_DATAGRAM, Reply, Rule};
use rustix::event::{PollFd, PollFlags};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::{Errno, IoSlice, IoSliceMut, Result};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvFlags, ReturnFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, SocketFlags, SocketType,
};
use std::mem::MaybeUninit;

/// The connected pair of a channel, both ends closed at `execve`: the broker's end, then the sandbox's.
///
/// # Errors
/// Those of socketpair(2).
pub fn pair() -> Result<(OwnedFd, OwnedFd)> {
    rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
}

/// What came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// Nothing is waiting.
    Nothing,
    /// The sandbox's last copy of its end is closed.
    Closed,
    /// A datagram of this length is in the buffer.
    Datagram(usize),
    /// A datagram that is too long, or carried descriptors; it is gone.
    Refused,
}

/// Zeros with room for a datagram. It is more than that, and so much that the allocator maps it for itself and writes
/// nothing to it (`M_MMAP_THRESHOLD`, mallopt(3)): only what is used of it becomes memory.
pub(super) fn untouched() -> Box<[u8]> {
    const LENGTH: usize = 256 << 10;
    const { assert!(LENGTH > MAX_DATAGRAM) };
    vec![0; LENGTH].into_boxed_slice()
}

pub(super) struct Channel {
    socket: OwnedFd,
    /// The datagram being served: a private copy. The first `MAX_DATAGRAM` bytes are used.
    pub(super) incoming: Box<[u8]>,
    pub(super) outgoing: Box<[u8]>,
}

impl Channel {
    pub(super) fn new(socket: OwnedFd) -> Self {
        // A full answer fits even where the host's default is small; without success, sending reports it.
        let _ = rustix::net::sockopt::set_socket_send_buffer_size(&socket, 4 * MAX_DATAGRAM);
        Self { socket, incoming: untouched(), outgoing: untouched() }
    }

    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Takes the next datagram. Descriptors are not accepted: with no room for control data, the kernel drops them
    /// before they enter this process, and says so.
    pub(super) fn receive(&mut self) -> Result<Incoming> {
        let mut parts = [IoSliceMut::new(self.incoming.get_mut(..MAX_DATAGRAM).unwrap_or_default())];
        let mut control = RecvAncillaryBuffer::default();
        let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
        let message = match rustix::net::recvmsg(&self.socket, &mut parts, &mut control, flags) {
            Ok(message) => message,
            // A sandbox that died with an answer unread resets the connection; that is told once, before what it had
            // sent. Then that comes, then the end.
            Err(Errno::AGAIN | Errno::INTR | Errno::CONNRESET) => return Ok(Incoming::Nothing),
            Err(errno) => return Err(errno),
        };
        if message.flags.intersects(ReturnFlags::TRUNC | ReturnFlags::CTRUNC) {
            return Ok(Incoming::Refused);
        }
        match message.bytes {
            0 if self.is_hung_up()? => Ok(Incoming::Closed),
            length => Ok(Incoming::Datagram(length)),
        }
    }

    /// Tells an empty datagram from the end of the connection: both read as zero bytes.
    fn is_hung_up(&self) -> Result<bool> {
        let mut poll = [PollFd::new(&self.socket, PollFlags::empty())];
        rustix::event::poll(&mut poll, Some(&rustix::time::Timespec { tv_sec: 0, tv_nsec: 0 }))?;
        Ok(poll.iter().any(|poll| poll.revents().contains(PollFlags::HUP)))
    }

    /// Sends a reply, with its descriptor. Gives false when the sandbox does not take its replies: there is room for
    /// several, so it has broken the rule of one request at a time.
    pub(super) fn send(&mut self, reply: &Reply<'_>, descriptor: Option<BorrowedFd<'_>>) -> Result<bool> {
        let length = match reply.encode(&mut self.outgoing) {
            Ok(length) => length,
            Err(_) => return Err(Errno::MSGSIZE),
        };
        match self.send_encoded(length, descriptor) {
            // Descriptors in flight are counted for all of a user's processes: another sandbox may have used them up.
            Err(Errno::TOOMANYREFS) => {
                let errno = Errno::NFILE.raw_os_error().unsigned_abs();
                self.send(&Reply::Error { errno, rule: Rule::NONE }, None)
            }
            sent => sent,
        }
    }

    /// Sends the first `length` bytes of `outgoing`.
    pub(super) fn send_encoded(&mut self, length: usize, descriptor: Option<BorrowedFd<'_>>) -> Result<bool> {
        let parts = [IoSlice::new(self.outgoing.get(..length).unwrap_or_default())];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        let descriptors = descriptor.as_slice();
        if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
            return Err(Errno::NOBUFS);
        }
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        match crate::path::retry(|| rustix::net::sendmsg(&self.socket, &parts, &mut control, flags)) {
            Ok(_) => Ok(true),
            Err(Errno::AGAIN | Errno::NOBUFS) => Ok(false),
            // The sandbox has gone; the next receive says so.
            Err(Errno::PIPE | Errno::CONNRESET) => Ok(true),
            Err(errno) => Err(errno),
        }
    }
}
