//! `send(2)`, `recv(2)` and what all their variants share.

use litebox_libos::event::Readiness;
use litebox_libos::file::transfer::transfer;
use litebox_libos::file::{Description, File, FileStatus};
use litebox_libos::socket::{Ancillary, Peer, Received, Socket, SocketKind, Taking};
use litebox_libos::user::{Destination, Source, UserBuffer, UserPointer, UserRange};

use super::address::{encode_sender, peer, read_address, tell};
use super::pair::{OpenSocket, real_credentials};
use crate::abi::socket::MessageFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The most that one call transfers (`read(2)`, NOTES).
pub(super) const MAX_COUNT: usize = 0x7fff_f000;

pub(crate) fn sendto<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    length: usize,
    flags: u32,
    address: UserPointer<u8>,
    address_length: u32,
) -> Result<usize> {
    let open = OpenSocket::of(call, fd)?;
    let range = UserRange { address: buffer.address(), length: length.min(MAX_COUNT) };
    let ranges = [range.reachable(&call.host)?];
    let name = match address.non_null() {
        Some(address) => read_address(call, address, address_length as usize)?,
        None => alloc::vec::Vec::new(),
    };
    let flags = MessageFlags::from_bits_retain(flags);
    let ancillary = Ancillary::new(real_credentials(call));
    send(call, &open, &ranges, Outgoing { name: &name, ancillary, flags })
}

/// What is sent beside the bytes, and how.
pub(super) struct Outgoing<'a> {
    /// The address to send to; empty for the peer.
    pub(super) name: &'a [u8],
    /// What goes with the bytes.
    pub(super) ancillary: Ancillary,
    pub(super) flags: MessageFlags,
}

/// Whom a message goes to that is sent to the address `name`. A connected socket takes none, or ignores it.
fn receiver<H: LinuxHost>(call: &Call<'_, H>, socket: &Socket, name: &[u8]) -> Result<Option<Peer>> {
    if name.is_empty() {
        return Ok(None);
    }
    match socket.kind() {
        SocketKind::Stream if socket.is_connected() => Err(Errno::EISCONN),
        SocketKind::Stream => Err(Errno::EOPNOTSUPP),
        SocketKind::Datagram => peer(call, name, SocketKind::Datagram).map(Some),
        SocketKind::SequencedPacket => Ok(None),
    }
}

/// Send the bytes of `ranges`: all of them, unless something comes in between.
pub(super) fn send<H: LinuxHost>(
    call: &mut Call<'_, H>,
    open: &OpenSocket,
    ranges: &[UserRange],
    outgoing: Outgoing<'_>,
) -> Result<usize> {
    let flags = outgoing.flags;
    if flags.contains(MessageFlags::OOB) {
        return Err(Errno::EOPNOTSUPP);
    }
    let to = receiver(call, open.socket()?, outgoing.name)?;
    let mut from = UserBuffer::new(&call.host, ranges);
    let socket = open.socket()?;
    let outcome = send_all(call, socket, status(open, flags), &mut from, to.as_ref(), outgoing.ancillary);
    let outcome = outcome.map_err(|error| interrupted_for_good(socket, Readiness::WRITE, error.into()));
    // Messages break no pipe, as Linux sees it.
    if outcome == Err(Errno::EPIPE)
        && !flags.contains(MessageFlags::NOSIGNAL)
        && socket.kind() == SocketKind::Stream
    {
        call.task.raise_broken_pipe();
    }
    outcome
}

/// Write `from` to the peer of `socket`, with the caller as the sender (`write(2)`).
pub(crate) fn write<H: LinuxHost>(
    call: &Call<'_, H>,
    description: &Description,
    socket: &Socket,
    from: &mut dyn Source,
) -> litebox_libos::Result<usize> {
    let ancillary = Ancillary::new(real_credentials(call));
    send_all(call, socket, description.status(), from, None, ancillary)
}

