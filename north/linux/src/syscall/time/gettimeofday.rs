//! `gettimeofday(2)`, `time(2)`.

use litebox_host::time::Clock;
use litebox_libos::user::UserPointer;

use crate::abi::time::{Timeval, Timezone};
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn gettimeofday<H: LinuxHost>(
    call: &mut Call<'_, H>,
    time: UserPointer<Timeval>,
    zone: UserPointer<Timezone>,
) -> Result<()> {
    let now = call.host.now(Clock::Realtime);
    time.write_if_some(&call.host, &now.into())?;
    Ok(zone.write_if_some(&call.host, &Timezone::default())?)
}

pub(crate) fn time<H: LinuxHost>(call: &mut Call<'_, H>, time: UserPointer<i64>) -> Result<i64> {
    let Timeval { seconds, .. } = call.host.now(Clock::Realtime).into();
    time.write_if_some(&call.host, &seconds)?;
    Ok(seconds)
}
