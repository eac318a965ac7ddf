//! Properties by index and by name.

use litebox_host::memory::UserAccess;
use litebox_libos::ErrorKind;
use litebox_libos::user::{UserPointer, UserString};

use super::properties::{set, value};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;

/// The longest name that is compared.
const MAX_NAME: usize = 256;

/// `_utee_get_property`: type, value and name, each if it is asked for.
#[expect(clippy::too_many_arguments, reason = "they are the call's")]
pub(crate) fn get_property<H: TeeHost>(
    call: &mut Call<'_, H>,
    number: u32,
    index: u32,
    name: UserPointer<u8>,
    name_length: UserPointer<u32>,
    buffer: UserPointer<u8>,
    buffer_length: UserPointer<u32>,
    kind: UserPointer<u32>,
) -> Result<()> {
    let (text, source) = *set(number)?.get(index as usize).ok_or(TeeError::ITEM_NOT_FOUND)?;
    let client = call.running()?.job.identity;
    let application = call.application()?.instance.uuid();
    let (found, bytes) = value(source, client, application);
    kind.write_if_some(&call.host, &(found as u32))?;
    give(call, &bytes, buffer, buffer_length)?;
    give(call, &[text.as_bytes(), &[0]].concat(), name, name_length)
}

/// Copy `bytes` out if they are asked for; their length is told in any case.
fn give<H: TeeHost>(
    call: &Call<'_, H>,
    bytes: &[u8],
    buffer: UserPointer<u8>,
    length: UserPointer<u32>,
) -> Result<()> {
    if length.is_null() {
        return Ok(());
    }
    let room = length.read(&call.host)?;
    let needed = u32::try_from(bytes.len()).map_err(|_| TeeError::OVERFLOW)?;
    length.write(&call.host, &needed)?;
    if room < needed {
        return Err(TeeError::SHORT_BUFFER);
    }
    if buffer.is_null() {
        return Ok(());
    }
    Ok(UserAccess::write(&call.host, buffer.address(), bytes)?)
}

/// `_utee_get_property_name_to_index`.
pub(crate) fn get_property_name_to_index<H: TeeHost>(
    call: &mut Call<'_, H>,
    number: u32,
    name: UserPointer<u8>,
    length: usize,
    index: UserPointer<u32>,
) -> Result<()> {
    let properties = set(number)?;
    if name.is_null() || length == 0 {
        return Err(TeeError::BAD_PARAMETERS);
    }
    let limit = length.min(MAX_NAME);
    let text = UserString::new(name.address()).read(&call.host, limit, ErrorKind::NotFound)?;
    let found = properties.iter().position(|(name, _)| name.as_bytes() == text);
    let found = found.and_then(|found| u32::try_from(found).ok()).ok_or(TeeError::ITEM_NOT_FOUND)?;
    Ok(index.write(&call.host, &found)?)
}
