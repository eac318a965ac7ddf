//! Threads by their numbers.

use alloc::sync::Arc;

use litebox_libos::thread::Thread;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::Task;

/// The thread numbered `number`, or the caller's for 0.
pub(crate) fn find_thread<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<Arc<Thread>> {
    match u32::try_from(number).map_err(|_| Errno::EINVAL)? {
        0 => Ok(Arc::clone(&task.thread)),
        id => task.process.registry().thread(id).map(|(_, thread)| thread).ok_or(Errno::ESRCH),
    }
}
