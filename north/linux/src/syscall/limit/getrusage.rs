//! `getrusage(2)`.

use litebox_host::time::Clock;
use litebox_libos::process::Usage;
use litebox_libos::user::UserPointer;

use crate::abi::limit::{RUSAGE_CHILDREN, RUSAGE_SELF, RUSAGE_THREAD, Rusage};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::task::Task;

/// All processor time counts as the user's: the library OS runs in the guest's own time.
pub(crate) fn getrusage<H: LinuxHost>(
    call: &mut Call<'_, H>,
    who: i32,
    usage: UserPointer<Rusage>,
) -> Result<()> {
    let value = match who {
        RUSAGE_SELF => used(call.task, Clock::ProcessCpu),
        RUSAGE_THREAD => used(call.task, Clock::ThreadCpu),
        RUSAGE_CHILDREN => call.process.children_usage(),
        _ => return Err(Errno::EINVAL),
    };
    Ok(usage.write(&call.host, &value.into())?)
}

/// What the process used, by `clock`. The host does not tell what is resident; no more is than is mapped.
pub(crate) fn used<H: LinuxHost>(task: &Task<H>, clock: Clock) -> Usage {
    Usage { time: task.host.now(clock), memory: task.memory.usage().mapped }
}
