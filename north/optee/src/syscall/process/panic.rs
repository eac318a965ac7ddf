//! The application ends itself.

use crate::error::Result;
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_panic` (`TEE_Panic`, section 4.8.1).
pub(crate) fn panic<H: TeeHost>(call: &mut Call<'_, H>, code: u32) -> Result<()> {
    call.ends = true;
    call.task.die(format_args!("its code is {code:#x}"), call.registers);
    Ok(())
}
