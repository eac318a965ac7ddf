//! Symmetric ciphers (section 6.4).

use litebox_host::memory::{Protection, UserAccess};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;

use super::limits::{CHUNK, MAX_ATTRIBUTE};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_cipher_init`.
pub(crate) fn cipher_initialise<H: TeeHost>(
    call: &mut Call<'_, H>,
    state: u32,
    iv: UserPointer<u8>,
    length: usize,
) -> Result<()> {
    let bytes = call.copy_in(iv.address(), length.min(MAX_ATTRIBUTE))?;
    call.application()?.crypto.cipher_init(state, &bytes)
}

/// `_utee_cipher_update`.
pub(crate) fn cipher_update<H: TeeHost>(
    call: &mut Call<'_, H>,
    state: u32,
    source: UserPointer<u8>,
    length: usize,
    result: UserPointer<u8>,
    result_length: UserPointer<u64>,
) -> Result<()> {
    transform(call, Transform { state, source, length, result, result_length, is_last: false })
}

/// `_utee_cipher_final`.
pub(crate) fn cipher_final<H: TeeHost>(
    call: &mut Call<'_, H>,
    state: u32,
    source: UserPointer<u8>,
    length: usize,
    result: UserPointer<u8>,
    result_length: UserPointer<u64>,
) -> Result<()> {
    transform(call, Transform { state, source, length, result, result_length, is_last: true })
}

struct Transform {
    state: u32,
    source: UserPointer<u8>,
    length: usize,
    result: UserPointer<u8>,
    result_length: UserPointer<u64>,
    /// Whether the operation ends with these bytes.
    is_last: bool,
}

/// Encrypt or decrypt a piece at a time; the result is as long as the source, and its buffer may be longer.
fn transform<H: TeeHost>(call: &mut Call<'_, H>, wanted: Transform) -> Result<()> {
    let Transform { state, source, length, result, result_length, is_last } = wanted;
    if result_length.read(&call.host)? < length as u64 {
        result_length.write(&call.host, &(length as u64))?;
        return Err(TeeError::SHORT_BUFFER);
    }
    call.check_memory(source.address(), length, Protection::READ)?;
    call.check_memory(result.address(), length, Protection::WRITE)?;
    let mut bytes = buffer::zeroed(length.min(CHUNK))?;
    let mut done = 0;
    loop {
        let part = bytes.get_mut(..CHUNK.min(length - done)).unwrap_or_default();
        UserAccess::read(&call.host, source.element(done).address(), part)?;
        let crypto = &mut call.task.application()?.crypto;
        let ends = done + part.len() == length;
        if ends && is_last {
            crypto.cipher_final(state, part)?;
        } else {
            crypto.cipher_update(state, part)?;
        }
        UserAccess::write(&call.task.host, result.element(done).address(), part)?;
        done += part.len();
        if ends {
            break;
        }
    }
    Ok(result_length.write(&call.host, &(length as u64))?)
}
