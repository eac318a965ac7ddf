//! Signal sets from a guest.

use litebox_libos::signal::SignalSet;
use litebox_libos::user::UserPointer;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;

/// Copy in a signal set whose size the caller alleges: the kernel's is 8 bytes.
pub(crate) fn read_set<H: LinuxHost>(host: &H, set: UserPointer<u8>, size: usize) -> Result<SignalSet> {
    check_size(size)?;
    Ok(SignalSet::from_bits(set.cast::<u64>().read(host)?))
}

/// Check the size that a caller alleges.
pub(super) fn check_size(size: usize) -> Result<()> {
    if size == size_of::<u64>() { Ok(()) } else { Err(Errno::EINVAL) }
}
