//! Noun *process*.

mod clone;
mod execve;
mod exit_group;
mod getpid;
mod kcmp;
mod personality;
mod pidfd;
mod prctl;
mod process_vm;
mod session;
mod unshare;
mod wait;

pub(crate) use clone::{clone, clone3, fork, vfork};
pub(crate) use execve::{Execution, execve, execveat, start_program};
pub(crate) use exit_group::exit_group;
pub(crate) use getpid::{getpid, getppid};
pub(crate) use kcmp::kcmp;
pub(crate) use personality::personality;
pub(crate) use pidfd::{install_pidfd, pidfd_getfd, pidfd_open, process_of_pidfd};
pub(crate) use prctl::prctl;
pub(crate) use process_vm::{process_vm_readv, process_vm_writev};
pub(crate) use session::{getpgid, getpgrp, getsid, setpgid, setsid};
pub(crate) use unshare::unshare;
pub(crate) use wait::{wait4, waitid};
