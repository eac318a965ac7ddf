//! `timer_create(2)` and its family, and what a process has of timers.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicU32, Mutex, Once, Ordering};
use litebox_host::time::Clock;
use litebox_libos::limit::Resource;
use litebox_libos::process::Process;
use litebox_libos::signal::{Detail, Signal, SignalInfo};
use litebox_libos::time::{IntervalTimer, Notice, Setting, Timers};
use litebox_libos::user::UserPointer;

use super::{can_wait, clock_by_number};
use crate::abi::signal::{SI_KERNEL, SI_TIMER};
use crate::abi::time::{
    Itimerspec, SIGEV_NONE, SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID, Sigevent, TIMER_ABSTIME,
};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The timers of a process: three interval timers, and those it made.
pub(crate) struct ProcessTimers<H: LinuxHost> {
    host: H,
    timers: Arc<Timers<H>>,
    interval: [Once<IntervalTimer<H>>; 3],
    /// As in Linux, numbers are given in turn.
    last: AtomicU32,
    made: Mutex<Vec<(i32, Arc<Made<H>>)>>,
}

struct Made<H: LinuxHost> {
    timer: IntervalTimer<H>,
    /// Overruns of the expiry that was delivered last.
    overrun: Mutex<i32>,
}

/// The clock and signal of each interval timer, by `setitimer(2)`'s numbers.
const INTERVAL_TIMERS: [(Clock, Signal); 3] = [
    (Clock::Monotonic, Signal::SIGALRM),
    (Clock::ProcessCpu, Signal::SIGVTALRM),
    (Clock::ProcessCpu, Signal::SIGPROF),
];

impl<H: LinuxHost> ProcessTimers<H> {
    pub(crate) fn new(host: H) -> Arc<Self> {
        let timers = Timers::new(host.clone());
        Arc::new(Self {
            host,
            timers,
            interval: [const { Once::new() }; 3],
            last: AtomicU32::new(0),
            made: Mutex::default(),
        })
    }

    /// An interval timer by its number. All processor time is the user's.
    pub(super) fn interval_timer(&self, process: &Arc<Process>, which: i32) -> Result<&IntervalTimer<H>> {
        let index = usize::try_from(which).map_err(|_| Errno::EINVAL)?;
        let slot = self.interval.get(index).ok_or(Errno::EINVAL)?;
        let (clock, signal) = INTERVAL_TIMERS.get(index).copied().ok_or(Errno::EINVAL)?;
        if slot.get().is_none() {
            let detail = Detail::Sender { process: 0, user: 0 };
            let signal = Some(SignalInfo { signal, code: SI_KERNEL, detail });
            let notice = Notice { process: Arc::downgrade(process), thread: None, signal };
            // Where another thread was faster, its timer counts.
            let _ = slot.set(IntervalTimer::new(self.host.clone(), &self.timers, clock, notice)?);
        }
        slot.get().ok_or(Errno::EAGAIN)
    }

    fn made(&self, timer: i32) -> Result<Arc<Made<H>>> {
        let made = self.made.lock();
        made.iter()
            .find(|(number, _)| *number == timer)
            .map(|(_, made)| Arc::clone(made))
            .ok_or(Errno::EINVAL)
    }

    /// Note what is delivered of a timer, for `timer_getoverrun(2)`.
    pub(crate) fn note_delivery(&self, info: &SignalInfo) {
        if let Detail::Timer { timer, overrun, .. } = info.detail
            && let Ok(made) = self.made(timer)
        {
            *made.overrun.lock() = overrun;
        }
    }

    fn insert(&self, number: i32, timer: IntervalTimer<H>, limit: u64) -> Result<()> {
        let mut made = self.made.lock();
        if made.len() as u64 >= limit || made.try_reserve(1).is_err() {
            return Err(Errno::EAGAIN);
        }
        made.push((number, Arc::new(Made { timer, overrun: Mutex::new(0) })));
        Ok(())
    }

    /// Have the host ring for them again, in the process that it made for this one's.
    ///
    /// # Errors
    /// `ENOMEM` if the host has no alarm.
    pub(crate) fn rearm(&self) -> Result<()> {
        Ok(self.timers.rearm()?)
    }

    /// Delete the timers that the program made.
    pub(crate) fn delete_made(&self) {
        let gone = core::mem::take(&mut *self.made.lock());
        drop(gone);
    }

