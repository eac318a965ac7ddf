//! `brk(2)`.

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

/// The kernel's form of the call: it answers with the end of the heap, moved or not, and never fails.
pub(crate) fn brk<H: LinuxHost>(call: &mut Call<'_, H>, address: usize) -> Result<usize> {
    Ok(call.memory.set_heap_end(address))
}
