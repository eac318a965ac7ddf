//! `getcwd(2)`, `chdir(2)`, `fchdir(2)`, `chroot(2)`, `umask(2)`.

use litebox_host::memory::UserAccess;
use litebox_libos::file::{LastLink, MAX_PATH, Reach};
use litebox_libos::user::{UserPointer, UserString};

use super::at::{At, CURRENT, caller};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn getcwd<H: LinuxHost>(
    call: &mut Call<'_, H>,
    buffer: UserPointer<u8>,
    size: usize,
) -> Result<usize> {
    let path = call.place.current().path(&call.place.root());
    let mut text = match path.reach {
        Reach::Root => path.text,
        Reach::Outside => [b"(unreachable)", &*path.text].concat(),
        Reach::Removed => return Err(Errno::ENOENT),
    };
    if text.len() >= MAX_PATH {
        return Err(Errno::ENAMETOOLONG);
    }
    text.push(0);
    if text.len() > size {
        return Err(Errno::ERANGE);
    }
    UserAccess::write(&call.host, buffer.address(), &text)?;
    Ok(text.len())
}

pub(crate) fn chdir<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString) -> Result<()> {
    let at = At::new(call, CURRENT, path)?;
    Ok(call.place.set_current(at.find(LastLink::Follow)?, at.caller())?)
}

pub(crate) fn fchdir<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd) -> Result<()> {
    let description = call.descriptors.get(fd.number()?)?;
    let location = description.file().location().ok_or(Errno::ENOTDIR)?;
    Ok(call.place.set_current(location.clone(), &caller(call))?)
}

pub(crate) fn chroot<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString) -> Result<()> {
    let at = At::new(call, CURRENT, path)?;
    let location = at.find(LastLink::Follow)?;
    if !call.credentials.is_privileged() {
        return Err(Errno::EPERM);
    }
    Ok(call.place.set_root(location, at.caller())?)
}

pub(crate) fn umask<H: LinuxHost>(call: &mut Call<'_, H>, mask: u32) -> Result<u32> {
    Ok(call.place.set_mask(mask))
}
