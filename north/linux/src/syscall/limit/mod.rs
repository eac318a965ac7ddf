//! Noun *limit*.

mod getrusage;
mod priority;
mod rlimit;
mod sysinfo;

pub(crate) use getrusage::{getrusage, used};
pub(crate) use priority::{getpriority, setpriority};
pub(crate) use rlimit::{getrlimit, prlimit64, setrlimit};
pub(crate) use sysinfo::sysinfo;
