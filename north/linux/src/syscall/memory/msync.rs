//! `msync(2)`.

use litebox_host::memory::PAGE_SIZE;
use litebox_libos::memory::round_up;

use crate::abi::memory::{MS_ASYNC, MS_INVALIDATE, MS_SYNC};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// A mapping that can be written is the file's own memory, so there is nothing to write back: what is left are the
/// checks.
pub(crate) fn msync<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    length: usize,
    flags: i32,
) -> Result<()> {
    let both = MS_ASYNC | MS_SYNC;
    if flags & !(both | MS_INVALIDATE) != 0 || flags & both == both || !address.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL);
    }
    // As in Linux, a length that wraps when it is rounded counts as 0.
    let length = round_up(length).unwrap_or(0);
    if length == 0 || call.memory.is_mapped(address, length) { Ok(()) } else { Err(Errno::ENOMEM) }
}
