//! `mremap(2)`.

use litebox_libos::memory::{Old, Remap, Target, round_up};

use crate::abi::memory::{MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn mremap<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    old_length: usize,
    new_length: usize,
    flags: u64,
    new_address: usize,
) -> Result<usize> {
    let has = |flag: u64| flags & flag != 0;
    if flags & !(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) != 0
        || (has(MREMAP_FIXED | MREMAP_DONTUNMAP) && !has(MREMAP_MAYMOVE))
        || (has(MREMAP_DONTUNMAP) && round_up(old_length) != round_up(new_length))
    {
        return Err(Errno::EINVAL);
    }
    let target = if has(MREMAP_FIXED) {
        Target::Exact(new_address)
    } else if has(MREMAP_MAYMOVE) {
        Target::Anywhere
    } else {
        Target::InPlace
    };
    let old = if has(MREMAP_DONTUNMAP) { Old::Fresh } else { Old::Free };
    Ok(call.memory.remap(Remap { address, old_length, new_length, target, old })?)
}
