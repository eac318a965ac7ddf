//! Noun *signal*.

mod delivery;
mod fault;
mod frame;
mod pause;
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
pub(crate) use pause::{pause, restart_syscall, rt_sigsuspend};
pub(crate) use rt_sigaction::rt_sigaction;
pub(crate) use rt_sigpending::rt_sigpending;
pub(crate) use rt_sigprocmask::rt_sigprocmask;
pub(crate) use rt_sigqueueinfo::{rt_sigqueueinfo, rt_tgsigqueueinfo};
pub(crate) use rt_sigreturn::rt_sigreturn;
pub(crate) use rt_sigtimedwait::rt_sigtimedwait;
pub(crate) use send::{kill, tgkill, tkill};
pub(crate) use sigaltstack::sigaltstack;
pub(crate) use signalfd::{signalfd, signalfd4};

use litebox_libos::signal::SignalSet;
use litebox_libos::user::UserPointer;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;

/// Copy in a signal set whose size the caller alleges: the kernel's is 8 bytes.
pub(crate) fn read_set<H: LinuxHost>(host: &H, set: UserPointer<u8>, size: usize) -> Result<SignalSet> {
    check_size(size)?;
    Ok(SignalSet::from_bits(set.cast::<u64>().read(host)?))
}

fn check_size(size: usize) -> Result<()> {
    if size == size_of::<u64>() { Ok(()) } else { Err(Errno::EINVAL) }
}
