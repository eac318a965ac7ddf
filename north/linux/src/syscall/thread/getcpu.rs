//! `getcpu(2)`.

use litebox_libos::user::UserPointer;

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn getcpu<H: LinuxHost>(
    call: &mut Call<'_, H>,
    processor: UserPointer<u32>,
    node: UserPointer<u32>,
    _: UserPointer<u8>,
) -> Result<()> {
    processor.write_if_some(&call.host, &call.host.processor())?;
    Ok(node.write_if_some(&call.host, &0)?)
}
