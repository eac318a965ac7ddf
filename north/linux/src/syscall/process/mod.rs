//! Noun *process*.

mod exit_group;
mod getpid;

pub(crate) use exit_group::exit_group;
pub(crate) use getpid::{getpid, getppid};
