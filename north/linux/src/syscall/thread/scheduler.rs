//! The scheduling calls (`sched(7)`): the policies without priorities are kept; the host's scheduler decides.

use litebox_libos::user::UserPointer;

use super::find_thread;
use crate::abi::thread::{
    SCHED_ATTR_SIZE_VER0, SCHED_BATCH, SCHED_DEADLINE, SCHED_FIFO, SCHED_IDLE, SCHED_OTHER,
    SCHED_RESET_ON_FORK, SCHED_RR, SchedAttr,
};
use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Check a policy with its priority: real-time policies are beyond `RLIMIT_RTPRIO`, which is 0.
fn check_policy(policy: i32, priority: i32) -> Result<()> {
    match policy & !SCHED_RESET_ON_FORK {
        SCHED_OTHER | SCHED_BATCH | SCHED_IDLE if priority == 0 => Ok(()),
        SCHED_FIFO | SCHED_RR if (1..=99).contains(&priority) => Err(Errno::EPERM),
        SCHED_DEADLINE => Err(Errno::EPERM),
        _ => Err(Errno::EINVAL),
    }
}

pub(crate) fn sched_setparam<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    parameter: UserPointer<i32>,
) -> Result<()> {
    if parameter.is_null() {
        return Err(Errno::EINVAL);
    }
    let priority = parameter.read(&call.host)?;
    let policy = find_thread(call.task, thread)?.wishes().policy;
    check_policy(policy, priority)
}

pub(crate) fn sched_getparam<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    parameter: UserPointer<i32>,
) -> Result<()> {
    if parameter.is_null() {
        return Err(Errno::EINVAL);
    }
    find_thread(call.task, thread)?;
    Ok(parameter.write(&call.host, &0)?)
}

pub(crate) fn sched_setscheduler<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    policy: i32,
    parameter: UserPointer<i32>,
) -> Result<()> {
    if policy < 0 || parameter.is_null() {
        return Err(Errno::EINVAL);
    }
    let priority = parameter.read(&call.host)?;
    let target = find_thread(call.task, thread)?;
    check_policy(policy, priority)?;
    target.set_wishes(|wishes| wishes.policy = policy);
    Ok(())
}

pub(crate) fn sched_getscheduler<H: LinuxHost>(call: &mut Call<'_, H>, thread: i32) -> Result<u32> {
    Ok(find_thread(call.task, thread)?.wishes().policy.unsigned_abs())
}

pub(crate) fn sched_get_priority_max<H: LinuxHost>(_: &mut Call<'_, H>, policy: i32) -> Result<u32> {
    priority_range(policy).map(|(_, highest)| highest)
}

pub(crate) fn sched_get_priority_min<H: LinuxHost>(_: &mut Call<'_, H>, policy: i32) -> Result<u32> {
    priority_range(policy).map(|(lowest, _)| lowest)
}

fn priority_range(policy: i32) -> Result<(u32, u32)> {
    match policy {
        SCHED_FIFO | SCHED_RR => Ok((1, 99)),
        SCHED_OTHER | SCHED_BATCH | SCHED_IDLE | SCHED_DEADLINE => Ok((0, 0)),
        _ => Err(Errno::EINVAL),
    }
}

pub(crate) fn sched_rr_get_interval<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    interval: UserPointer<Timespec>,
) -> Result<()> {
    find_thread(call.task, thread)?;
    // What Linux says of a thread with the ordinary policy on an idle machine.
    Ok(interval.write(&call.host, &Timespec { seconds: 0, nanoseconds: 4_000_000 })?)
}

pub(crate) fn sched_setattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    attributes: UserPointer<SchedAttr>,
    flags: u32,
) -> Result<()> {
    if attributes.is_null() || flags != 0 {
        return Err(Errno::EINVAL);
    }
    let wanted = attributes.read(&call.host)?;
    if wanted.size != 0 && wanted.size < SCHED_ATTR_SIZE_VER0 {
        attributes.cast().write(&call.host, &SCHED_ATTR_SIZE_VER0)?;
        return Err(Errno::E2BIG);
    }
    let target = find_thread(call.task, thread)?;
    let policy = i32::try_from(wanted.policy).map_err(|_| Errno::EINVAL)?;
    check_policy(policy, i32::try_from(wanted.priority).map_err(|_| Errno::EINVAL)?)?;
    target.set_wishes(|wishes| wishes.policy = policy);
    Ok(())
}

pub(crate) fn sched_getattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    attributes: UserPointer<SchedAttr>,
    size: u32,
    flags: u32,
) -> Result<()> {
    if attributes.is_null() || flags != 0 || !(SCHED_ATTR_SIZE_VER0..=4096).contains(&size) {
        return Err(Errno::EINVAL);
    }
    let policy = find_thread(call.task, thread)?.wishes().policy.unsigned_abs();
    let nice = call.process.nice();
    let value = SchedAttr { size: SCHED_ATTR_SIZE_VER0, policy, nice, ..SchedAttr::default() };
    Ok(attributes.write(&call.host, &value)?)
}
