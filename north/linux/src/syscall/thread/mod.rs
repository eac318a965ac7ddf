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

use alloc::sync::Arc;

use litebox_libos::thread::Thread;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::Task;

/// The thread numbered `number`, or the caller's for 0.
pub(crate) fn find_thread<H: LinuxHost>(task: &Task<H>, number: i32) -> Result<Arc<Thread>> {
    match u32::try_from(number).map_err(|_| Errno::EINVAL)? {
        0 => Ok(Arc::clone(&task.thread)),
        id => task.process.registry().thread(id).map(|(_, thread)| thread).ok_or(Errno::ESRCH),
    }
}
