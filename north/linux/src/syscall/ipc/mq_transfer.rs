//! `mq_timedsend(2)`, `mq_timedreceive(2)`.

use alloc::sync::Arc;

use litebox_host::memory::UserAccess;
use litebox_host::time::{Clock, Deadline};
use litebox_libos::file::{Description, FileStatus};
use litebox_libos::ipc::posix::{Notice, PRIORITIES, QueueFile};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;

use crate::abi::signal::SI_MESGQ;
use crate::abi::time::Timespec;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::futex::deadline_at;

/// When a wait ends, by the wall clock.
fn deadline<H: LinuxHost>(call: &Call<'_, H>, timeout: UserPointer<Timespec>) -> Result<Option<Deadline>> {
    let Some(timeout) = timeout.non_null() else { return Ok(None) };
    let time = timeout.read(&call.host)?.duration()?;
    Ok(Some(deadline_at(call.task, Clock::Realtime, time)))
}

/// The queue behind `fd`, opened for `access`.
fn queue<H: LinuxHost>(call: &Call<'_, H>, fd: Fd, access: FileStatus) -> Result<Arc<Description>> {
    let description = call.descriptors.get(fd.number()?)?;
    let usable = description.file_as::<QueueFile>().is_some() && description.status().contains(access);
    if usable { Ok(description) } else { Err(Errno::EBADF) }
}

/// Until when to wait, if at all.
fn waits(description: &Description, deadline: Option<Deadline>) -> Option<Option<Deadline>> {
    (!description.status().contains(FileStatus::NONBLOCK)).then_some(deadline)
}

pub(crate) fn mq_timedsend<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    message: UserPointer<u8>,
    length: usize,
    priority: u32,
    timeout: UserPointer<Timespec>,
) -> Result<()> {
    let deadline = deadline(call, timeout)?;
    if priority >= PRIORITIES {
        return Err(Errno::EINVAL);
    }
    let description = queue(call, fd, FileStatus::WRITE)?;
    let queue = description.file_as::<QueueFile>().ok_or(Errno::EBADF)?;
    if length as u64 > queue.limits().size {
        return Err(Errno::EMSGSIZE);
    }
    let mut bytes = buffer::zeroed(length)?;
    UserAccess::read(&call.host, message.address(), &mut bytes)?;
    let user = call.credentials.user.real;
    let notice = Notice { process: call.process.id(), user, code: SI_MESGQ };
    Ok(queue.send(&call.thread, bytes, priority, waits(&description, deadline), notice)?)
}

pub(crate) fn mq_timedreceive<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    message: UserPointer<u8>,
    length: usize,
    priority: UserPointer<u32>,
    timeout: UserPointer<Timespec>,
) -> Result<usize> {
    let deadline = deadline(call, timeout)?;
    let description = queue(call, fd, FileStatus::READ)?;
    let queue = description.file_as::<QueueFile>().ok_or(Errno::EBADF)?;
    if (length as u64) < queue.limits().size {
        return Err(Errno::EMSGSIZE);
    }
    let (found, bytes) = queue.receive(&call.thread, waits(&description, deadline))?;
    // As in Linux, a message that cannot be handed over is lost.
    priority.write_if_some(&call.host, &found)?;
    UserAccess::write(&call.host, message.address(), &bytes)?;
    Ok(bytes.len())
}
