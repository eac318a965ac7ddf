//! `mlock(2)`, `mlock2(2)`, `munlock(2)`, `mlockall(2)`, `munlockall(2)`.

use crate::abi::memory::{MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, MLOCK_ONFAULT};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn mlock<H: LinuxHost>(call: &mut Call<'_, H>, address: usize, length: usize) -> Result<()> {
    Ok(call.memory.lock(address, length)?)
}

pub(crate) fn mlock2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    length: usize,
    flags: u32,
) -> Result<()> {
    if flags & !MLOCK_ONFAULT != 0 {
        return Err(Errno::EINVAL);
    }
    mlock(call, address, length)
}

pub(crate) fn munlock<H: LinuxHost>(call: &mut Call<'_, H>, address: usize, length: usize) -> Result<()> {
    Ok(call.memory.unlock(address, length)?)
}

pub(crate) fn mlockall<H: LinuxHost>(call: &mut Call<'_, H>, flags: i32) -> Result<()> {
    if flags & !(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0 || flags & (MCL_CURRENT | MCL_FUTURE) == 0 {
        return Err(Errno::EINVAL);
    }
    if flags & MCL_CURRENT != 0 {
        call.memory.lock_all()?;
    }
    if flags & MCL_FUTURE != 0 {
        call.memory.lock_new();
    }
    Ok(())
}

pub(crate) fn munlockall<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<()> {
    call.memory.unlock_all();
    Ok(())
}
