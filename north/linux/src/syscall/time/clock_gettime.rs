//! `clock_gettime(2)`.

use litebox_libos::user::UserPointer;

use super::clock_by_number;
use crate::abi::time::Timespec;
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn clock_gettime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    time: UserPointer<Timespec>,
) -> Result<()> {
    let now = call.host.now(clock_by_number(call.task, clock)?);
    Ok(time.write(&call.host, &now.into())?)
}
