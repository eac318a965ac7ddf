//! `clock_getres(2)`.

use litebox_libos::user::UserPointer;

use super::clock::step;
use crate::abi::time::Timespec;
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn clock_getres<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    resolution: UserPointer<Timespec>,
) -> Result<()> {
    let step = step(call.task, clock)?;
    Ok(resolution.write_if_some(&call.host, &step.into())?)
}
