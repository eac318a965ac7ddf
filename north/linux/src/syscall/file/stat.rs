//! `stat(2)`, `lstat(2)`, `fstat(2)`, `newfstatat(2)`, `statx(2)`.

use alloc::vec::Vec;

use litebox_host::file::Attributes;
use litebox_libos::file::Location;
use litebox_libos::user::{UserPointer, UserString};

use super::at::{At, CURRENT, Object};
use crate::abi::file::path::AtFlags;
use crate::abi::file::status::{STATX_ATTR_MOUNT_ROOT, STATX_RESERVED, Stat, Statx};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn stat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    status: UserPointer<Stat>,
) -> Result<()> {
    newfstatat(call, CURRENT, path, status, AtFlags::empty())
}

pub(crate) fn lstat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    status: UserPointer<Stat>,
) -> Result<()> {
    newfstatat(call, CURRENT, path, status, AtFlags::AT_SYMLINK_NOFOLLOW)
}

pub(crate) fn fstat<H: LinuxHost>(call: &mut Call<'_, H>, fd: Fd, status: UserPointer<Stat>) -> Result<()> {
    let attributes = call.descriptors.get(fd.number()?)?.file().attributes()?;
    Ok(status.write(&call.host, &Stat::from(&attributes))?)
}

pub(crate) fn newfstatat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    status: UserPointer<Stat>,
    flags: AtFlags,
) -> Result<()> {
    let known = AtFlags::AT_SYMLINK_NOFOLLOW | AtFlags::AT_NO_AUTOMOUNT | AtFlags::AT_EMPTY_PATH;
    if !known.contains(flags) {
        return Err(Errno::EINVAL);
    }
    let (attributes, _) = attributes_at(call, directory, path, flags)?;
    Ok(status.write(&call.host, &Stat::from(&attributes))?)
}

pub(crate) fn statx<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    flags: AtFlags,
    mask: u32,
    status: UserPointer<Statx>,
) -> Result<()> {
    let sync = AtFlags::AT_STATX_FORCE_SYNC | AtFlags::AT_STATX_DONT_SYNC;
    let known = AtFlags::AT_SYMLINK_NOFOLLOW | AtFlags::AT_NO_AUTOMOUNT | AtFlags::AT_EMPTY_PATH | sync;
    if mask & STATX_RESERVED != 0 || !known.contains(flags) || flags.contains(sync) {
        return Err(Errno::EINVAL);
    }
    let (attributes, mount) = attributes_at(call, directory, path, flags)?;
    let mut answer = Statx::new(&attributes, mount.map(|mount| mount.id));
    if mount.is_some_and(|mount| mount.is_root) {
        answer.stx_attributes = STATX_ATTR_MOUNT_ROOT;
    }
    Ok(status.write(&call.host, &answer)?)
}

/// The mount through which an object was reached.
#[derive(Clone, Copy)]
struct ReachedBy {
    id: u32,
    is_root: bool,
}

impl From<&Location> for ReachedBy {
    fn from(location: &Location) -> Self {
        Self { id: location.mount.id, is_root: location.is_mount_root() }
    }
}

fn attributes_at<H: LinuxHost>(
    call: &Call<'_, H>,
    directory: Fd,
    path: UserString,
    flags: AtFlags,
) -> Result<(Attributes, Option<ReachedBy>)> {
    let may_be_empty = flags.contains(AtFlags::AT_EMPTY_PATH);
    // Since Linux 6.11 a null path counts as an empty one, if that is allowed.
    let at = if path.address() == 0 && may_be_empty {
        At::with_path(call, directory, Vec::new())?
    } else {
        At::new(call, directory, path)?
    };
    if at.path().is_empty() && may_be_empty && directory != CURRENT {
        // The open object knows more than its name: the size of a removed file, for one.
        let description = call.descriptors.get(directory.number()?)?;
        let mount = description.file().location().map(ReachedBy::from);
        return Ok((description.file().attributes()?, mount));
    }
    match at.object(flags)? {
        Object::Location(location) => Ok((location.vnode.attributes()?, Some((&location).into()))),
        Object::Open(description) => Ok((description.file().attributes()?, None)),
    }
}
