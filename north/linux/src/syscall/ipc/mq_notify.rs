//! `mq_notify(2)`.

use litebox_host::file::FileKind;
use litebox_libos::ipc::posix::QueueFile;
use litebox_libos::signal::Signal;
use litebox_libos::user::UserPointer;

use crate::abi::time::{SIGEV_NONE, SIGEV_SIGNAL, SIGEV_THREAD, Sigevent};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn mq_notify<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    event: UserPointer<Sigevent>,
) -> Result<()> {
    let event = event.non_null().map(|event| event.read(&call.host)).transpose()?;
    let signal = match event {
        Some(event) if event.notify == SIGEV_SIGNAL => match event.signal {
            // As in Linux, signal 0 is one that nobody gets.
            0 => None,
            number => Some((Signal::new(number).ok_or(Errno::EINVAL)?, event.value)),
        },
        Some(event) if event.notify == SIGEV_THREAD => return Err(no_netlink(call, event.signal)),
        Some(event) if event.notify != SIGEV_NONE => return Err(Errno::EINVAL),
        _ => None,
    };
    let description = call.descriptors.get(fd.number()?)?;
    let queue = description.file_as::<QueueFile>().ok_or(Errno::EBADF)?;
    match event {
        Some(_) => queue.notify(&call.process, signal)?,
        None => queue.forget(&call.process),
    }
    Ok(())
}

/// A C library that runs a function in a new thread is told through a netlink socket, of which there are none: what
/// Linux answers for the descriptor of anything else.
fn no_netlink<H: LinuxHost>(call: &Call<'_, H>, socket: i32) -> Errno {
    let found = Fd(socket).number().and_then(|number| Ok(call.descriptors.get(number)?));
    let Ok(description) = found else { return Errno::EBADF };
    let is_socket =
        description.file().attributes().is_ok_and(|attributes| attributes.kind == FileKind::Socket);
    if is_socket { Errno::EINVAL } else { Errno::ENOTSOCK }
}
