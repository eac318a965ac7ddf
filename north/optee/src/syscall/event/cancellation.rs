//! Cancellation of the running call (section 4.10). It is held back when an application is entered.

use litebox_libos::user::UserPointer;

use crate::error::Result;
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_get_cancellation_flag`: no client cancels yet.
pub(crate) fn get_cancellation_flag<H: TeeHost>(
    call: &mut Call<'_, H>,
    cancelled: UserPointer<u32>,
) -> Result<()> {
    Ok(cancelled.write(&call.host, &0)?)
}

/// `_utee_unmask_cancellation`; the mask as it was.
pub(crate) fn unmask_cancellation<H: TeeHost>(
    call: &mut Call<'_, H>,
    before: UserPointer<u32>,
) -> Result<()> {
    set_mask(call, before, false)
}

/// `_utee_mask_cancellation`; the mask as it was.
pub(crate) fn mask_cancellation<H: TeeHost>(call: &mut Call<'_, H>, before: UserPointer<u32>) -> Result<()> {
    set_mask(call, before, true)
}

fn set_mask<H: TeeHost>(call: &mut Call<'_, H>, before: UserPointer<u32>, masked: bool) -> Result<()> {
    let was = call.running()?.cancellation_masked;
    before.write(&call.host, &u32::from(was))?;
    call.running()?.cancellation_masked = masked;
    Ok(())
}
