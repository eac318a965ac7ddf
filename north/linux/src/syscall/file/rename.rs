//! `rename(2)`, `renameat(2)`, `renameat2(2)`.

use litebox_libos::file::Rename;
use litebox_libos::user::UserString;

use super::at::{At, CURRENT};
use crate::abi::file::path::RenameFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn rename<H: LinuxHost>(call: &mut Call<'_, H>, old: UserString, new: UserString) -> Result<()> {
    renameat2(call, CURRENT, old, CURRENT, new, RenameFlags::empty())
}

pub(crate) fn renameat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    old_directory: Fd,
    old: UserString,
    new_directory: Fd,
    new: UserString,
) -> Result<()> {
    renameat2(call, old_directory, old, new_directory, new, RenameFlags::empty())
}

pub(crate) fn renameat2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    old_directory: Fd,
    old: UserString,
    new_directory: Fd,
    new: UserString,
    flags: RenameFlags,
) -> Result<()> {
    let how = match flags {
        RenameFlags::RENAME_NOREPLACE => Rename::Keep,
        RenameFlags::RENAME_EXCHANGE => Rename::Exchange,
        _ if flags.is_empty() => Rename::Replace,
        // Whiteouts are device nodes, which guests cannot make; other combinations contradict themselves.
        _ => return Err(Errno::EINVAL),
    };
    let old = At::new(call, old_directory, old)?;
    let new = At::new(call, new_directory, new)?;
    Ok(old.view()?.rename(old.path(), &new.view()?, new.path(), how)?)
}
