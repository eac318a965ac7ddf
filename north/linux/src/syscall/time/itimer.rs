//! `setitimer(2)`, `getitimer(2)`, `alarm(2)`.

use core::time::Duration;

use litebox_libos::time::Setting;
use litebox_libos::user::UserPointer;

use crate::abi::time::{ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL, Itimerval};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

fn check(which: i32) -> Result<()> {
    if [ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF].contains(&which) { Ok(()) } else { Err(Errno::EINVAL) }
}

fn encode(setting: Setting) -> Itimerval {
    Itimerval { interval: setting.interval.into(), value: setting.remaining.into() }
}

pub(crate) fn getitimer<H: LinuxHost>(
    call: &mut Call<'_, H>,
    which: i32,
    value: UserPointer<Itimerval>,
) -> Result<()> {
    check(which)?;
    let setting = call.timers.interval_timer(&call.process, which)?.get();
    Ok(value.write(&call.host, &encode(setting))?)
}

pub(crate) fn setitimer<H: LinuxHost>(
    call: &mut Call<'_, H>,
    which: i32,
    new: UserPointer<Itimerval>,
    old: UserPointer<Itimerval>,
) -> Result<()> {
    // As Linux, for programs from before there was a check: no new value stops the timer.
    let new = match new.non_null() {
        Some(new) => new.read(&call.host)?,
        None => Itimerval::default(),
    };
    let (value, interval) = (new.value.duration()?, new.interval.duration()?);
    check(which)?;
    let before = set(call, which, value, interval)?;
    Ok(old.write_if_some(&call.host, &encode(before))?)
}

fn set<H: LinuxHost>(call: &Call<'_, H>, which: i32, value: Duration, interval: Duration) -> Result<Setting> {
    let timer = call.timers.interval_timer(&call.process, which)?;
    let expiry = (!value.is_zero()).then(|| timer.now().saturating_add(value));
    Ok(timer.set(expiry, interval)?)
}

/// The seconds that were left are rounded, but never to none.
pub(crate) fn alarm<H: LinuxHost>(call: &mut Call<'_, H>, seconds: u32) -> Result<u32> {
    let before = set(call, ITIMER_REAL, Duration::from_secs(u64::from(seconds)), Duration::ZERO)?;
    let left = before.remaining;
    let rounds_up = left.subsec_millis() >= 500 || (left.as_secs() == 0 && !left.is_zero());
    Ok(u32::try_from(left.as_secs()).unwrap_or(u32::MAX).saturating_add(u32::from(rounds_up)))
}
