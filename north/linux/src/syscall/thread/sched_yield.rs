//! `sched_yield(2)`.

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn sched_yield<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<()> {
    call.host.yield_now();
    Ok(())
}
