//! `clock_gettime(2)`.

use litebox_libos::user::UserPointer;

use super::clock::reading;
use crate::abi::time::Timespec;
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn clock_gettime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    time: UserPointer<Timespec>,
) -> Result<()> {
    let now = reading(call.task, clock)?;
    Ok(time.write(&call.host, &now.into())?)
}
