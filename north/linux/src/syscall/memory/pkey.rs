//! `pkey_mprotect(2)`, `pkey_alloc(2)`, `pkey_free(2)`, as on a processor without protection keys: CPUID hides
//! them from no one, but without the operating system's bit (OSPKE) the instructions do not exist.

use litebox_host::memory::PAGE_SIZE;

use super::mprotect;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The key that means none.
const NO_KEY: i32 = -1;

pub(crate) fn pkey_mprotect<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    length: usize,
    protection: u64,
    key: i32,
) -> Result<()> {
    let is_checked = length != 0 || !address.is_multiple_of(PAGE_SIZE);
    if key != NO_KEY && is_checked {
        return Err(Errno::EINVAL);
    }
    mprotect(call, address, length, protection)
}

/// Linux answers `EINVAL` where its manual page says `ENOSPC`.
pub(crate) fn pkey_alloc<H: LinuxHost>(_: &mut Call<'_, H>, _flags: u64, _rights: u64) -> Result<u32> {
    Err(Errno::EINVAL)
}

pub(crate) fn pkey_free<H: LinuxHost>(_: &mut Call<'_, H>, _key: i32) -> Result<()> {
    Err(Errno::EINVAL)
}
