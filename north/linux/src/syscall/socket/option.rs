//! `getsockopt(2)`, `setsockopt(2)`.

use core::time::Duration;

use litebox_libos::Error;
use litebox_libos::file::FileStatus;
use litebox_libos::socket::{Socket, SocketKind};
use litebox_libos::user::{Destination, UserBuffer, UserPointer, UserRange};
use zerocopy::IntoBytes;

use super::pair::OpenSocket;
use crate::abi::event::Timeval;
use crate::abi::socket::{
    AF_UNIX, Credentials, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM, SOL_SOCKET, option as so,
};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::process::install_pidfd;

pub(crate) fn getsockopt<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    level: i32,
    option: i32,
    value: UserPointer<u8>,
    length: UserPointer<u8>,
) -> Result<()> {
    let open = OpenSocket::of(call, fd)?;
    if level != SOL_SOCKET {
        return Err(Errno::EOPNOTSUPP);
    }
    let length: UserPointer<i32> = length.cast();
    let room = usize::try_from(length.read(&call.host)?).map_err(|_| Errno::EINVAL)?;
    let socket = open.socket()?;
    match option {
        so::SO_PEERCRED => {
            let maker = socket.peer_credentials();
            let credentials = Credentials { process: maker.process, uid: maker.uid, gid: maker.gid };
            tell(call, value, length, room, credentials.as_bytes())
        }
        so::SO_PEERPIDFD => {
            let fd = peer_descriptor(call, socket)?;
            let told = tell(call, value, length, room, &fd.0.to_le_bytes());
            if told.is_err() {
                // Another thread may have closed it already.
                let _ = call.descriptors.close(fd.number()?);
            }
            told
        }
        so::SO_LINGER => tell(call, value, length, room, &[0; 8]),
        so::SO_RCVTIMEO => tell(call, value, length, room, timeval(socket.timeouts().1).as_bytes()),
        so::SO_SNDTIMEO => tell(call, value, length, room, timeval(socket.timeouts().0).as_bytes()),
        _ => tell(call, value, length, room, &number(socket, option)?.to_le_bytes()),
    }
}

/// The options that are an `int`.
fn number(socket: &Socket, option: i32) -> Result<i32> {
    let size = |size: usize| i32::try_from(size).unwrap_or(i32::MAX);
    Ok(match option {
        so::SO_TYPE => match socket.kind() {
            SocketKind::Stream => SOCK_STREAM,
            SocketKind::Datagram => SOCK_DGRAM,
            SocketKind::SequencedPacket => SOCK_SEQPACKET,
        },
        so::SO_ERROR => {
            let error = socket.take_error().map(|kind| Errno::from(Error::new(kind, "the socket's error")));
            error.map_or(0, |errno| i32::from(errno.0))
        }
        so::SO_SNDBUF => size(socket.buffers().0),
        so::SO_RCVBUF => size(socket.buffers().1),
        so::SO_DOMAIN => i32::from(AF_UNIX),
        so::SO_RCVLOWAT => 1,
        so::SO_ACCEPTCONN => i32::from(socket.is_listening()),
        so::SO_PASSCRED => i32::from(socket.passes_credentials()),
        so::SO_REUSEADDR | so::SO_DONTROUTE | so::SO_BROADCAST | so::SO_KEEPALIVE | so::SO_OOBINLINE => {
            i32::from(socket.remembers(1 << option))
        }
        so::SO_PROTOCOL | so::SO_PRIORITY => 0,
        _ => return Err(Errno::ENOPROTOOPT),
    })
}

/// A new descriptor of the process that made the peer.
fn peer_descriptor<H: LinuxHost>(call: &Call<'_, H>, socket: &Socket) -> Result<Fd> {
    let number = socket.peer_credentials().process;
    if number == 0 {
        return Err(Errno::ENODATA);
    }
    let process = call.process.registry().process(number).map_err(|_| Errno::ESRCH)?;
    install_pidfd(call, &process, FileStatus::empty())
}

