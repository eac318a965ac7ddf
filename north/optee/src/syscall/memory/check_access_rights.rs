//! What the application may do with memory.

use litebox_host::memory::Protection;

use crate::abi::memory::AccessFlags;
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_check_access_rights` (`TEE_CheckMemoryAccessRights`, section 4.11.1).
pub(crate) fn check_access_rights<H: TeeHost>(
    call: &mut Call<'_, H>,
    flags: AccessFlags,
    buffer: usize,
    length: usize,
) -> Result<()> {
    let both = AccessFlags::SECURE | AccessFlags::NON_SECURE;
    if flags.contains(both) {
        return Err(TeeError::ACCESS_DENIED);
    }
    let mut wanted = Protection::empty();
    wanted.set(Protection::READ, flags.contains(AccessFlags::READ));
    wanted.set(Protection::WRITE, flags.contains(AccessFlags::WRITE));
    call.check_memory(buffer, length, wanted)?;
    if length == 0 {
        return Ok(());
    }
    let shared = call.running()?.shared();
    let end = buffer.saturating_add(length);
    let overlaps = buffer < shared.end && shared.start < end;
    let lies_within = shared.start <= buffer && end <= shared.end;
    let must_be_own = !flags.contains(AccessFlags::ANY_OWNER) || flags.contains(AccessFlags::SECURE);
    let must_be_shared = flags.contains(AccessFlags::NON_SECURE);
    let is_wrong = must_be_own && overlaps || must_be_shared && !lies_within;
    if is_wrong { Err(TeeError::ACCESS_DENIED) } else { Ok(()) }
}
