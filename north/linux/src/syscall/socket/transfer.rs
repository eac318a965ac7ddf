//! `send(2)`, `recv(2)` and what all their variants share.

use litebox_libos::event::Readiness;
use litebox_libos::file::transfer::transfer;
use litebox_libos::file::{File, FileStatus};
use litebox_libos::socket::{Received, Socket, SocketKind, Taking};
use litebox_libos::user::{Destination, Source, UserBuffer, UserPointer, UserRange};

use super::pair::OpenSocket;
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
    check_address(open.socket()?, !address.is_null(), address_length)?;
    let range = UserRange { address: buffer.address(), length: length.min(MAX_COUNT) };
    let ranges = [range.reachable(&call.host)?];
    send(call, &open, &ranges, MessageFlags::from_bits_retain(flags))
}

/// A connected socket takes no address, or ignores it; no datagram socket has one to be reached by.
pub(super) fn check_address(socket: &Socket, is_given: bool, length: u32) -> Result<()> {
    match socket.kind() {
        _ if !is_given || length == 0 => Ok(()),
        SocketKind::Stream => Err(Errno::EISCONN),
        SocketKind::Datagram => Err(Errno::ECONNREFUSED),
        SocketKind::SequencedPacket => Ok(()),
    }
}

/// Send the bytes of `ranges`: all of them, unless something comes in between.
pub(super) fn send<H: LinuxHost>(
    call: &mut Call<'_, H>,
    open: &OpenSocket,
    ranges: &[UserRange],
    flags: MessageFlags,
) -> Result<usize> {
    if flags.contains(MessageFlags::OOB) {
        return Err(Errno::EOPNOTSUPP);
    }
    let mut from = UserBuffer::new(&call.host, ranges);
    let outcome = send_all(call, open, &mut from, flags);
    if outcome == Err(Errno::EPIPE) && !flags.contains(MessageFlags::NOSIGNAL) {
        // A datagram socket has no connection that could break.
        if open.socket()?.kind() != SocketKind::Datagram {
            call.task.raise_broken_pipe();
        }
    }
    outcome
}

fn send_all<H: LinuxHost>(
    call: &Call<'_, H>,
    open: &OpenSocket,
    from: &mut dyn Source,
    flags: MessageFlags,
) -> Result<usize> {
    let socket = open.socket()?;
    let status = status(open, flags);
    let mut sent = 0;
    loop {
        match transfer(&call.caller(), socket, status, Readiness::WRITE, || socket.send(from)) {
            Ok(count) => {
                sent += count;
                if count == 0 || from.remaining() == 0 || socket.kind() != SocketKind::Stream {
                    return Ok(sent);
                }
            }
            Err(_) if sent > 0 => return Ok(sent),
            Err(error) => return Err(interrupted_for_good(socket, Readiness::WRITE, error.into())),
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
        // The sender has no name.
        address_length.cast::<i32>().write(&call.host, &0)?;
    }
    Ok(answer(received, flags))
}

/// What a receive answers: what was handed over, or how long the message was.
pub(super) fn answer(received: Received, flags: MessageFlags) -> usize {
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
    let mut all = Received { count: 0, length: 0 };
    loop {
        match receive_once(call, open, &mut to, flags, all.count) {
            Ok(received) => {
                all.count += received.count;
                all.length += received.length;
                if received.count == 0 || !wait_for_all || Destination::remaining(&to) == 0 {
                    return Ok(all);
                }
            }
            Err(_) if all.count > 0 => return Ok(all),
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
        return Ok(Received { count: 0, length: 0 });
    }
    let taking = if flags.contains(MessageFlags::PEEK) { Taking::Peek(before) } else { Taking::Take };
    let mut length = 0;
    let outcome = transfer(&call.caller(), socket, status(open, flags), Readiness::READ, || {
        let received = socket.receive(to, taking)?;
        length = received.length;
        Ok(received.count)
    });
    match outcome {
        Ok(count) => Ok(Received { count, length }),
        Err(error) => Err(interrupted_for_good(socket, Readiness::READ, error.into())),
    }
}

/// The description's status, as the flags of one operation change it.
fn status(open: &OpenSocket, flags: MessageFlags) -> FileStatus {
    let status = open.description().status();
    if flags.contains(MessageFlags::DONTWAIT) { status | FileStatus::NONBLOCK } else { status }
}

/// With a time limit a call is not started again after a handler (`signal(7)`).
fn interrupted_for_good(socket: &Socket, interest: Readiness, errno: Errno) -> Errno {
    let limited = socket.patience(interest).is_some();
    if errno == Errno::ERESTARTSYS && limited { Errno::ERESTARTNOHAND } else { errno }
}