/// Write as much of an option's value as there is room for, and how much that is.
fn tell<H: LinuxHost>(
    call: &Call<'_, H>,
    to: UserPointer<u8>,
    length: UserPointer<i32>,
    room: usize,
    value: &[u8],
) -> Result<()> {
    let value = value.get(..room).unwrap_or(value);
    let ranges = [UserRange { address: to.address(), length: value.len() }];
    if UserBuffer::new(&call.host, &ranges).put(value)? < value.len() {
        return Err(Errno::EFAULT);
    }
    Ok(length.write(&call.host, &i32::try_from(value.len()).unwrap_or(0))?)
}

pub(crate) fn setsockopt<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    level: i32,
    option: i32,
    value: UserPointer<u8>,
    length: u32,
) -> Result<()> {
    let open = OpenSocket::of(call, fd)?;
    if level != SOL_SOCKET {
        return Err(Errno::EOPNOTSUPP);
    }
    if (length as usize) < size_of::<i32>() {
        return Err(Errno::EINVAL);
    }
    let number = value.cast::<u32>().read(&call.host)?;
    let socket = open.socket()?;
    // Doubled, for what Linux needs beside the bytes (`socket(7)`).
    let size = (number as usize).saturating_mul(2);
    match option {
        so::SO_SNDBUF => socket.set_send_buffer(size),
        so::SO_RCVBUF => socket.set_receive_buffer(size),
        so::SO_SNDBUFFORCE | so::SO_RCVBUFFORCE if !call.credentials.may_change() => {
            return Err(Errno::EPERM);
        }
        so::SO_SNDBUFFORCE => socket.set_send_buffer(size),
        so::SO_RCVBUFFORCE => socket.set_receive_buffer(size),
        so::SO_RCVTIMEO => socket.set_receive_timeout(patience(call, value, length)?),
        so::SO_SNDTIMEO => socket.set_send_timeout(patience(call, value, length)?),
        // Without effect on a local socket, in Linux too.
        so::SO_REUSEADDR | so::SO_DONTROUTE | so::SO_BROADCAST | so::SO_KEEPALIVE | so::SO_OOBINLINE => {
            socket.remember(1 << option, number != 0);
        }
        so::SO_PRIORITY | so::SO_RCVLOWAT | so::SO_LINGER => {}
        so::SO_PASSCRED => socket.set_pass_credentials(number != 0),
        _ => return Err(Errno::ENOPROTOOPT),
    }
    Ok(())
}

/// A time limit from the guest; 0 is none.
fn patience<H: LinuxHost>(
    call: &Call<'_, H>,
    value: UserPointer<u8>,
    length: u32,
) -> Result<Option<Duration>> {
    if (length as usize) < size_of::<Timeval>() {
        return Err(Errno::EINVAL);
    }
    let time = value.cast::<Timeval>().read(&call.host)?;
    if !(0..1_000_000).contains(&time.microseconds) {
        return Err(Errno::EDOM);
    }
    // A negative one does not wait at all.
    let limit = duration(time.seconds, time.microseconds, 1_000_000).unwrap_or(Duration::from_nanos(1));
    Ok(Some(limit).filter(|limit| !limit.is_zero()))
}

/// Whole seconds and a number of parts, of which a second has `parts`.
pub(super) fn duration(seconds: i64, fraction: i64, parts: i64) -> Result<Duration> {
    if !(0..parts).contains(&fraction) {
        return Err(Errno::EINVAL);
    }
    let seconds = u64::try_from(seconds).map_err(|_| Errno::EINVAL)?;
    let nanoseconds = fraction.saturating_mul(1_000_000_000 / parts);
    let nanoseconds = u64::try_from(nanoseconds).map_err(|_| Errno::EINVAL)?;
    Ok(Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanoseconds)))
}

fn timeval(limit: Option<Duration>) -> Timeval {
    let limit = limit.unwrap_or_default();
    let seconds = i64::try_from(limit.as_secs()).unwrap_or(i64::MAX);
    Timeval { seconds, microseconds: i64::from(limit.subsec_micros()) }
}
