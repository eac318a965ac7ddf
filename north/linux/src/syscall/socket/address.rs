//! Calls about addresses, which no socket has yet: `socket(2)`, `bind(2)`, `connect(2)`, `listen(2)`, `accept(2)`,
//! `getsockname(2)`, `getpeername(2)`.

use litebox_host::ambient::{self, Log};
use litebox_libos::socket::SocketKind;
use litebox_libos::user::UserPointer;

use super::pair::{OpenSocket, decode, unix_kind};
use crate::abi::socket::{AF_UNIX, SocketFlags};
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn socket<H: LinuxHost>(_: &mut Call<'_, H>, family: i32, kind: i32, protocol: i32) -> Result<Fd> {
    let (kind, _) = decode(family, kind)?;
    if family == i32::from(AF_UNIX) {
        unix_kind(kind, protocol)?;
    }
    ambient::log(
        Log::Denied,
        &alloc::format!("socket of family {family}, type {kind} refused: the sandbox has none"),
    );
    Err(Errno::EAFNOSUPPORT)
}

pub(crate) fn connect<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    _: UserPointer<u8>,
    _: u32,
) -> Result<()> {
    match OpenSocket::of(call, fd)?.socket()?.kind() {
        SocketKind::Datagram => Err(Errno::ECONNREFUSED),
        SocketKind::Stream | SocketKind::SequencedPacket => Err(Errno::EISCONN),
    }
}

pub(crate) fn bind<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, _: UserPointer<u8>, _: u32) -> Result<()> {
    OpenSocket::of(call, fd)?;
    Err(Errno::EINVAL)
}

pub(crate) fn listen<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, _: i32) -> Result<()> {
    Err(no_listener(&OpenSocket::of(call, fd)?)?)
}

pub(crate) fn accept<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    _: UserPointer<u8>,
    _: UserPointer<u8>,
) -> Result<Fd> {
    Err(no_listener(&OpenSocket::of(call, fd)?)?)
}

pub(crate) fn accept4<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
    flags: i32,
) -> Result<Fd> {
    SocketFlags::decode(u64::from(flags.cast_unsigned()))?;
    accept(call, fd, address, length)
}

/// Why a connected socket does not listen.
fn no_listener(open: &OpenSocket) -> Result<Errno> {
    Ok(match open.socket()?.kind() {
        SocketKind::Datagram => Errno::EOPNOTSUPP,
        SocketKind::Stream | SocketKind::SequencedPacket => Errno::EINVAL,
    })
}

pub(crate) fn getsockname<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
) -> Result<()> {
    OpenSocket::of(call, fd)?;
    unnamed(call, address, length.cast())
}

pub(crate) fn getpeername<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
) -> Result<()> {
    if !OpenSocket::of(call, fd)?.socket()?.is_connected() {
        return Err(Errno::ENOTCONN);
    }
    unnamed(call, address, length.cast())
}

/// Write the address of a socket without a name: its family alone (`unix(7)`).
fn unnamed<H: LinuxHost>(
    call: &Call<'_, H>,
    address: UserPointer<u8>,
    length: UserPointer<i32>,
) -> Result<()> {
    let family = AF_UNIX.to_le_bytes();
    let room = usize::try_from(length.read(&call.host)?).map_err(|_| Errno::EINVAL)?;
    for (index, byte) in family.iter().enumerate().take(room) {
        address.element(index).write(&call.host, byte)?;
    }
    Ok(length.write(&call.host, &2)?)
}
