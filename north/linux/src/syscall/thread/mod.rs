//! Noun *thread*.

mod affinity;
mod arch_prctl;
mod exit;
mod getcpu;
mod gettid;
mod membarrier;
mod sched_yield;
mod scheduler;

pub(crate) use affinity::{sched_getaffinity, sched_setaffinity};
pub(crate) use arch_prctl::arch_prctl;
pub(crate) use exit::exit;
pub(crate) use getcpu::getcpu;
pub(crate) use gettid::{gettid, set_tid_address};
pub(crate) use membarrier::membarrier;
pub(crate) use sched_yield::sched_yield;
pub(crate) use scheduler::{
    sched_get_priority_max, sched_get_priority_min, sched_getattr, sched_getparam, sched_getscheduler,
    sched_rr_get_interval, sched_setattr, sched_setparam, sched_setscheduler,
};

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::Task;

/// Check that `number` is 0, for the caller, or a thread's.
pub(crate) fn check_thread<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<()> {
    let id = u32::try_from(number).map_err(|_| Errno::EINVAL)?;
    let exists = id == 0 || id == task.thread.id() || task.process.registry().thread(id).is_some();
    if exists { Ok(()) } else { Err(Errno::ESRCH) }
}
