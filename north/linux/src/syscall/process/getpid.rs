//! `getpid(2)`, `getppid(2)`.

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn getpid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.process.id())
}

pub(crate) fn getppid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.process.parent())
}
