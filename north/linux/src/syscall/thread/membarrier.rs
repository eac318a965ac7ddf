//! `membarrier(2)`.

use crate::abi::thread::MEMBARRIER_QUERY;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// No command is offered: a barrier on other threads needs each of them to be seen to stop, which the host
/// contract does not have. Programs ask first, and use ordinary fences then.
pub(crate) fn membarrier<H: LinuxHost>(_: &mut Call<'_, H>, command: i32, flags: u32, _: i32) -> Result<i32> {
    if command == MEMBARRIER_QUERY && flags == 0 { Ok(0) } else { Err(Errno::EINVAL) }
}
