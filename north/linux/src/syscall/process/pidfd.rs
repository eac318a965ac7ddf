//! `pidfd_open(2)`, `pidfd_getfd(2)`.

use alloc::sync::Arc;

use litebox_libos::file::{Description, Descriptor, FileStatus};
use litebox_libos::process::{Process, ProcessFile};

use crate::abi::process::PIDFD_NONBLOCK;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The process that the descriptor `pidfd` refers to.
pub(crate) fn process_of_pidfd<H: LinuxHost>(call: &Call<'_, H>, pidfd: Fd) -> Result<Arc<Process>> {
    let description = call.descriptors.get_usable(pidfd.number()?)?;
    Ok(Arc::clone(description.file_as::<ProcessFile>().ok_or(Errno::EBADF)?.process()))
}

/// A new descriptor of `process`.
pub(crate) fn install_pidfd<H: LinuxHost>(
    call: &Call<'_, H>,
    process: &Arc<Process>,
    extra: FileStatus,
) -> Result<Fd> {
    let status = FileStatus::READ | FileStatus::WRITE | extra;
    let description = Description::new(ProcessFile::new(process), status);
    Fd::install(call, Descriptor { description, close_on_exec: true })
}

pub(crate) fn pidfd_open<H: LinuxHost>(call: &mut Call<'_, H>, process: i32, flags: u32) -> Result<Fd> {
    if flags & !PIDFD_NONBLOCK != 0 || process <= 0 {
        return Err(Errno::EINVAL);
    }
    let registry = call.process.registry();
    let number = process.unsigned_abs();
    let target = registry.process(number).map_err(|_| {
        // A thread that is not its process's first has no descriptor without `PIDFD_THREAD`.
        if registry.thread(number).is_some() { Errno::ENOENT } else { Errno::ESRCH }
    })?;
    let extra = if flags & PIDFD_NONBLOCK == 0 { FileStatus::empty() } else { FileStatus::NONBLOCK };
    install_pidfd(call, &target, extra)
}

pub(crate) fn pidfd_getfd<H: LinuxHost>(call: &mut Call<'_, H>, pidfd: Fd, fd: Fd, flags: u32) -> Result<Fd> {
    if flags != 0 {
        return Err(Errno::EINVAL);
    }
    let target = process_of_pidfd(call, pidfd)?;
    if target.has_finished() {
        return Err(Errno::ESRCH);
    }
    let processes = call.place.namespace().processes();
    let shown = processes.get(target.id()).map_err(|_| Errno::ESRCH)?;
    let (user, group) = shown.owner();
    let own = &call.credentials;
    if !own.may_change() && (own.user.effective, own.group.effective) != (user, group) {
        return Err(Errno::EPERM);
    }
    let wanted = fd.number()?;
    let found = shown.descriptors().into_iter().find(|(number, _)| *number == wanted);
    let (_, description) = found.ok_or(Errno::EBADF)?;
    Fd::install(call, Descriptor { description, close_on_exec: true })
}
