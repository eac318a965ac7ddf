//! Transient objects (section 5.6).

use alloc::vec::Vec;

use litebox_host::memory::UserAccess;
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::limits::MAX_ATTRIBUTE;
use crate::crypto::{Attribute, AttributeContent, AttributeValue};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;

/// The most attributes in one call.
const MAX_ATTRIBUTES: usize = 64;
/// The bit of an attribute's number that says that it is two numbers.
const IS_VALUE: u32 = 1 << 29;

/// OP-TEE's `utee_attribute`.
#[derive(Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct RawAttribute {
    /// The first number, or an address.
    a: u64,
    /// The second, or a length.
    b: u64,
    id: u32,
    padding: u32,
}

/// `_utee_cryp_obj_alloc`.
pub(crate) fn object_allocate<H: TeeHost>(
    call: &mut Call<'_, H>,
    kind: u32,
    maximum_bits: u32,
    object: UserPointer<u32>,
) -> Result<()> {
    let number = call.application()?.crypto.allocate_object(kind, maximum_bits)?;
    let told = object.write(&call.host, &number);
    if told.is_err() {
        call.application()?.crypto.close_object(number)?;
    }
    Ok(told?)
}

/// `_utee_cryp_obj_get_info`.
pub(crate) fn object_information<H: TeeHost>(
    call: &mut Call<'_, H>,
    object: u32,
    at: UserPointer<u8>,
) -> Result<()> {
    let information = call.application()?.crypto.object_info(object)?;
    Ok(at.cast().write(&call.host, &information)?)
}

/// `_utee_cryp_obj_restrict_usage`.
pub(crate) fn restrict_usage<H: TeeHost>(call: &mut Call<'_, H>, object: u32, usage: u32) -> Result<()> {
    call.application()?.crypto.restrict_usage(object, usage)
}

/// `_utee_cryp_obj_get_attr`: bytes, or two numbers.
pub(crate) fn get_attribute<H: TeeHost>(
    call: &mut Call<'_, H>,
    object: u32,
    attribute: u32,
    at: UserPointer<u8>,
    size: UserPointer<u64>,
) -> Result<()> {
    let room = size.read(&call.host)?;
    let mut numbers = [0; 8];
    let found = match call.application()?.crypto.attribute(object, attribute)? {
        AttributeValue::Bytes(bytes) => buffer::copied(bytes)?,
        AttributeValue::Value(a, b) => {
            let (first, second) = numbers.split_at_mut(4);
            first.copy_from_slice(&a.to_le_bytes());
            second.copy_from_slice(&b.to_le_bytes());
            buffer::copied(&numbers)?
        }
    };
    size.write(&call.host, &(found.len() as u64))?;
    if room < found.len() as u64 {
        return Err(TeeError::SHORT_BUFFER);
    }
    Ok(UserAccess::write(&call.host, at.address(), &found)?)
}

/// `_utee_cryp_obj_close`.
pub(crate) fn object_close<H: TeeHost>(call: &mut Call<'_, H>, object: u32) -> Result<()> {
    call.application()?.crypto.close_object(object)
}

/// `_utee_cryp_obj_reset`.
pub(crate) fn object_reset<H: TeeHost>(call: &mut Call<'_, H>, object: u32) -> Result<()> {
    call.application()?.crypto.reset_object(object)
}

/// `_utee_cryp_obj_populate`.
pub(crate) fn object_populate<H: TeeHost>(
    call: &mut Call<'_, H>,
    object: u32,
    at: UserPointer<u8>,
    count: usize,
) -> Result<()> {
    let attributes = attributes(call, at, count)?;
    call.application()?.crypto.populate(object, &attributes)
}

/// `_utee_cryp_obj_copy`.
pub(crate) fn object_copy<H: TeeHost>(call: &mut Call<'_, H>, to: u32, from: u32) -> Result<()> {
    call.application()?.crypto.copy_object(to, from)
}

/// `_utee_cryp_obj_generate_key`. Secret keys take no parameters.
pub(crate) fn generate_key<H: TeeHost>(
    call: &mut Call<'_, H>,
    object: u32,
    bits: u32,
    at: UserPointer<u8>,
    count: usize,
) -> Result<()> {
    attributes(call, at, count)?;
    let host = call.host.clone();
    let mut failure = Ok(());
    let made = call.application()?.crypto.generate_key(object, bits, &mut |bytes| {
        failure = host.fill(bytes);
    });
    if failure.is_err() {
        // What was made of other bytes than random ones is no key.
        call.application()?.crypto.reset_object(object)?;
    }
    failure?;
    made
}

fn attributes<H: TeeHost>(call: &Call<'_, H>, at: UserPointer<u8>, count: usize) -> Result<Vec<Attribute>> {
    if count > MAX_ATTRIBUTES {
        return Err(TeeError::BAD_PARAMETERS);
    }
    let mut attributes = Vec::new();
    attributes.try_reserve_exact(count).map_err(|_| TeeError::OUT_OF_MEMORY)?;
    for index in 0..count {
        let raw = at.cast::<RawAttribute>().element(index).read(&call.host)?;
        let value = if raw.id & IS_VALUE != 0 {
            let [a, b] = [raw.a, raw.b].map(|word| u32::try_from(word).map_err(|_| TeeError::BAD_PARAMETERS));
            AttributeContent::Value(a?, b?)
        } else {
            AttributeContent::Bytes(bytes(call, raw)?)
        };
        attributes.push(Attribute { id: raw.id, value });
    }
    Ok(attributes)
}

fn bytes<H: TeeHost>(call: &Call<'_, H>, raw: RawAttribute) -> Result<Vec<u8>> {
    let [address, length] =
        [raw.a, raw.b].map(|word| usize::try_from(word).map_err(|_| TeeError::BAD_PARAMETERS));
    let length = length?;
    if length > MAX_ATTRIBUTE {
        return Err(TeeError::BAD_PARAMETERS);
    }
    call.copy_in(address?, length)
}
