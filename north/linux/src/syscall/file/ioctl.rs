//! `ioctl(2)`: the requests that every descriptor has. A terminal's own are in `syscall/terminal`.

use litebox_host::file::FileKind;
use litebox_libos::file::{Description, FileStatus};
use litebox_libos::socket::Socket;
use litebox_libos::user::UserPointer;

use crate::abi::file::descriptor::{FIOASYNC, FIOCLEX, FIONBIO, FIONCLEX, FIONREAD};
use crate::abi::terminal::request::TIOCOUTQ;
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::terminal;

pub(crate) fn ioctl<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    request: u32,
    argument: u64,
) -> Result<i32> {
    let number = fd.number()?;
    let description = call.descriptors.get_usable(number)?;
    let pointer = UserPointer::<i32>::new(usize::decode(argument)?);
    match request {
        FIOCLEX => call.descriptors.set_close_on_exec(number, true)?,
        FIONCLEX => call.descriptors.set_close_on_exec(number, false)?,
        FIONBIO => set_status(call, &description, FileStatus::NONBLOCK, pointer)?,
        FIOASYNC => set_status(call, &description, FileStatus::ASYNC, pointer)?,
        FIONREAD if description.file().stream().is_none() => {
            let count = i32::try_from(available(&description)?).unwrap_or(i32::MAX);
            pointer.write(&call.host, &count)?;
        }
        TIOCOUTQ if let Some(socket) = description.file_as::<Socket>() => {
            pointer.write(&call.host, &i32::try_from(socket.unreceived()).unwrap_or(i32::MAX))?;
        }
        _ => return terminal::control(call, &description, request, argument),
    }
    Ok(0)
}

/// Set or clear a status flag, as the guest's `int` says.
fn set_status<H: LinuxHost>(
    call: &Call<'_, H>,
    description: &Description,
    flag: FileStatus,
    on: UserPointer<i32>,
) -> Result<()> {
    let status = if on.read(&call.host)? == 0 { FileStatus::empty() } else { flag };
    description.set_status(status, flag);
    Ok(())
}

/// Bytes to be read: what the object counts, or the rest of a regular file.
fn available(description: &Description) -> Result<u64> {
    // A socket that takes connections has no bytes to count.
    if description.file_as().is_some_and(Socket::is_listening) {
        return Err(Errno::EINVAL);
    }
    if let Some(count) = description.file().available() {
        return Ok(count as u64);
    }
    let attributes = description.file().attributes()?;
    if attributes.kind != FileKind::Regular || !description.file().is_seekable() {
        return Err(Errno::ENOTTY);
    }
    Ok(attributes.size.saturating_sub(*description.offset().lock()))
}
