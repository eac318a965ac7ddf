//! `getrusage(2)`.

use litebox_host::time::Clock;
use litebox_libos::user::UserPointer;

use crate::abi::limit::{RUSAGE_CHILDREN, RUSAGE_SELF, RUSAGE_THREAD, Rusage};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// All processor time counts as the user's: the library OS runs in the guest's own time.
pub(crate) fn getrusage<H: LinuxHost>(
    call: &mut Call<'_, H>,
    who: i32,
    usage: UserPointer<Rusage>,
) -> Result<()> {
    let clock = match who {
        RUSAGE_SELF => Clock::ProcessCpu,
        RUSAGE_THREAD => Clock::ThreadCpu,
        RUSAGE_CHILDREN => return Ok(usage.write(&call.host, &Rusage::default())?),
        _ => return Err(Errno::EINVAL),
    };
    let mut value = Rusage { user: call.host.now(clock).into(), ..Rusage::default() };
    // The host does not tell what is resident; no more is than is mapped.
    let [largest, ..] = &mut value.counts;
    *largest = i64::try_from(call.memory.usage().mapped / 1024).unwrap_or(i64::MAX);
    Ok(usage.write(&call.host, &value)?)
}
