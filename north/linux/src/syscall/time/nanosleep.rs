//! `nanosleep(2)`, `clock_nanosleep(2)`.

use core::time::Duration;

use litebox_host::time::{Clock, Deadline};
use litebox_libos::event::block;
use litebox_libos::user::UserPointer;
use litebox_libos::{Error, ErrorKind};

use super::{can_wait, clock_by_number};
use crate::abi::time::{TIMER_ABSTIME, Timespec};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn nanosleep<H: LinuxHost>(
    call: &mut Call<'_, H>,
    duration: UserPointer<Timespec>,
    remaining: UserPointer<Timespec>,
) -> Result<()> {
    let duration = duration.read(&call.host)?.duration()?;
    sleep_for(call, duration, remaining)
}

pub(crate) fn clock_nanosleep<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    flags: i32,
    duration: UserPointer<Timespec>,
    remaining: UserPointer<Timespec>,
) -> Result<()> {
    let number = clock;
    let clock = clock_by_number(call.task, number)?;
    if !can_wait(number, clock) {
        return Err(Errno::EOPNOTSUPP);
    }
    let duration = duration.read(&call.host)?.duration()?;
    if flags & TIMER_ABSTIME != 0 {
        return sleep_until(call, clock, duration);
    }
    sleep_for(call, duration, remaining)
}

fn sleep_for<H: LinuxHost>(
    call: &mut Call<'_, H>,
    duration: Duration,
    remaining: UserPointer<Timespec>,
) -> Result<()> {
    let deadline = call.deadline_after(duration);
    let outcome = sleep(call, deadline);
    if outcome.is_err() {
        let left = Duration::from_nanos(deadline.0.saturating_sub(call.now().0));
        remaining.write_if_some(&call.host, &left.into())?;
    }
    outcome
}

/// A clock that is set, or that runs slower than time, is looked at again after each sleep.
fn sleep_until<H: LinuxHost>(call: &mut Call<'_, H>, clock: Clock, time: Duration) -> Result<()> {
    loop {
        let left = time.saturating_sub(call.host.now(clock));
        if left.is_zero() {
            return Ok(());
        }
        let left = u64::try_from(left.as_nanos()).unwrap_or(u64::MAX);
        sleep(call, Deadline(call.now().0.saturating_add(left)))?;
    }
}

fn sleep<H: LinuxHost>(call: &Call<'_, H>, deadline: Deadline) -> Result<()> {
    let asleep = || Err::<(), _>(Error::new(ErrorKind::WouldBlock, "the time has not come"));
    match block(&call.thread, &[], Some(deadline), asleep) {
        Err(error) if error.kind == ErrorKind::TimedOut => Ok(()),
        Err(error) if error.kind == ErrorKind::Interrupted => Err(Errno::ERESTARTNOHAND),
        other => Ok(other?),
    }
}
