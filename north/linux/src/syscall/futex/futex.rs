//! `futex(2)`.

use litebox_host::time::{Clock, Deadline};
use litebox_libos::futex::Watch;
use litebox_libos::user::UserPointer;

use super::wake_op::WakeOp;
use super::{Scope, deadline_at, is_expected, key, wait_error};
use crate::abi::futex::{
    FUTEX_CLOCK_REALTIME, FUTEX_CMP_REQUEUE, FUTEX_PRIVATE_FLAG, FUTEX_REQUEUE, FUTEX_WAIT,
    FUTEX_WAIT_BITSET, FUTEX_WAKE, FUTEX_WAKE_BITSET, FUTEX_WAKE_OP,
};
use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The arguments, whose meaning depends on the operation.
struct Operation {
    word: usize,
    scope: Scope,
    value: u32,
    /// A timeout's address, or a second count.
    timeout: u64,
    word2: usize,
    value3: u32,
    realtime: bool,
}

pub(crate) fn futex<H: LinuxHost>(
    call: &mut Call<'_, H>,
    word: UserPointer<u32>,
    operation: i32,
    value: u32,
    timeout: u64,
    word2: UserPointer<u32>,
    value3: u32,
) -> Result<usize> {
    let is_private = operation & FUTEX_PRIVATE_FLAG != 0;
    let command = operation & !(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
    let realtime = operation & FUTEX_CLOCK_REALTIME != 0;
    if realtime && command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET {
        return Err(Errno::ENOSYS);
    }
    let arguments = Operation {
        word: word.address(),
        scope: if is_private { Scope::Private } else { Scope::Shared },
        value,
        timeout,
        word2: word2.address(),
        value3,
        realtime,
    };
    match command {
        FUTEX_WAIT => wait(call, &Operation { value3: u32::MAX, ..arguments }, Timeout::Relative),
        FUTEX_WAIT_BITSET => wait(call, &arguments, Timeout::Absolute),
        FUTEX_WAKE => wake(call, &Operation { value3: u32::MAX, ..arguments }),
        FUTEX_WAKE_BITSET => wake(call, &arguments),
        FUTEX_REQUEUE => requeue(call, &arguments, None),
        FUTEX_CMP_REQUEUE => requeue(call, &arguments, Some(value3)),
        FUTEX_WAKE_OP => wake_op(call, &arguments),
        _ => Err(Errno::ENOSYS),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Timeout {
    Relative,
    Absolute,
}

fn deadline<H: LinuxHost>(
    call: &mut Call<'_, H>,
    arguments: &Operation,
    kind: Timeout,
) -> Result<Option<Deadline>> {
    let address = usize::try_from(arguments.timeout).map_err(|_| Errno::EFAULT)?;
    let Some(pointer) = UserPointer::<Timespec>::new(address).non_null() else { return Ok(None) };
    let time = pointer.read(&call.host)?.duration()?;
    let clock = if arguments.realtime { Clock::Realtime } else { Clock::Monotonic };
    Ok(Some(match kind {
        Timeout::Relative => call.deadline_after(time),
        Timeout::Absolute => deadline_at(call.task, clock, time),
    }))
}

fn wait<H: LinuxHost>(call: &mut Call<'_, H>, arguments: &Operation, kind: Timeout) -> Result<usize> {
    let deadline = deadline(call, arguments, kind)?;
    if arguments.value3 == 0 {
        return Err(Errno::EINVAL);
    }
    let task = &*call.task;
    let watch = Watch { key: key(task, arguments.word, arguments.scope)?, mask: arguments.value3 };
    let look = || is_expected(task, arguments.word, arguments.value);
    task.futexes.wait(&task.thread, watch, deadline, look).map_err(|error| wait_error(error, deadline))?;
    Ok(0)
}

/// A count of waiters: Linux takes it as signed, and wakes one where it is not positive.
fn at_least_one(value: u32) -> usize {
    usize::try_from(value.cast_signed()).unwrap_or(0).max(1)
}

fn wake<H: LinuxHost>(call: &Call<'_, H>, arguments: &Operation) -> Result<usize> {
    if arguments.value3 == 0 {
        return Err(Errno::EINVAL);
    }
    let key = key(call.task, arguments.word, arguments.scope)?;
    Ok(call.futexes.wake(key, arguments.value3, at_least_one(arguments.value)))
}

fn count(value: u64) -> Result<usize> {
    // The register's low half, as a signed count.
    let [a, b, c, d, ..] = value.to_le_bytes();
    usize::try_from(i32::from_le_bytes([a, b, c, d])).map_err(|_| Errno::EINVAL)
}

fn requeue<H: LinuxHost>(call: &Call<'_, H>, arguments: &Operation, expected: Option<u32>) -> Result<usize> {
    let wake = count(u64::from(arguments.value))?;
    let move_count = count(arguments.timeout)?;
    let from = key(call.task, arguments.word, arguments.scope)?;
    let to = key(call.task, arguments.word2, arguments.scope)?;
    let look = || expected.map_or(Ok(true), |expected| is_expected(call.task, arguments.word, expected));
    let (woken, moved) = call.futexes.requeue(from, to, wake, move_count, look)?;
    Ok(woken + moved)
}

fn wake_op<H: LinuxHost>(call: &Call<'_, H>, arguments: &Operation) -> Result<usize> {
    let first = key(call.task, arguments.word, arguments.scope)?;
    let second = key(call.task, arguments.word2, arguments.scope)?;
    let operation = WakeOp::decode(arguments.value3)?;
    let [a, b, c, d, ..] = arguments.timeout.to_le_bytes();
    let second_count = at_least_one(u32::from_le_bytes([a, b, c, d]));
    let change = || operation.apply(&call.host, arguments.word2);
    Ok(call.futexes.wake_two(first, second, at_least_one(arguments.value), second_count, change)?)
}
