//! Random bytes.

use litebox_host::memory::{Protection, UserAccess};
use litebox_libos::user::UserPointer;

use crate::error::Result;
use crate::host::TeeHost;
use crate::row::Call;

/// Bytes at a time.
const CHUNK: usize = 256;

/// `_utee_cryp_random_number_generate` (`TEE_GenerateRandom`, section 6.11.1).
pub(crate) fn generate<H: TeeHost>(
    call: &mut Call<'_, H>,
    buffer: UserPointer<u8>,
    length: usize,
) -> Result<()> {
    call.check_memory(buffer.address(), length, Protection::WRITE)?;
    let mut done = 0;
    let mut bytes = [0; CHUNK];
    while done < length {
        let part = bytes.get_mut(..CHUNK.min(length - done)).unwrap_or_default();
        call.host.fill(part)?;
        UserAccess::write(&call.host, buffer.element(done).address(), part)?;
        done += part.len();
    }
    bytes.fill(0);
    Ok(())
}