    fn remove(&self, timer: i32) -> Result<()> {
        let mut made = self.made.lock();
        let index = made.iter().position(|(number, _)| *number == timer).ok_or(Errno::EINVAL)?;
        let gone = made.swap_remove(index);
        // A timer's end takes the lock of all timers.
        drop(made);
        drop(gone);
        Ok(())
    }
}

pub(crate) fn timer_create<H: LinuxHost>(
    call: &mut Call<'_, H>,
    clock: i32,
    event: UserPointer<Sigevent>,
    timer: UserPointer<i32>,
) -> Result<()> {
    let number = clock;
    let clock = clock_by_number(call.task, number)?;
    // What ticks for all timers cannot read another thread's time.
    if !can_wait(number, clock) {
        return Err(Errno::EOPNOTSUPP);
    }
    let event = event.non_null().map(|event| event.read(&call.host)).transpose()?;
    let number = call.timers.last.fetch_add(1, Ordering::Relaxed) & i32::MAX.cast_unsigned();
    let number = number.cast_signed();
    let notice = notice(call, event, number)?;
    let made = IntervalTimer::new(call.host.clone(), &call.timers.timers, clock, notice)?;
    timer.write(&call.host, &number)?;
    call.timers.insert(number, made, call.process.limits.soft(Resource::PendingSignals))
}

fn notice<H: LinuxHost>(call: &Call<'_, H>, event: Option<Sigevent>, timer: i32) -> Result<Notice> {
    let process = Arc::downgrade(&call.process);
    let Some(event) = event else {
        let value = u64::from(timer.unsigned_abs());
        let detail = Detail::Timer { timer, overrun: 0, value };
        let signal = Some(SignalInfo { signal: Signal::SIGALRM, code: SI_TIMER, detail });
        return Ok(Notice { process, thread: None, signal });
    };
    let detail = Detail::Timer { timer, overrun: 0, value: event.value };
    let signal = || Signal::new(event.signal).ok_or(Errno::EINVAL);
    let info = |signal| Some(SignalInfo { signal, code: SI_TIMER, detail });
    match event.notify {
        SIGEV_NONE => Ok(Notice { process, thread: None, signal: None }),
        SIGEV_SIGNAL | SIGEV_THREAD => Ok(Notice { process, thread: None, signal: info(signal()?) }),
        SIGEV_THREAD_ID => {
            let id = u32::try_from(event.thread).map_err(|_| Errno::EINVAL)?;
            let thread = call.process.thread(id).ok_or(Errno::EINVAL)?;
            Ok(Notice { process, thread: Some(Arc::downgrade(&thread)), signal: info(signal()?) })
        }
        _ => Err(Errno::EINVAL),
    }
}

fn encode(setting: Setting) -> Itimerspec {
    Itimerspec { interval: setting.interval.into(), value: setting.remaining.into() }
}

pub(crate) fn timer_settime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    timer: i32,
    flags: i32,
    new: UserPointer<Itimerspec>,
    old: UserPointer<Itimerspec>,
) -> Result<()> {
    if new.is_null() {
        return Err(Errno::EINVAL);
    }
    let new = new.read(&call.host)?;
    let (value, interval) = (new.value.duration()?, new.interval.duration()?);
    let made = call.timers.made(timer)?;
    let start = if flags & TIMER_ABSTIME != 0 { core::time::Duration::ZERO } else { made.timer.now() };
    let expiry = (!value.is_zero()).then(|| start.saturating_add(value));
    let before = made.timer.set(expiry, interval)?;
    Ok(old.write_if_some(&call.host, &encode(before))?)
}

pub(crate) fn timer_gettime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    timer: i32,
    value: UserPointer<Itimerspec>,
) -> Result<()> {
    let setting = call.timers.made(timer)?.timer.get();
    Ok(value.write(&call.host, &encode(setting))?)
}

pub(crate) fn timer_getoverrun<H: LinuxHost>(call: &mut Call<'_, H>, timer: i32) -> Result<u32> {
    Ok(call.timers.made(timer)?.overrun.lock().unsigned_abs())
}

pub(crate) fn timer_delete<H: LinuxHost>(call: &mut Call<'_, H>, timer: i32) -> Result<()> {
    call.timers.remove(timer)
}
