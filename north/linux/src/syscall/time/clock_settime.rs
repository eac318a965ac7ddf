//! `clock_settime(2)`: what makes no sense is said so; what does would change the host.

use litebox_libos::user::UserPointer;

use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn clock_settime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    time: UserPointer<Timespec>,
) -> Result<()> {
    /// `CLOCK_REALTIME`, the only clock that anybody sets.
    const REALTIME: i32 = 0;
    if clock != REALTIME {
        return Err(Errno::EINVAL);
    }
    time.read(&call.host)?.duration()?;
    Err(Errno::EPERM)
}