/// Send until nothing remains of a stream, or one message.
fn send_all<H: LinuxHost>(
    call: &Call<'_, H>,
    socket: &Socket,
    status: FileStatus,
    from: &mut dyn Source,
    to: Option<&Peer>,
    mut ancillary: Ancillary,
) -> litebox_libos::Result<usize> {
    let mut sent = 0;
    loop {
        let attempt = || socket.send(from, to, &mut ancillary);
        match transfer(&call.caller(), socket, status, Readiness::WRITE, attempt) {
            Ok(count) => {
                sent += count;
                if count == 0 || from.remaining() == 0 || socket.kind() != SocketKind::Stream {
                    return Ok(sent);
                }
            }
            Err(_) if sent > 0 => return Ok(sent),
            Err(error) => return Err(error),
        }
    }
}

pub(crate) fn recvfrom<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    length: usize,
    flags: u32,
    address: UserPointer<u8>,
    address_length: UserPointer<u8>,
) -> Result<usize> {
    let open = OpenSocket::of(call, fd)?;
    let range = UserRange { address: buffer.address(), length: length.min(MAX_COUNT) };
    let ranges = [range.reachable(&call.host)?];
    let flags = MessageFlags::from_bits_retain(flags);
    let received = receive(call, &open, &ranges, flags)?;
    if !address.is_null() {
        tell(call, &encode_sender(received.from.as_deref()), address, address_length.cast())?;
    }
    Ok(answer(&received, flags))
}

/// What a receive answers: what was handed over, or how long the message was.
pub(super) fn answer(received: &Received, flags: MessageFlags) -> usize {
    if flags.contains(MessageFlags::TRUNC) { received.length } else { received.count }
}

/// Receive into `ranges`: a message, what there is of a stream, or all that was asked for of one.
pub(super) fn receive<H: LinuxHost>(
    call: &Call<'_, H>,
    open: &OpenSocket,
    ranges: &[UserRange],
    flags: MessageFlags,
) -> Result<Received> {
    let socket = open.socket()?;
    let is_stream = socket.kind() == SocketKind::Stream;
    if flags.contains(MessageFlags::OOB) {
        return Err(if is_stream { Errno::EINVAL } else { Errno::EOPNOTSUPP });
    }
    let mut to = UserBuffer::new(&call.host, ranges);
    let wait_for_all = flags.contains(MessageFlags::WAITALL) && is_stream;
    let mut before = 0;
    loop {
        match receive_once(call, open, &mut to, flags, before) {
            Ok(mut received) => {
                let is_end = received.count == 0;
                received.count += before;
                received.length += before;
                // What comes with descriptors is not joined with what follows it.
                let is_whole = Destination::remaining(&to) == 0 || !received.descriptions.is_empty();
                if is_end || is_whole || !wait_for_all {
                    return Ok(received);
                }
                before = received.count;
            }
            Err(_) if before > 0 => {
                return Ok(Received { count: before, length: before, ..Received::default() });
            }
            Err(errno) => return Err(errno),
        }
    }
}

/// One receive, after `before` bytes of a stream in the same call.
fn receive_once<H: LinuxHost>(
    call: &Call<'_, H>,
    open: &OpenSocket,
    to: &mut dyn Destination,
    flags: MessageFlags,
    before: usize,
) -> Result<Received> {
    let socket = open.socket()?;
    if socket.kind() == SocketKind::Stream && to.remaining() == 0 {
        return Ok(Received::default());
    }
    let taking = if flags.contains(MessageFlags::PEEK) { Taking::Peek(before) } else { Taking::Take };
    let mut received = Received::default();
    let outcome = transfer(&call.caller(), socket, status(open, flags), Readiness::READ, || {
        received = socket.receive(to, taking)?;
        Ok(received.count)
    });
    match outcome {
        Ok(_) => Ok(received),
        Err(error) => Err(interrupted_for_good(socket, Readiness::READ, error.into())),
    }
}

/// The description's status, as the flags of one operation change it.
fn status(open: &OpenSocket, flags: MessageFlags) -> FileStatus {
    let status = open.description().status();
    if flags.contains(MessageFlags::DONTWAIT) { status | FileStatus::NONBLOCK } else { status }
}

/// With a time limit a call is not started again after a handler (`signal(7)`).
pub(super) fn interrupted_for_good(socket: &Socket, interest: Readiness, errno: Errno) -> Errno {
    let limited = socket.patience(interest).is_some();
    if errno == Errno::ERESTARTSYS && limited { Errno::ERESTARTNOHAND } else { errno }
}
