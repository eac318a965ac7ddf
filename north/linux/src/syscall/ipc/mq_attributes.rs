//! `mq_getsetattr(2)`.

use litebox_libos::file::FileStatus;
use litebox_libos::ipc::posix::QueueFile;
use litebox_libos::user::UserPointer;

use crate::abi::file::open::OpenFlags;
use crate::abi::ipc::MqAttr;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The only flag that a queue has.
const NONBLOCK: i64 = OpenFlags::O_NONBLOCK.bits() as i64;

pub(crate) fn mq_getsetattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    new: UserPointer<MqAttr>,
    old: UserPointer<MqAttr>,
) -> Result<()> {
    let new = new.non_null().map(|new| new.read(&call.host)).transpose()?;
    if new.is_some_and(|new| new.flags & !NONBLOCK != 0) {
        return Err(Errno::EINVAL);
    }
    let description = call.descriptors.get(fd.number()?)?;
    let queue = description.file_as::<QueueFile>().ok_or(Errno::EBADF)?;
    let status = queue.status();
    let figure = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let before = MqAttr {
        flags: if description.status().contains(FileStatus::NONBLOCK) { NONBLOCK } else { 0 },
        maxmsg: figure(status.limits.messages),
        msgsize: figure(status.limits.size),
        curmsgs: figure(status.messages as u64),
        reserved: [0; 4],
    };
    if let Some(new) = new {
        let status = if new.flags == 0 { FileStatus::empty() } else { FileStatus::NONBLOCK };
        description.set_status(status, FileStatus::NONBLOCK);
    }
    Ok(old.write_if_some(&call.host, &before)?)
}
