//! `clock_gettime(2)`.

use litebox_host::time::Clock;
use litebox_libos::user::UserPointer;

use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn clock_gettime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    time: UserPointer<Timespec>,
) -> Result<()> {
    let now = call.host.now(clock_by_number(clock)?);
    let seconds = i64::try_from(now.as_secs()).map_err(|_| Errno::EOVERFLOW)?;
    let value = Timespec { seconds, nanoseconds: i64::from(now.subsec_nanos()) };
    Ok(time.write(&call.host, &value)?)
}

/// The clocks by Linux's numbers (`clock_getres(2)`); the coarse ones read as their precise siblings.
fn clock_by_number(number: i32) -> Result<Clock> {
    match number {
        0 | 5 | 8 => Ok(Clock::Realtime),
        1 | 6 => Ok(Clock::Monotonic),
        2 => Ok(Clock::ProcessCpu),
        3 => Ok(Clock::ThreadCpu),
        4 => Ok(Clock::MonotonicRaw),
        7 | 9 => Ok(Clock::Boottime),
        11 => Ok(Clock::Tai),
        _ => Err(Errno::EINVAL),
    }
}
