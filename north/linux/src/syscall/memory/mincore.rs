//! `mincore(2)`.

use litebox_host::memory::{PAGE_SIZE, UserAccess};
use litebox_libos::user::UserPointer;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Every mapped page counts as resident: programs ask to find out what is mapped, or what would be slow.
pub(crate) fn mincore<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    length: usize,
    vector: UserPointer<u8>,
) -> Result<()> {
    let resident = call.memory.resident(address, length)?;
    let ones = [1; 512];
    let mut done = 0;
    while done < resident {
        let part = ones.get(..(resident - done).min(ones.len())).unwrap_or_default();
        UserAccess::write(&call.host, vector.element(done).address(), part)?;
        done += part.len();
    }
    if resident < length.div_ceil(PAGE_SIZE) { Err(Errno::ENOMEM) } else { Ok(()) }
}
