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
    let here = call.host.processor();
    // A thread never finds itself where it wished not to be.
    let shown = match call.thread.wishes().processors {
        Some(wished) if here >= u64::BITS || wished & (1 << here) == 0 => wished.trailing_zeros(),
        _ => here,
    };
    processor.write_if_some(&call.host, &shown)?;
    Ok(node.write_if_some(&call.host, &0)?)
}
