//! Noun *thread*.

mod arch_prctl;
mod exit;
mod gettid;
mod sched_yield;

pub(crate) use arch_prctl::arch_prctl;
pub(crate) use exit::exit;
pub(crate) use gettid::gettid;
pub(crate) use sched_yield::sched_yield;
