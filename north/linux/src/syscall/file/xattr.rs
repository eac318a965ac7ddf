//! Extended attributes (`xattr(7)`): no object has any, and none can be set.
//!
//! The answers are those of a file system without them: reading one that does not exist is `ENODATA`, setting one
//! is `EOPNOTSUPP`.

use litebox_libos::ErrorKind;
use litebox_libos::file::LastLink;
use litebox_libos::user::{UserPointer, UserString};

use super::at::{At, CURRENT, usable};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The longest name, with its NUL.
const MAX_NAME: usize = 256;
/// The longest value.
const MAX_VALUE: usize = 65_536;
/// `XATTR_CREATE` and `XATTR_REPLACE`.
const SET_FLAGS: i32 = 3;
/// The classes of names that Linux has.
const CLASSES: &[&[u8]] = &[b"user.", b"trusted.", b"security.", b"system."];

/// The name must be one that could exist.
fn check_name<H: LinuxHost>(call: &Call<'_, H>, name: UserString) -> Result<()> {
    let name = name.read(&call.host, MAX_NAME, ErrorKind::OutOfRange)?;
    if name.is_empty() {
        return Err(Errno::ERANGE);
    }
    if CLASSES.iter().any(|class| name.starts_with(class)) { Ok(()) } else { Err(Errno::EOPNOTSUPP) }
}

fn find<H: LinuxHost>(call: &Call<'_, H>, path: UserString, link: LastLink) -> Result<()> {
    At::new(call, CURRENT, path)?.find(link).map(drop)
}

fn get<H: LinuxHost>(call: &Call<'_, H>, name: UserString) -> Result<usize> {
    check_name(call, name)?;
    Err(Errno::ENODATA)
}

fn set<H: LinuxHost>(call: &Call<'_, H>, name: UserString, size: usize, flags: i32) -> Result<()> {
    if flags & !SET_FLAGS != 0 {
        return Err(Errno::EINVAL);
    }
    if size > MAX_VALUE {
        return Err(Errno::E2BIG);
    }
    check_name(call, name)?;
    Err(Errno::EOPNOTSUPP)
}

pub(crate) fn getxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    name: UserString,
    _value: UserPointer<u8>,
    _size: usize,
) -> Result<usize> {
    find(call, path, LastLink::Follow)?;
    get(call, name)
}

pub(crate) fn lgetxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    name: UserString,
    _value: UserPointer<u8>,
    _size: usize,
) -> Result<usize> {
    find(call, path, LastLink::Keep)?;
    get(call, name)
}

pub(crate) fn fgetxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    name: UserString,
    _value: UserPointer<u8>,
    _size: usize,
) -> Result<usize> {
    usable(call, fd)?;
    get(call, name)
}

pub(crate) fn listxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    _list: UserPointer<u8>,
    _size: usize,
) -> Result<usize> {
    find(call, path, LastLink::Follow).map(|()| 0)
}

pub(crate) fn llistxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    _list: UserPointer<u8>,
    _size: usize,
) -> Result<usize> {
    find(call, path, LastLink::Keep).map(|()| 0)
}

pub(crate) fn flistxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    _list: UserPointer<u8>,
    _size: usize,
) -> Result<usize> {
    usable(call, fd).map(|_| 0)
}

pub(crate) fn setxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    name: UserString,
    _value: UserPointer<u8>,
    size: usize,
    flags: i32,
) -> Result<()> {
    find(call, path, LastLink::Follow)?;
    set(call, name, size, flags)
}

pub(crate) fn lsetxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    name: UserString,
    _value: UserPointer<u8>,
    size: usize,
    flags: i32,
) -> Result<()> {
    find(call, path, LastLink::Keep)?;
    set(call, name, size, flags)
}

pub(crate) fn fsetxattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    name: UserString,
    _value: UserPointer<u8>,
    size: usize,
    flags: i32,
) -> Result<()> {
    usable(call, fd)?;
    set(call, name, size, flags)
}

pub(crate) fn removexattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    name: UserString,
) -> Result<()> {
    find(call, path, LastLink::Follow)?;
    get(call, name).map(drop)
}

pub(crate) fn lremovexattr<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    name: UserString,
) -> Result<()> {
    find(call, path, LastLink::Keep)?;
    get(call, name).map(drop)
}

pub(crate) fn fremovexattr<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, name: UserString) -> Result<()> {
    usable(call, fd)?;
    get(call, name).map(drop)
}
