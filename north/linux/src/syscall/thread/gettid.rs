//! `gettid(2)`.

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn gettid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.thread.id())
}
