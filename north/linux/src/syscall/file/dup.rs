//! `dup(2)`, `dup2(2)`, `dup3(2)`.

use litebox_libos::file::Descriptor;

use crate::abi::file::descriptor::StatusFlags;
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn dup<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd) -> Result<Fd> {
    let description = call.descriptors.get(fd.number()?)?;
    Fd::install(call, Descriptor { description, close_on_exec: false })
}

pub(crate) fn dup2<H: LinuxHost>(call: &mut Call<'_, H>, old: Fd, new: Fd) -> Result<Fd> {
    if old == new {
        call.descriptors.get(old.number()?)?;
        return Ok(new);
    }
    replace(call, old, new, false)
}

pub(crate) fn dup3<H: LinuxHost>(call: &mut Call<'_, H>, old: Fd, new: Fd, flags: i32) -> Result<Fd> {
    let flags = StatusFlags::decode(u64::from(flags.cast_unsigned()))?;
    if !StatusFlags::O_CLOEXEC.contains(flags) || old == new {
        return Err(Errno::EINVAL);
    }
    replace(call, old, new, flags.contains(StatusFlags::O_CLOEXEC))
}

fn replace<H: LinuxHost>(call: &mut Call<'_, H>, old: Fd, new: Fd, close_on_exec: bool) -> Result<Fd> {
    let number = new.number()?;
    if number >= call.descriptor_limit() {
        return Err(Errno::EBADF);
    }
    let description = call.descriptors.get(old.number()?)?;
    let descriptor = Descriptor { description, close_on_exec };
    call.descriptors.replace(number, descriptor, call.descriptor_limit())?;
    Ok(new)
}
