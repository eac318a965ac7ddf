//! Digests and message authentication codes (section 6.3 and 6.5).

use litebox_host::memory::{Protection, UserAccess};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;

use super::limits::{CHUNK, MAX_ATTRIBUTE};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_hash_init`.
pub(crate) fn hash_initialise<H: TeeHost>(
    call: &mut Call<'_, H>,
    state: u32,
    iv: UserPointer<u8>,
    length: usize,
) -> Result<()> {
    let bytes = call.copy_in(iv.address(), length.min(MAX_ATTRIBUTE))?;
    call.application()?.crypto.hash_init(state, &bytes)
}

/// `_utee_hash_update`.
pub(crate) fn hash_update<H: TeeHost>(
    call: &mut Call<'_, H>,
    state: u32,
    data: UserPointer<u8>,
    length: usize,
) -> Result<()> {
    call.check_memory(data.address(), length, Protection::READ)?;
    let mut bytes = buffer::zeroed(length.min(CHUNK))?;
    let mut done = 0;
    while done < length {
        let part = bytes.get_mut(..CHUNK.min(length - done)).unwrap_or_default();
        UserAccess::read(&call.host, data.element(done).address(), part)?;
        call.task.application()?.crypto.hash_update(state, part)?;
        done += part.len();
    }
    Ok(())
}

/// `_utee_hash_final`.
pub(crate) fn hash_final<H: TeeHost>(
    call: &mut Call<'_, H>,
    state: u32,
    data: UserPointer<u8>,
    length: usize,
    result: UserPointer<u8>,
    result_length: UserPointer<u64>,
) -> Result<()> {
    let room = result_length.read(&call.host)?;
    let needed = call.application()?.crypto.hash_length(state)?;
    if room < needed as u64 {
        result_length.write(&call.host, &(needed as u64))?;
        return Err(TeeError::SHORT_BUFFER);
    }
    call.check_memory(result.address(), needed, Protection::WRITE)?;
    hash_update(call, state, data, length)?;
    let mut bytes = buffer::zeroed(needed)?;
    let count = call.application()?.crypto.hash_final(state, &mut bytes)?;
    UserAccess::write(&call.host, result.address(), bytes.get(..count).unwrap_or_default())?;
    Ok(result_length.write(&call.host, &(count as u64))?)
}
