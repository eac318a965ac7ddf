//! `getgroups(2)`, `setgroups(2)`.

use alloc::vec::Vec;

use litebox_libos::user::UserPointer;

use crate::abi::identity::NGROUPS_MAX;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn getgroups<H: LinuxHost>(
    call: &mut Call<'_, H>,
    size: i32,
    list: UserPointer<u32>,
) -> Result<u32> {
    let size = usize::try_from(size).map_err(|_| Errno::EINVAL)?;
    let groups = &call.credentials.groups;
    if size != 0 {
        if groups.len() > size {
            return Err(Errno::EINVAL);
        }
        for (index, group) in groups.iter().enumerate() {
            list.element(index).write(&call.host, group)?;
        }
    }
    u32::try_from(groups.len()).map_err(|_| Errno::EINVAL)
}

pub(crate) fn setgroups<H: LinuxHost>(
    call: &mut Call<'_, H>,
    size: i32,
    list: UserPointer<u32>,
) -> Result<()> {
    if !call.credentials.may_change() {
        return Err(Errno::EPERM);
    }
    let size = Some(size).filter(|size| *size <= NGROUPS_MAX).ok_or(Errno::EINVAL)?;
    let size = usize::try_from(size).map_err(|_| Errno::EINVAL)?;
    let mut groups = Vec::new();
    groups.try_reserve_exact(size).map_err(|_| Errno::ENOMEM)?;
    for index in 0..size {
        groups.push(list.element(index).read(&call.host)?);
    }
    groups.sort_unstable();
    call.credentials.groups = groups;
    call.show_credentials();
    Ok(())
}
