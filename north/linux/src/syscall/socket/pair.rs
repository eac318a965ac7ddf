//! `socket(2)`, `socketpair(2)`, `shutdown(2)`, and what socket calls have in common.

use alloc::sync::Arc;

use litebox_host::ambient::{self, Log};
use litebox_libos::file::{Description, FileStatus};
use litebox_libos::socket::{Credentials, Shutdown, Socket, SocketKind};
use litebox_libos::user::UserPointer;

use super::connection::describe;
use crate::abi::socket::{
    AF_MAX, AF_UNIX, SHUT_RD, SHUT_RDWR, SHUT_WR, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_STREAM,
    SOCK_TYPE_MASK, SocketFlags,
};
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// An open socket, held open during a call.
pub(super) struct OpenSocket(Arc<Description>);

impl OpenSocket {
    /// The socket that `fd` refers to.
    ///
    /// # Errors
    /// `EBADF`, `ENOTSOCK`.
    pub(super) fn of<H: LinuxHost>(call: &Call<'_, H>, fd: Fd) -> Result<Self> {
        let description = call.descriptors.get_usable(fd.number()?)?;
        if description.file_as::<Socket>().is_none() {
            return Err(Errno::ENOTSOCK);
        }
        Ok(Self(description))
    }

    /// The open description.
    pub(super) fn description(&self) -> &Description {
        &self.0
    }

    /// Whether its operations do not block.
    pub(super) fn is_nonblocking(&self) -> bool {
        self.0.status().contains(FileStatus::NONBLOCK)
    }

    /// The socket.
    pub(super) fn socket(&self) -> Result<&Socket> {
        self.0.file_as().ok_or(Errno::ENOTSOCK)
    }
}

pub(crate) fn socket<H: LinuxHost>(
    call: &mut Call<'_, H>,
    family: i32,
    kind: i32,
    protocol: i32,
) -> Result<Fd> {
    let (number, flags) = decode(family, kind)?;
    if family != i32::from(AF_UNIX) {
        ambient::log(
            Log::Denied,
            &alloc::format!("socket of family {family}, type {number} refused: the sandbox has none"),
        );
        return Err(Errno::EAFNOSUPPORT);
    }
    let kind = unix_kind(number, protocol)?;
    let socket = call.place.namespace().sockets().socket(kind, own_credentials(call));
    Fd::install(call, describe(socket, flags))
}

pub(crate) fn socketpair<H: LinuxHost>(
    call: &mut Call<'_, H>,
    family: i32,
    kind: i32,
    protocol: i32,
    descriptors: UserPointer<u8>,
) -> Result<()> {
    let (kind, flags) = decode(family, kind)?;
    if family != i32::from(AF_UNIX) {
        return Err(Errno::EAFNOSUPPORT);
    }
    let kind = unix_kind(kind, protocol)?;
    let (left, right) = call.place.namespace().sockets().pair(kind, own_credentials(call));
    Fd::install_pair(call, [describe(left, flags), describe(right, flags)], descriptors.cast())
}

/// Whom the peer of a socket made now sees.
pub(super) fn own_credentials<H: LinuxHost>(call: &Call<'_, H>) -> Credentials {
    let own = &call.credentials;
    Credentials { process: call.process.id(), uid: own.user.effective, gid: own.group.effective }
}

/// Whom the receiver of a message sees.
pub(super) fn real_credentials<H: LinuxHost>(call: &Call<'_, H>) -> Credentials {
    let own = &call.credentials;
    Credentials { process: call.process.id(), uid: own.user.real, gid: own.group.real }
}

/// The type's number and its flags, for a family that Linux might know.
pub(super) fn decode(family: i32, kind: i32) -> Result<(i32, SocketFlags)> {
    let flags = SocketFlags::decode(u64::from((kind & !SOCK_TYPE_MASK).cast_unsigned()))?;
    if !(0..AF_MAX).contains(&family) {
        return Err(Errno::EAFNOSUPPORT);
    }
    Ok((kind & SOCK_TYPE_MASK, flags))
}

/// A type and a protocol of `unix(7)`.
pub(super) fn unix_kind(kind: i32, protocol: i32) -> Result<SocketKind> {
    if protocol != 0 && protocol != i32::from(AF_UNIX) {
        return Err(Errno::EPROTONOSUPPORT);
    }
    match kind {
        SOCK_STREAM => Ok(SocketKind::Stream),
        SOCK_DGRAM | SOCK_RAW => Ok(SocketKind::Datagram),
        SOCK_SEQPACKET => Ok(SocketKind::SequencedPacket),
        _ => Err(Errno::ESOCKTNOSUPPORT),
    }
}

pub(crate) fn shutdown<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, how: i32) -> Result<()> {
    let open = OpenSocket::of(call, fd)?;
    let what = match how {
        SHUT_RD => Shutdown::Read,
        SHUT_WR => Shutdown::Write,
        SHUT_RDWR => Shutdown::Both,
        _ => return Err(Errno::EINVAL),
    };
    open.socket()?.shutdown(what);
    Ok(())
}
