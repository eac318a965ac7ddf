//! `access(2)`, `faccessat(2)`, `faccessat2(2)`.

use litebox_libos::file::{Access, check_access, check_rights};
use litebox_libos::user::UserString;

use super::at::{At, CURRENT, Object};
use crate::abi::file::path::{ACCESS_MASK, AtFlags};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn access<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString, mode: i32) -> Result<()> {
    faccessat2(call, CURRENT, path, mode, AtFlags::empty())
}

pub(crate) fn faccessat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    mode: i32,
) -> Result<()> {
    faccessat2(call, directory, path, mode, AtFlags::empty())
}

pub(crate) fn faccessat2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    mode: i32,
    flags: AtFlags,
) -> Result<()> {
    let mode = mode.cast_unsigned();
    let known = AtFlags::AT_EACCESS | AtFlags::AT_SYMLINK_NOFOLLOW | AtFlags::AT_EMPTY_PATH;
    if mode & !ACCESS_MASK != 0 || !known.contains(flags) {
        return Err(Errno::EINVAL);
    }
    let mut at = At::new(call, directory, path)?;
    if !flags.contains(AtFlags::AT_EACCESS) {
        at.ask_as_real();
    }
    let access = Access::from_bits_truncate(mode);
    match at.object(flags)? {
        Object::Location(location) => Ok(check_rights(&location, access, at.caller())?),
        Object::Open(description) => {
            Ok(check_access(&description.file().attributes()?, access, &at.caller().credentials)?)
        }
    }
}
