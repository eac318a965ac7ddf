//! `chmod(2)` and `chown(2)` with their relatives.

use litebox_libos::file::{change_mode, change_owner};
use litebox_libos::user::UserString;

use super::at::{At, CURRENT, Object, caller, location_of};
use crate::abi::file::path::AtFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn chmod<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString, mode: u32) -> Result<()> {
    fchmodat2(call, CURRENT, path, mode, AtFlags::empty())
}

pub(crate) fn fchmodat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    mode: u32,
) -> Result<()> {
    fchmodat2(call, directory, path, mode, AtFlags::empty())
}

pub(crate) fn fchmodat2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    mode: u32,
    flags: AtFlags,
) -> Result<()> {
    let at = at(call, directory, path, flags)?;
    match at.object(flags)? {
        Object::Location(location) => Ok(change_mode(&location, mode, at.caller())?),
        Object::Open(_) => Err(Errno::EPERM),
    }
}

pub(crate) fn fchmod<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, mode: u32) -> Result<()> {
    Ok(change_mode(&location_of(call, fd, Errno::EPERM)?, mode, &caller(call))?)
}

pub(crate) fn chown<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    user: u32,
    group: u32,
) -> Result<()> {
    fchownat(call, CURRENT, path, user, group, AtFlags::empty())
}

pub(crate) fn lchown<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    user: u32,
    group: u32,
) -> Result<()> {
    fchownat(call, CURRENT, path, user, group, AtFlags::AT_SYMLINK_NOFOLLOW)
}

pub(crate) fn fchownat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    user: u32,
    group: u32,
    flags: AtFlags,
) -> Result<()> {
    let at = at(call, directory, path, flags)?;
    match at.object(flags)? {
        Object::Location(location) => Ok(change_owner(&location, some(user), some(group), at.caller())?),
        Object::Open(_) => Err(Errno::EPERM),
    }
}

pub(crate) fn fchown<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, user: u32, group: u32) -> Result<()> {
    let location = location_of(call, fd, Errno::EPERM)?;
    Ok(change_owner(&location, some(user), some(group), &caller(call))?)
}

/// -1 leaves a number alone.
fn some(number: u32) -> Option<u32> {
    (number != u32::MAX).then_some(number)
}

fn at<H: LinuxHost>(call: &Call<'_, H>, directory: Fd, path: UserString, flags: AtFlags) -> Result<At> {
    if !(AtFlags::AT_SYMLINK_NOFOLLOW | AtFlags::AT_EMPTY_PATH).contains(flags) {
        return Err(Errno::EINVAL);
    }
    At::new(call, directory, path)
}
