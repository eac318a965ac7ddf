//! `exit(2)`: the end of one thread.

use litebox_libos::process::ExitStatus;

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn exit<H: LinuxHost>(call: &mut Call<'_, H>, status: i32) -> Result<()> {
    let [code, ..] = status.to_le_bytes();
    call.leave(ExitStatus::Exited(code));
    Ok(())
}
