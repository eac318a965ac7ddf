//! Addresses from and to guest memory; `bind(2)`, `getsockname(2)`, `getpeername(2)`.

use alloc::vec::Vec;

use litebox_host::ambient::{self, Log};
use litebox_host::memory::UserAccess;
use litebox_libos::file::View;
use litebox_libos::socket::{Address, Given, Peer, SocketKind};
use litebox_libos::user::UserPointer;

use super::pair::OpenSocket;
use crate::abi::socket::{AF_UNIX, AF_UNSPEC};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

/// Bytes of an address's family.
const FAMILY: usize = size_of::<u16>();

/// Copy an address in.
///
/// # Errors
/// `EINVAL` if it is longer than any (`struct sockaddr_storage`), `EFAULT`.
pub(super) fn read_address<H: LinuxHost>(
    call: &Call<'_, H>,
    address: UserPointer<u8>,
    length: usize,
) -> Result<Vec<u8>> {
    const MOST: usize = 128;
    if length > MOST {
        return Err(Errno::EINVAL);
    }
    let mut bytes = [0; MOST];
    let bytes = bytes.get_mut(..length).unwrap_or_default();
    UserAccess::read(&call.host, address.address(), bytes)?;
    Ok(bytes.to_vec())
}

/// The family of an address; `EINVAL` if it has none.
fn family(bytes: &[u8]) -> Result<u16> {
    bytes.first_chunk().map(|family| u16::from_le_bytes(*family)).ok_or(Errno::EINVAL)
}

/// The name in an address of `unix(7)`.
fn given(bytes: &[u8]) -> Result<Given> {
    if family(bytes)? != AF_UNIX {
        return Err(Errno::EINVAL);
    }
    Ok(Given::decode(bytes.get(FAMILY..).unwrap_or_default())?)
}

/// The socket of `kind` that an address leads to; `None` for the family that stands for nobody.
pub(super) fn peer_or_nobody<H: LinuxHost>(
    call: &Call<'_, H>,
    bytes: &[u8],
    kind: SocketKind,
) -> Result<Option<Peer>> {
    if kind == SocketKind::Datagram && family(bytes)? == AF_UNSPEC {
        return Ok(None);
    }
    peer(call, bytes, kind).map(Some)
}

/// The socket of `kind` that an address leads to.
pub(super) fn peer<H: LinuxHost>(call: &Call<'_, H>, bytes: &[u8], kind: SocketKind) -> Result<Peer> {
    let Given::Name(address) = given(bytes)? else { return Err(Errno::EINVAL) };
    let caller = caller(call);
    let view = View::new(&call.place, &caller);
    Ok(call.place.namespace().sockets().find(&address, kind, &view)?)
}

pub(crate) fn bind<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: u32,
) -> Result<()> {
    let open = OpenSocket::of(call, fd)?;
    let given = given(&read_address(call, address, length as usize)?)?;
    let caller = caller(call);
    let outcome = open.socket()?.bind(given, &View::new(&call.place, &caller)).map_err(Errno::from);
    if outcome == Err(Errno::EPERM) {
        ambient::log(
            Log::Denied,
            "bind refused: a socket's name cannot be made in a read-write folder of the host, nor among fixed \
             names; bind it below a folder kept in memory such as /tmp or /run, or mount the folder as an overlay",
        );
    }
    outcome
}

pub(crate) fn getsockname<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
) -> Result<()> {
    let name = OpenSocket::of(call, fd)?.socket()?.name();
    tell(call, &encode(name.as_deref()), address, length.cast())
}

pub(crate) fn getpeername<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
) -> Result<()> {
    let name = OpenSocket::of(call, fd)?.socket()?.peer_name()?;
    tell(call, &encode(name.as_deref()), address, length.cast())
}

/// The address of a socket; without a name it is the family alone (`unix(7)`).
pub(super) fn encode(name: Option<&Address>) -> Vec<u8> {
    let name = name.map(Address::bytes).unwrap_or_default();
    [&AF_UNIX.to_le_bytes()[..], &name].concat()
}

/// The address of the sender of what was received, which is absent if it has no name.
pub(super) fn encode_sender(name: Option<&Address>) -> Vec<u8> {
    name.map(|name| encode(Some(name))).unwrap_or_default()
}

/// Write as much of an address as there is room for, and how long it is.
pub(super) fn tell<H: LinuxHost>(
    call: &Call<'_, H>,
    bytes: &[u8],
    address: UserPointer<u8>,
    length: UserPointer<i32>,
) -> Result<()> {
    let room = usize::try_from(length.read(&call.host)?).map_err(|_| Errno::EINVAL)?;
    UserAccess::write(&call.host, address.address(), bytes.get(..room).unwrap_or(bytes))?;
    Ok(length.write(&call.host, &i32::try_from(bytes.len()).unwrap_or(i32::MAX))?)
}
