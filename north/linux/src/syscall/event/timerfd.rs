//! `timerfd_create(2)`, `timerfd_settime(2)`, `timerfd_gettime(2)`.

use alloc::sync::Arc;

use litebox_host::time::Clock;
use litebox_libos::event::{Timer, TimerSetting};
use litebox_libos::file::{Description, Descriptor, FileStatus};
use litebox_libos::user::UserPointer;

use super::timeout;
use crate::abi::event::{TimerFdFlags, TimerFdSetFlags, TimerSpec};
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn timerfd_create<H: LinuxHost>(call: &mut Call<'_, H>, clock: i32, flags: i32) -> Result<Fd> {
    let flags = TimerFdFlags::decode(u64::from(flags.cast_unsigned()))?;
    let clock = match clock {
        0 => Clock::Realtime,
        1 => Clock::Monotonic,
        7 => Clock::Boottime,
        // The alarm clocks wake a sleeping machine, which needs CAP_WAKE_ALARM.
        8 | 9 => return Err(Errno::EPERM),
        _ => return Err(Errno::EINVAL),
    };
    let mut status = FileStatus::READ | FileStatus::WRITE;
    status.set(FileStatus::NONBLOCK, flags.contains(TimerFdFlags::TFD_NONBLOCK));
    let description = Description::new(Timer::new(call.host.clone(), clock), status);
    let close_on_exec = flags.contains(TimerFdFlags::TFD_CLOEXEC);
    Fd::install(call, Descriptor { description, close_on_exec })
}

pub(crate) fn timerfd_settime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    flags: i32,
    new: UserPointer<u8>,
    old: UserPointer<u8>,
) -> Result<()> {
    let new = new.cast::<TimerSpec>().read(&call.host)?;
    let flags = TimerFdSetFlags::decode(u64::from(flags.cast_unsigned()))?;
    let setting =
        TimerSetting { value: timeout::duration(new.value)?, interval: timeout::duration(new.interval)? };
    let description = timer(call, fd)?;
    let timer = description.file_as::<Timer<H>>().ok_or(Errno::EINVAL)?;
    let before = timer.set(setting, flags.contains(TimerFdSetFlags::TFD_TIMER_ABSTIME));
    Ok(old.cast().write_if_some(&call.host, &spec(before))?)
}

pub(crate) fn timerfd_gettime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    value: UserPointer<u8>,
) -> Result<()> {
    let description = timer(call, fd)?;
    let timer = description.file_as::<Timer<H>>().ok_or(Errno::EINVAL)?;
    Ok(value.cast().write(&call.host, &spec(timer.get()))?)
}

fn timer<H: LinuxHost>(call: &Call<'_, H>, fd: Fd) -> Result<Arc<Description>> {
    Ok(call.descriptors.get_usable(fd.number()?)?)
}

fn spec(setting: TimerSetting) -> TimerSpec {
    TimerSpec { interval: timeout::timespec(setting.interval), value: timeout::timespec(setting.value) }
}
