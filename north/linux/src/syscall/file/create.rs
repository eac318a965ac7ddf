//! `mkdir(2)`, `mknod(2)`, `symlink(2)`, `link(2)` and their `*at` forms.

use litebox_host::file::FileKind;
use litebox_libos::file::{MODE_MASK, NewVnode};
use litebox_libos::user::UserString;

use super::at::{At, CURRENT, Object, read_path};
use crate::abi::file::path::{AtFlags, S_IFMT, kind_bits};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn mkdir<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString, mode: u32) -> Result<()> {
    mkdirat(call, CURRENT, path, mode)
}

pub(crate) fn mkdirat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    mode: u32,
) -> Result<()> {
    /// The set-id bits of a new folder are its parent's business.
    const BITS: u32 = 0o1777;
    let at = At::new(call, directory, path)?;
    at.view()?.create(at.path(), NewVnode::Directory, mode & BITS)?;
    Ok(())
}

pub(crate) fn mknod<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    mode: u32,
    device: u32,
) -> Result<()> {
    mknodat(call, CURRENT, path, mode, device)
}

pub(crate) fn mknodat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    mode: u32,
    _device: u32,
) -> Result<()> {
    let kind = mode & S_IFMT;
    let is = |other: FileKind| kind == kind_bits(other);
    let object = if kind == 0 || is(FileKind::Regular) {
        NewVnode::Regular
    } else if is(FileKind::Fifo) {
        NewVnode::Fifo
    } else if is(FileKind::Socket) {
        NewVnode::Socket
    } else if is(FileKind::CharacterDevice) || is(FileKind::BlockDevice) || is(FileKind::Directory) {
        // Devices are the sandbox's own, and folders are made by mkdir(2).
        return Err(Errno::EPERM);
    } else {
        return Err(Errno::EINVAL);
    };
    let at = At::new(call, directory, path)?;
    at.view()?.create(at.path(), object, mode & MODE_MASK)?;
    Ok(())
}

pub(crate) fn symlink<H: LinuxHost>(
    call: &mut Call<'_, H>,
    target: UserString,
    path: UserString,
) -> Result<()> {
    symlinkat(call, target, CURRENT, path)
}

pub(crate) fn symlinkat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    target: UserString,
    directory: Fd,
    path: UserString,
) -> Result<()> {
    let target = read_path(call, target)?;
    if target.is_empty() {
        return Err(Errno::ENOENT);
    }
    let at = At::new(call, directory, path)?;
    at.view()?.create(at.path(), NewVnode::Symlink(&target), 0)?;
    Ok(())
}

pub(crate) fn link<H: LinuxHost>(call: &mut Call<'_, H>, old: UserString, new: UserString) -> Result<()> {
    linkat(call, CURRENT, old, CURRENT, new, AtFlags::empty())
}

pub(crate) fn linkat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    old_directory: Fd,
    old: UserString,
    new_directory: Fd,
    new: UserString,
    flags: AtFlags,
) -> Result<()> {
    if !(AtFlags::AT_SYMLINK_FOLLOW | AtFlags::AT_EMPTY_PATH).contains(flags) {
        return Err(Errno::EINVAL);
    }
    let old = At::new(call, old_directory, old)?;
    let follow = flags.contains(AtFlags::AT_SYMLINK_FOLLOW);
    let keep = if follow { AtFlags::empty() } else { AtFlags::AT_SYMLINK_NOFOLLOW };
    let target = match old.object((flags & AtFlags::AT_EMPTY_PATH) | keep)? {
        Object::Location(location) => location,
        Object::Open(_) => return Err(Errno::EXDEV),
    };
    let new = At::new(call, new_directory, new)?;
    Ok(new.view()?.link(&target, new.path())?)
}
