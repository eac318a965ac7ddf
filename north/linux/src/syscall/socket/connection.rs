//! `connect(2)`, `listen(2)`, `accept(2)`.

use alloc::sync::Arc;

use litebox_libos::ErrorKind;
use litebox_libos::event::{self, Readiness};
use litebox_libos::file::transfer::{deadline_in, transfer};
use litebox_libos::file::{Description, Descriptor, File, FileStatus};
use litebox_libos::socket::Peer;
use litebox_libos::user::UserPointer;

use super::address::{encode, peer_or_nobody, read_address, tell};
use super::pair::{OpenSocket, own_credentials};
use super::transfer::interrupted_for_good;
use crate::abi::socket::SocketFlags;
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn connect<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: u32,
) -> Result<()> {
    let open = OpenSocket::of(call, fd)?;
    let socket = open.socket()?;
    let bytes = read_address(call, address, length as usize)?;
    let peer = peer_or_nobody(call, &bytes, socket.kind())?;
    let credentials = own_credentials(call);
    let attempt = || socket.connect(peer.as_ref(), credentials);
    let Some(queue) = peer.as_ref().map(Peer::queue).filter(|_| !open.is_nonblocking()) else {
        return Ok(attempt()?);
    };
    let deadline = socket.patience(Readiness::WRITE).map(|patience| deadline_in(&call.host, patience));
    let outcome = event::block(&call.thread, &[(queue, Readiness::WRITE)], deadline, attempt);
    outcome.map_err(|error| match error.kind {
        ErrorKind::TimedOut => Errno::EAGAIN,
        _ => interrupted_for_good(socket, Readiness::WRITE, error.into()),
    })
}

pub(crate) fn listen<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, backlog: i32) -> Result<()> {
    let open = OpenSocket::of(call, fd)?;
    Ok(open.socket()?.listen(backlog, own_credentials(call))?)
}

pub(crate) fn accept<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
) -> Result<Fd> {
    accept_with(call, fd, address, length, SocketFlags::empty())
}

pub(crate) fn accept4<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
    flags: i32,
) -> Result<Fd> {
    let flags = SocketFlags::decode(u64::from(flags.cast_unsigned()))?;
    accept_with(call, fd, address, length, flags)
}

fn accept_with<H: LinuxHost>(
    call: &Call<'_, H>,
    fd: Fd,
    address: UserPointer<u8>,
    length: UserPointer<u8>,
    flags: SocketFlags,
) -> Result<Fd> {
    let open = OpenSocket::of(call, fd)?;
    let socket = open.socket()?;
    // A connection that no descriptor is left for stays where it waits.
    call.descriptors.check_room(call.descriptor_limit())?;
    let mut accepted = None;
    let attempt = || {
        accepted = Some(socket.accept()?);
        Ok(0)
    };
    let outcome = transfer(&call.caller(), socket, open.description().status(), Readiness::READ, attempt);
    outcome.map_err(|error| interrupted_for_good(socket, Readiness::READ, error.into()))?;
    let accepted = accepted.ok_or(Errno::EAGAIN)?;
    if !address.is_null() {
        let name = accepted.peer_name().unwrap_or_default();
        tell(call, &encode(name.as_deref()), address, length.cast())?;
    }
    Fd::install(call, describe(accepted, flags))
}

/// A new descriptor of `socket`, as `flags` say.
pub(super) fn describe(socket: Arc<dyn File>, flags: SocketFlags) -> Descriptor {
    let mut status = FileStatus::READ | FileStatus::WRITE;
    status.set(FileStatus::NONBLOCK, flags.contains(SocketFlags::SOCK_NONBLOCK));
    let close_on_exec = flags.contains(SocketFlags::SOCK_CLOEXEC);
    Descriptor { description: Description::new(socket, status), close_on_exec }
}
