//! Noun *thread*.

mod affinity;
mod arch_prctl;
mod exit;
mod find;
mod getcpu;
mod gettid;
mod membarrier;
mod sched_yield;
mod scheduler;

pub(crate) use affinity::{sched_getaffinity, sched_setaffinity};
pub(crate) use arch_prctl::arch_prctl;
pub(crate) use exit::exit;
use find::find_thread;
pub(crate) use getcpu::getcpu;
pub(crate) use gettid::{gettid, set_tid_address};
pub(crate) use membarrier::membarrier;
pub(crate) use sched_yield::sched_yield;
pub(crate) use scheduler::{
    sched_get_priority_max, sched_get_priority_min, sched_getattr, sched_getparam, sched_getscheduler,
    sched_rr_get_interval, sched_setattr, sched_setparam, sched_setscheduler,
};
