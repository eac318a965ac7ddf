//! `pidfd_open(2)`, `pidfd_getfd(2)`.

use litebox_libos::file::{Description, Descriptor, FileStatus};
use litebox_libos::process::ProcessFile;

use crate::abi::process::PIDFD_NONBLOCK;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

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
    let mut status = FileStatus::READ | FileStatus::WRITE;
    status.set(FileStatus::NONBLOCK, flags & PIDFD_NONBLOCK != 0);
    let description = Description::new(ProcessFile::new(&target), status);
    Fd::install(call, Descriptor { description, close_on_exec: true })
}

pub(crate) fn pidfd_getfd<H: LinuxHost>(call: &mut Call<'_, H>, pidfd: Fd, fd: Fd, flags: u32) -> Result<Fd> {
    if flags != 0 {
        return Err(Errno::EINVAL);
    }
    let description = call.descriptors.get_usable(pidfd.number()?)?;
    let target = description.file_as::<ProcessFile>().ok_or(Errno::EBADF)?.process();
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
