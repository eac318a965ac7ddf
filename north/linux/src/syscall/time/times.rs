//! `times(2)`.

use core::time::Duration;

use litebox_host::time::Clock;
use litebox_libos::user::UserPointer;

use crate::abi::time::{TICKS_PER_SECOND, Tms};
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

/// All processor time counts as the user's: the library OS runs in the guest's own time.
pub(crate) fn times<H: LinuxHost>(call: &mut Call<'_, H>, buffer: UserPointer<Tms>) -> Result<i64> {
    let user = ticks(call.host.now(Clock::ProcessCpu));
    let children_user = ticks(call.process.children_usage().time);
    buffer.write_if_some(&call.host, &Tms { user, children_user, ..Tms::default() })?;
    Ok(ticks(call.host.now(Clock::Monotonic)))
}

fn ticks(time: Duration) -> i64 {
    i64::try_from(time.as_nanos() / u128::from(1_000_000_000 / TICKS_PER_SECOND)).unwrap_or(i64::MAX)
}
