//! `exit_group(2)`.

use litebox_libos::process::ExitStatus;

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn exit_group<H: LinuxHost>(call: &mut Call<'_, H>, status: i32) -> Result<()> {
    let [code, ..] = status.to_le_bytes();
    call.process.end(ExitStatus::Exited(code));
    call.leave(ExitStatus::Exited(code));
    Ok(())
}
