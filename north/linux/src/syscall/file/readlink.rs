//! `readlink(2)`, `readlinkat(2)`.

use alloc::vec::Vec;

use litebox_host::file::FileKind;
use litebox_host::memory::UserAccess;
use litebox_libos::file::{Location, Place, Reach, Target};
use litebox_libos::user::{UserPointer, UserString};

use super::at::{At, CURRENT, Object, caller};
use crate::abi::file::path::AtFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn readlink<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    buffer: UserPointer<u8>,
    size: i32,
) -> Result<usize> {
    readlinkat(call, CURRENT, path, buffer, size)
}

pub(crate) fn readlinkat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    buffer: UserPointer<u8>,
    size: i32,
) -> Result<usize> {
    let size = usize::try_from(size).ok().filter(|size| *size > 0).ok_or(Errno::EINVAL)?;
    let at = At::new(call, directory, path)?;
    // An empty path names the link that the descriptor was opened for with O_PATH.
    let empty = at.path().is_empty();
    let location = match at.object(AtFlags::AT_SYMLINK_NOFOLLOW | AtFlags::AT_EMPTY_PATH)? {
        Object::Location(location) if location.vnode.kind() == FileKind::Symlink => location,
        _ => return Err(if empty { Errno::ENOENT } else { Errno::EINVAL }),
    };
    let text = match location.vnode.follow(&caller(call))? {
        Target::Path(text) => text,
        Target::Object(location) => shown(&location, &call.place),
        Target::Open(description) => match description.file().location() {
            Some(location) => shown(location, &call.place),
            None => description.file().label(),
        },
    };
    let text = text.get(..size.min(text.len())).unwrap_or_default();
    UserAccess::write(&call.host, buffer.address(), text)?;
    Ok(text.len())
}

/// The path of an object as `/proc/self/fd` shows it.
fn shown(location: &Location, place: &Place) -> Vec<u8> {
    let mut path = location.path(&place.root());
    if path.reach == Reach::Removed {
        path.text.extend_from_slice(b" (deleted)");
    }
    path.text
}
