//! `futex_waitv(2)`, and `futex_wake`, `futex_wait`, `futex_requeue` of Linux 6.7.

use alloc::vec::Vec;

use litebox_host::time::{Clock, Deadline};
use litebox_libos::futex::Watch;
use litebox_libos::user::UserPointer;

use super::{Scope, deadline_at, is_expected, key, wait_error};
use crate::abi::futex::{FUTEX_WAITV_MAX, FUTEX2_PRIVATE, FUTEX2_SIZE_U32, FutexWaitv};
use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The scope that flags give to a word; only 32-bit words exist in Linux.
fn scope(flags: u32) -> Result<Scope> {
    if flags & !(FUTEX2_PRIVATE | 3) != 0 || flags & 3 != FUTEX2_SIZE_U32 {
        return Err(Errno::EINVAL);
    }
    Ok(if flags & FUTEX2_PRIVATE != 0 { Scope::Private } else { Scope::Shared })
}

/// A value or mask, which must fit the word.
fn word_value(value: u64) -> Result<u32> {
    u32::try_from(value).map_err(|_| Errno::EINVAL)
}

/// The deadline that an absolute `timeout` on `clock` gives.
fn deadline<H: LinuxHost>(
    call: &Call<'_, H>,
    timeout: UserPointer<Timespec>,
    clock: i32,
) -> Result<Option<Deadline>> {
    let Some(timeout) = timeout.non_null() else { return Ok(None) };
    let clock = match clock {
        0 => Clock::Realtime,
        1 => Clock::Monotonic,
        _ => return Err(Errno::EINVAL),
    };
    Ok(Some(deadline_at(call.task, clock, timeout.read(&call.host)?.duration()?)))
}

fn read_waiters<H: LinuxHost>(
    call: &Call<'_, H>,
    waiters: UserPointer<FutexWaitv>,
    count: u32,
) -> Result<Vec<FutexWaitv>> {
    let mut list = Vec::new();
    list.try_reserve_exact(count as usize).map_err(|_| Errno::ENOMEM)?;
    for index in 0..count as usize {
        let waiter = waiters.element(index).read(&call.host)?;
        scope(waiter.flags)?;
        if waiter.reserved != 0 {
            return Err(Errno::EINVAL);
        }
        list.push(waiter);
    }
    Ok(list)
}

fn address(waiter: &FutexWaitv) -> Result<usize> {
    usize::try_from(waiter.address).map_err(|_| Errno::EFAULT)
}

pub(crate) fn futex_waitv<H: LinuxHost>(
    call: &mut Call<'_, H>,
    waiters: UserPointer<FutexWaitv>,
    count: u32,
    flags: u32,
    timeout: UserPointer<Timespec>,
    clock: i32,
) -> Result<u32> {
    if flags != 0 || !(1..=FUTEX_WAITV_MAX).contains(&count) || waiters.is_null() {
        return Err(Errno::EINVAL);
    }
    let deadline = deadline(call, timeout, clock)?;
    let list = read_waiters(call, waiters, count)?;
    let mut watches = Vec::new();
    watches.try_reserve_exact(list.len()).map_err(|_| Errno::ENOMEM)?;
    for waiter in &list {
        word_value(waiter.value)?;
        let key = key(call.task, address(waiter)?, scope(waiter.flags)?)?;
        watches.push(Watch { key, mask: u32::MAX });
    }
    let task = &*call.task;
    let look = |index| match list.get(index) {
        Some(FutexWaitv { address, value, .. }) => {
            let (Ok(address), Ok(value)) = (usize::try_from(*address), u32::try_from(*value)) else {
                return Ok(false);
            };
            is_expected(task, address, value)
        }
        None => Ok(false),
    };
    // Linux starts this call again after a handler that asks for it, also with a timeout: it is absolute.
    let woken = task.futexes.wait_any(&task.thread, &watches, deadline, look)?;
    Ok(u32::try_from(woken).unwrap_or(0))
}

pub(crate) fn futex_wake<H: LinuxHost>(
    call: &mut Call<'_, H>,
    word: UserPointer<u32>,
    mask: u64,
    count: i32,
    flags: u32,
) -> Result<u32> {
    let key = key(call.task, word.address(), scope(flags)?)?;
    let mask = word_value(mask)?;
    if mask == 0 {
        return Err(Errno::EINVAL);
    }
    let woken = call.futexes.wake(key, mask, usize::try_from(count).unwrap_or(0));
    Ok(u32::try_from(woken).unwrap_or(u32::MAX))
}

pub(crate) fn futex_wait<H: LinuxHost>(
    call: &mut Call<'_, H>,
    word: UserPointer<u32>,
    value: u64,
    mask: u64,
    flags: u32,
    timeout: UserPointer<Timespec>,
    clock: i32,
) -> Result<()> {
    let scope = scope(flags)?;
    let (value, mask) = (word_value(value)?, word_value(mask)?);
    if mask == 0 {
        return Err(Errno::EINVAL);
    }
    let deadline = deadline(call, timeout, clock)?;
    let task = &*call.task;
    let watch = Watch { key: key(task, word.address(), scope)?, mask };
    let look = || is_expected(task, word.address(), value);
    task.futexes.wait(&task.thread, watch, deadline, look).map_err(|error| wait_error(error, deadline))
}

pub(crate) fn futex_requeue<H: LinuxHost>(
    call: &mut Call<'_, H>,
    waiters: UserPointer<FutexWaitv>,
    flags: u32,
    wake: i32,
    requeue: i32,
) -> Result<u32> {
    if flags != 0 || waiters.is_null() {
        return Err(Errno::EINVAL);
    }
    let wake = usize::try_from(wake).map_err(|_| Errno::EINVAL)?;
    let requeue = usize::try_from(requeue).map_err(|_| Errno::EINVAL)?;
    let list = read_waiters(call, waiters, 2)?;
    let [from, to] = list.as_slice() else { return Err(Errno::EINVAL) };
    let word = address(from)?;
    let value = word_value(from.value)?;
    let from = key(call.task, word, scope(from.flags)?)?;
    let to = key(call.task, address(to)?, scope(to.flags)?)?;
    let look = || is_expected(call.task, word, value);
    let (woken, moved) = call.futexes.requeue(from, to, wake, requeue, look)?;
    Ok(u32::try_from(woken + moved).unwrap_or(u32::MAX))
}
