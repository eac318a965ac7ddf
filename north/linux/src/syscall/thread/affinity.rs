//! `sched_getaffinity(2)`, `sched_setaffinity(2)`: which processors a thread may use.

use litebox_host::memory::UserAccess;
use litebox_libos::user::UserPointer;

use super::find_thread;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Bytes of the kernel's mask: 64 processors.
const MASK_SIZE: usize = 8;

pub(crate) fn sched_getaffinity<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    size: usize,
    mask: UserPointer<u8>,
) -> Result<usize> {
    if size < MASK_SIZE || !size.is_multiple_of(MASK_SIZE) {
        return Err(Errno::EINVAL);
    }
    let wished = find_thread(call.task, thread)?.wishes().processors;
    let processors = wished.unwrap_or_else(|| call.host.processors());
    UserAccess::write(&call.host, mask.address(), &processors.to_le_bytes())?;
    Ok(MASK_SIZE)
}

/// A wish: the host's scheduler decides. A mask without any allowed processor is refused, as in Linux.
pub(crate) fn sched_setaffinity<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    size: usize,
    mask: UserPointer<u8>,
) -> Result<()> {
    let mut bytes = [0; MASK_SIZE];
    let wanted = bytes.get_mut(..size.min(MASK_SIZE)).unwrap_or_default();
    UserAccess::read(&call.host, mask.address(), wanted)?;
    let target = find_thread(call.task, thread)?;
    let processors = u64::from_le_bytes(bytes) & call.host.processors();
    if processors == 0 {
        return Err(Errno::EINVAL);
    }
    target.set_wishes(|wishes| wishes.processors = Some(processors));
    Ok(())
}
