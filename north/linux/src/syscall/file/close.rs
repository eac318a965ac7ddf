//! `close(2)`, `close_range(2)`.

use litebox_libos::ipc::posix::QueueFile;

use crate::abi::file::descriptor::CloseRangeFlags;
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::information;
use crate::row::Call;

pub(crate) fn close<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd) -> Result<()> {
    let closed = call.descriptors.remove(fd.number()?)?;
    if let Some(queue) = closed.description.file_as::<QueueFile>() {
        // Who closes a message queue is no longer told of messages (mq_close(3)).
        queue.forget(&call.process);
    }
    Ok(())
}

pub(crate) fn close_range<H: LinuxHost>(
    call: &mut Call<'_, H>,
    first: u32,
    last: u32,
    flags: u32,
) -> Result<()> {
    let flags = CloseRangeFlags::decode(u64::from(flags))?;
    if first > last {
        return Err(Errno::EINVAL);
    }
    if flags.contains(CloseRangeFlags::CLOSE_RANGE_UNSHARE) && call.descriptors.is_shared() {
        call.task.unshare_descriptors()?;
        information::follow(call.task)?;
    }
    if flags.contains(CloseRangeFlags::CLOSE_RANGE_CLOEXEC) {
        call.descriptors.close_range_on_exec(first..=last);
    } else {
        call.descriptors.close_range(first..=last);
    }
    Ok(())
}
