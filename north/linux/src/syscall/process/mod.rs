//! Noun *process*.

mod clone;
mod execve;
mod exit_group;
mod getpid;
mod personality;
mod prctl;
mod session;
mod wait;

pub(crate) use clone::{clone, clone3, fork, vfork};
pub(crate) use execve::{Execution, execve, execveat, start_program};
pub(crate) use exit_group::exit_group;
pub(crate) use getpid::{getpid, getppid};
pub(crate) use personality::personality;
pub(crate) use prctl::prctl;
pub(crate) use session::{getpgid, getpgrp, getsid, setpgid, setsid};
pub(crate) use wait::{wait4, waitid};
