//! Noun *signal*.

mod delivery;
mod fault;
mod frame;
mod mask;
mod pause;
mod pidfd_send_signal;
mod rt_sigaction;
mod rt_sigpending;
mod rt_sigprocmask;
mod rt_sigqueueinfo;
mod rt_sigreturn;
mod rt_sigtimedwait;
mod send;
mod sigaltstack;
mod signalfd;

pub(crate) use delivery::{Interrupted, Outcome};
pub(crate) use fault::signal_of;
use mask::check_size;
pub(crate) use mask::read_set;
pub(crate) use pause::{pause, restart_syscall, rt_sigsuspend};
pub(crate) use pidfd_send_signal::pidfd_send_signal;
pub(crate) use rt_sigaction::rt_sigaction;
pub(crate) use rt_sigpending::rt_sigpending;
pub(crate) use rt_sigprocmask::rt_sigprocmask;
pub(crate) use rt_sigqueueinfo::{rt_sigqueueinfo, rt_tgsigqueueinfo};
pub(crate) use rt_sigreturn::rt_sigreturn;
pub(crate) use rt_sigtimedwait::rt_sigtimedwait;
pub(crate) use send::{kill, tgkill, tkill};
pub(crate) use sigaltstack::sigaltstack;
pub(crate) use signalfd::{signalfd, signalfd4};
