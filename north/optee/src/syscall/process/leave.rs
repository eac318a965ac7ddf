//! The application has done what it was entered for.

use crate::error::Result;
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_return`.
pub(crate) fn leave<H: TeeHost>(call: &mut Call<'_, H>, result: u32) -> Result<()> {
    call.ends = true;
    call.task.leave(result, call.registers);
    Ok(())
}
