//! `personality(2)`.

use litebox_host::sync::Ordering;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn personality<H: LinuxHost>(call: &mut Call<'_, H>, persona: u32) -> Result<u32> {
    /// Only asks.
    const QUERY: u32 = 0xffff_ffff;
    /// The low byte names an execution domain; 0 is Linux, and the only one.
    const DOMAIN: u32 = 0xff;
    if persona == QUERY {
        return Ok(call.settings.persona.load(Ordering::Relaxed));
    }
    if persona & DOMAIN != 0 {
        return Err(Errno::EINVAL);
    }
    Ok(call.settings.persona.swap(persona, Ordering::Relaxed))
}
