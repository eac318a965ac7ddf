//! `adjtimex(2)`, `clock_adjtime(2)`: the clock can be looked at, not changed.

use litebox_host::time::Clock;
use litebox_libos::user::UserPointer;

use crate::abi::time::{STA_UNSYNC, TIME_ERROR, Timex};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn adjtimex<H: LinuxHost>(call: &mut Call<'_, H>, buffer: UserPointer<Timex>) -> Result<i32> {
    let asked = buffer.read(&call.host)?;
    if asked.modes != 0 {
        return Err(Errno::EPERM);
    }
    let state = Timex {
        status: STA_UNSYNC,
        maximum_error: 16_000_000,
        estimated_error: 16_000_000,
        constant: 2,
        precision: 1,
        tolerance: 500 << 16,
        tick: 10_000,
        time: call.host.now(Clock::Realtime).into(),
        ..Timex::default()
    };
    buffer.write(&call.host, &state)?;
    Ok(TIME_ERROR)
}

pub(crate) fn clock_adjtime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    buffer: UserPointer<Timex>,
) -> Result<i32> {
    match clock {
        0 => adjtimex(call, buffer),
        1..=11 => Err(Errno::EOPNOTSUPP),
        _ => Err(Errno::EINVAL),
    }
}
