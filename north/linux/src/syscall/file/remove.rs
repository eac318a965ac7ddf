//! `unlink(2)`, `rmdir(2)`, `unlinkat(2)`.

use litebox_libos::file::Removal;
use litebox_libos::user::UserString;

use super::at::{At, CURRENT};
use crate::abi::file::path::AtFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn unlink<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString) -> Result<()> {
    unlinkat(call, CURRENT, path, AtFlags::empty())
}

pub(crate) fn rmdir<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString) -> Result<()> {
    unlinkat(call, CURRENT, path, AtFlags::AT_REMOVEDIR)
}

pub(crate) fn unlinkat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    flags: AtFlags,
) -> Result<()> {
    let what = match flags {
        AtFlags::AT_REMOVEDIR => Removal::Directory,
        _ if flags.is_empty() => Removal::Other,
        _ => return Err(Errno::EINVAL),
    };
    let at = At::new(call, directory, path)?;
    Ok(at.view()?.remove(at.path(), what)?)
}
