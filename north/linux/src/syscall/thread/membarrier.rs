//! `membarrier(2)`.

use litebox_host::sync::Ordering;

use crate::abi::thread::{
    MEMBARRIER_GLOBAL, MEMBARRIER_PRIVATE_EXPEDITED, MEMBARRIER_QUERY, MEMBARRIER_REGISTER_PRIVATE_EXPEDITED,
};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

const OFFERED: i32 = MEMBARRIER_GLOBAL | MEMBARRIER_PRIVATE_EXPEDITED | MEMBARRIER_REGISTER_PRIVATE_EXPEDITED;

/// Flags and a processor are for commands about restartable sequences, which there are none of.
pub(crate) fn membarrier<H: LinuxHost>(
    call: &mut Call<'_, H>,
    command: i32,
    flags: u32,
    _: i32,
) -> Result<i32> {
    if flags != 0 {
        return Err(Errno::EINVAL);
    }
    let registered = &call.settings.barriers;
    match command {
        MEMBARRIER_QUERY => return Ok(OFFERED),
        MEMBARRIER_REGISTER_PRIVATE_EXPEDITED => registered.store(true, Ordering::Relaxed),
        MEMBARRIER_PRIVATE_EXPEDITED if !registered.load(Ordering::Relaxed) => return Err(Errno::EPERM),
        MEMBARRIER_GLOBAL | MEMBARRIER_PRIVATE_EXPEDITED => call.process.barrier(&call.thread)?,
        _ => return Err(Errno::EINVAL),
    }
    Ok(0)
}
