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
    let value = match who {
        RUSAGE_SELF => Rusage { user: call.host.now(Clock::ProcessCpu).into(), ..Rusage::default() },
        RUSAGE_THREAD => Rusage { user: call.host.now(Clock::ThreadCpu).into(), ..Rusage::default() },
        RUSAGE_CHILDREN => Rusage::default(),
        _ => return Err(Errno::EINVAL),
    };
    Ok(usage.write(&call.host, &value)?)
}
