//! `getrandom(2)`.

use litebox_libos::user::{Destination, UserBuffer, UserPointer, UserRange};

use crate::abi::random::GetRandomFlags;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The most that one call fills (`getrandom(2)`, NOTES).
const MAX_LENGTH: usize = 0x1ff_ffff;

pub(crate) fn getrandom<H: LinuxHost>(
    call: &mut Call<'_, H>,
    buffer: UserPointer<u8>,
    length: usize,
    flags: GetRandomFlags,
) -> Result<usize> {
    if flags.contains(GetRandomFlags::GRND_RANDOM | GetRandomFlags::GRND_INSECURE) {
        return Err(Errno::EINVAL);
    }
    let ranges = [UserRange { address: buffer.address(), length: length.min(MAX_LENGTH) }];
    let mut to = UserBuffer::new(&call.host, &ranges);
    let mut chunk = [0; 256];
    let mut filled = 0;
    while to.remaining() > 0 {
        let (part, _) = chunk.split_at_mut(to.remaining().min(256));
        call.host.fill(part)?;
        match to.put(part) {
            Ok(count) => filled += count,
            Err(_) if filled > 0 => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}
