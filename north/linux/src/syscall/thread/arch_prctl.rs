//! `arch_prctl(2)`.

use litebox_libos::user::UserPointer;

use crate::abi::thread::{ARCH_GET_FS, ARCH_GET_GS, ARCH_SET_FS, ARCH_SET_GS};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn arch_prctl<H: LinuxHost>(call: &mut Call<'_, H>, code: i32, address: u64) -> Result<()> {
    match code {
        ARCH_SET_FS => set_fs(call, address),
        ARCH_GET_FS => put(call, address, call.host.thread_pointer()),
        // The library OS keeps its own state behind GS; a guest has never set it, so it reads as 0.
        ARCH_GET_GS => put(call, address, 0),
        ARCH_SET_GS => Err(Errno::EPERM),
        _ => Err(Errno::EINVAL),
    }
}

/// As Linux: an address outside the user half is EPERM.
fn set_fs<H: LinuxHost>(call: &Call<'_, H>, address: u64) -> Result<()> {
    if usize::try_from(address).map_or(true, |address| address >= call.host.range().end) {
        return Err(Errno::EPERM);
    }
    call.host.set_thread_pointer(address);
    Ok(())
}

fn put<H: LinuxHost>(call: &Call<'_, H>, address: u64, value: u64) -> Result<()> {
    let address = usize::try_from(address).map_err(|_| Errno::EFAULT)?;
    Ok(UserPointer::new(address).write(&call.host, &value)?)
}
