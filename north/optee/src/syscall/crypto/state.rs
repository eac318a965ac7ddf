//! Operations' beginnings and ends (section 6.2).

use litebox_libos::user::UserPointer;

use crate::error::Result;
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_cryp_state_alloc`.
pub(crate) fn state_allocate<H: TeeHost>(
    call: &mut Call<'_, H>,
    algorithm: u32,
    mode: u32,
    key1: u32,
    key2: u32,
    state: UserPointer<u32>,
) -> Result<()> {
    let number = call.application()?.crypto.allocate_state(algorithm, mode, key1, key2)?;
    let told = state.write(&call.host, &number);
    if told.is_err() {
        call.application()?.crypto.free_state(number)?;
    }
    Ok(told?)
}

/// `_utee_cryp_state_copy`.
pub(crate) fn state_copy<H: TeeHost>(call: &mut Call<'_, H>, to: u32, from: u32) -> Result<()> {
    call.application()?.crypto.copy_state(to, from)
}

/// `_utee_cryp_state_free`: its keys are closed too.
pub(crate) fn state_free<H: TeeHost>(call: &mut Call<'_, H>, state: u32) -> Result<()> {
    call.application()?.crypto.free_state(state)
}
