//! `munmap(2)`.

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn munmap<H: LinuxHost>(call: &mut Call<'_, H>, address: usize, length: usize) -> Result<()> {
    Ok(call.memory.unmap(address, length)?)
}
