//! `rt_sigpending(2)`.

use litebox_host::memory::UserAccess;
use litebox_libos::user::UserPointer;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn rt_sigpending<H: LinuxHost>(
    call: &mut Call<'_, H>,
    set: UserPointer<u8>,
    size: usize,
) -> Result<()> {
    let pending = call.process.pending(&call.thread).intersection(call.thread.signals().mask());
    // Unlike its siblings this call takes any size up to the set's own.
    let bytes = pending.bits().to_le_bytes();
    let wanted = bytes.get(..size).ok_or(Errno::EINVAL)?;
    Ok(UserAccess::write(&call.host, set.address(), wanted)?)
}
