//! `process_vm_readv(2)`, `process_vm_writev(2)`.

use alloc::vec::Vec;

use litebox_host::memory::UserAccess;
use litebox_libos::memory::buffer;
use litebox_libos::user::{Destination, Source, UserBuffer, UserPointer};
use litebox_libos::{Error, ErrorKind};

use crate::abi::file::transfer::Iovec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::Pieces;

/// Bytes copied at a time.
const CHUNK: usize = 64 << 10;

pub(crate) fn process_vm_readv<H: LinuxHost>(
    call: &mut Call<'_, H>,
    process: i32,
    local: UserPointer<Iovec>,
    local_count: usize,
    remote: UserPointer<Iovec>,
    remote_count: usize,
    flags: u64,
) -> Result<usize> {
    let (local, remote) = pieces(call, process, (local, local_count), (remote, remote_count), flags)?;
    copy(&call.host, &remote, &local)
}

pub(crate) fn process_vm_writev<H: LinuxHost>(
    call: &mut Call<'_, H>,
    process: i32,
    local: UserPointer<Iovec>,
    local_count: usize,
    remote: UserPointer<Iovec>,
    remote_count: usize,
    flags: u64,
) -> Result<usize> {
    let (local, remote) = pieces(call, process, (local, local_count), (remote, remote_count), flags)?;
    copy(&call.host, &local, &remote)
}

/// Where a vector of a guest's lies, and how many pieces it has.
type Vector = (UserPointer<Iovec>, usize);

/// Both vectors. Whether the process numbered `process` can be reached matters only if there is anything to copy.
fn pieces<H: LinuxHost>(
    call: &Call<'_, H>,
    process: i32,
    local: Vector,
    remote: Vector,
    flags: u64,
) -> Result<(Pieces, Pieces)> {
    if flags != 0 {
        return Err(Errno::EINVAL);
    }
    let (local, remote) = (Pieces::read(call, local.0, local.1)?, Pieces::read(call, remote.0, remote.1)?);
    if !local.is_empty() && !remote.is_empty() {
        check_process(call, process)?;
    }
    Ok((local, remote))
}

/// Whether the memory of the process numbered `number` can be reached: the caller's own can.
fn check_process<H: LinuxHost>(call: &Call<'_, H>, number: i32) -> Result<()> {
    let number = u32::try_from(number).map_err(|_| Errno::ESRCH)?;
    let (process, _) = call.process.registry().thread(number).ok_or(Errno::ESRCH)?;
    if process.id() == call.process.id() { Ok(()) } else { Err(Errno::EPERM) }
}

/// Copy from the pieces `from` to the pieces `to`, as far as both can be accessed.
fn copy<H: UserAccess>(host: &H, from: &Pieces, to: &Pieces) -> Result<usize> {
    let (mut source, mut destination) = (UserBuffer::new(host, from), UserBuffer::new(host, to));
    let wanted = Source::remaining(&source).min(Destination::remaining(&destination));
    let mut buffer: Vec<u8> = buffer::zeroed(wanted.min(CHUNK))?;
    let mut done = 0;
    while done < wanted {
        let part = (wanted - done).min(CHUNK);
        let got = source.take(buffer.get_mut(..part).unwrap_or_default());
        let put = got.and_then(|got| destination.put(buffer.get(..got).unwrap_or_default()));
        match put {
            Ok(put) => {
                done += put;
                if put < part {
                    break;
                }
            }
            Err(Error { kind: ErrorKind::BadAddress, .. }) if done > 0 => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}
