//! `mq_open(2)`, `mq_unlink(2)`.

use litebox_libos::ErrorKind;
use litebox_libos::file::{Access, Description, Descriptor, FileStatus, MAX_PATH};
use litebox_libos::ipc::posix::{OpenQueue, QueueLimits};
use litebox_libos::limit::Resource;
use litebox_libos::user::{UserPointer, UserString};

use super::ipc;
use crate::abi::file::open::OpenFlags;
use crate::abi::ipc::MqAttr;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

pub(crate) fn mq_open<H: LinuxHost>(
    call: &mut Call<'_, H>,
    name: UserString,
    flags: i32,
    mode: u32,
    attributes: UserPointer<MqAttr>,
) -> Result<Fd> {
    let attributes = attributes.non_null().map(|attributes| attributes.read(&call.host)).transpose()?;
    let name = name.read(&call.host, MAX_PATH, ErrorKind::NameTooLong)?;
    let flags = OpenFlags::from_bits_truncate(flags.cast_unsigned());
    let status = flags.status() & (FileStatus::READ | FileStatus::WRITE | FileStatus::NONBLOCK);
    let mut access = Access::empty();
    access.set(Access::READ, status.contains(FileStatus::READ));
    access.set(Access::WRITE, status.contains(FileStatus::WRITE));
    let how = OpenQueue {
        access: Some(access).filter(|access| !access.is_empty()),
        create: flags.contains(OpenFlags::O_CREAT),
        exclusive: flags.contains(OpenFlags::O_EXCL),
        mode: mode & 0o7777 & !call.place.mask(),
        limits: attributes.map(|attributes| limits(&attributes)).transpose()?,
        share: call.process.limits.soft(Resource::MessageQueues),
    };
    let file = ipc(call).queues.open(&name, &how, &caller(call))?;
    // Queues never survive a new program.
    Fd::install(call, Descriptor { description: Description::new(file, status), close_on_exec: true })
}

fn limits(attributes: &MqAttr) -> Result<QueueLimits> {
    let figure = |value: i64| u64::try_from(value).map_err(|_| Errno::EINVAL);
    Ok(QueueLimits { messages: figure(attributes.maxmsg)?, size: figure(attributes.msgsize)? })
}

pub(crate) fn mq_unlink<H: LinuxHost>(call: &mut Call<'_, H>, name: UserString) -> Result<()> {
    let name = name.read(&call.host, MAX_PATH, ErrorKind::NameTooLong)?;
    Ok(ipc(call).queues.unlink(&name, &caller(call))?)
}
