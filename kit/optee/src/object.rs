//! Transient objects: keys and other attributes, kept by the kernel. Sections 5.3 to 5.5.
//!
//! A handle is the kernel's number, in the guise of a pointer.
#![expect(unsafe_code, reason = "calls that read and write what C hands over")]

use crate::abi::{ATTRIBUTE_IS_VALUE, Attribute, CallAttribute, ObjectInfo, Parameter, handle};
use crate::error::{Error, Result, number};
use crate::fault::{self, misuse, panic, pass};
use crate::svc;

/// More attributes than any type of object has.
const ATTRIBUTES: usize = 16;

/// What the store may answer for an object that turns out to be persistent.
const STORE: [Error; 2] = [Error::CORRUPT_OBJECT, Error::STORAGE_NOT_AVAILABLE];

/// Describes an object.
///
/// # Errors
/// Those of [`STORE`].
pub(crate) fn information(object: usize) -> Result<ObjectInfo> {
    let mut info = ObjectInfo::default();
    // SAFETY: the call writes a description there.
    let result = unsafe { svc::object_info(object as u32, &raw mut info) };
    pass(result, &STORE).map(|()| info)
}

/// Makes an empty object.
///
/// # Errors
/// `OUT_OF_MEMORY`, `NOT_SUPPORTED`.
pub(crate) fn allocate(kind: u32, max_bits: u32) -> Result<u32> {
    let mut object = 0;
    // SAFETY: the call writes a handle there.
    let result = unsafe { svc::object_alloc(kind, max_bits, &raw mut object) };
    pass(result, &[Error::OUT_OF_MEMORY, Error::NOT_SUPPORTED]).map(|()| object)
}

/// Empties a transient object.
pub(crate) fn reset(object: u32) {
    // SAFETY: the call has no pointer.
    let result = unsafe { svc::object_reset(object) };
    fault::succeed(result);
}

/// Closes an object.
pub(crate) fn close(object: u32) {
    // SAFETY: the call has no pointer.
    let result = unsafe { svc::object_close(object) };
    fault::succeed(result);
}

/// Copies attributes into an empty object.
///
/// # Errors
/// Those of [`STORE`].
pub(crate) fn copy(target: u32, source: u32) -> Result<()> {
    // SAFETY: the call has no pointer.
    let result = unsafe { svc::object_copy(target, source) };
    pass(result, &STORE)
}

/// The kernel's form of a list of attributes.
fn spread(attributes: &[Attribute]) -> ([CallAttribute; ATTRIBUTES], usize) {
    if attributes.len() > ATTRIBUTES {
        misuse();
    }
    let all = core::array::from_fn(|index| {
        attributes.get(index).copied().map(CallAttribute::from).unwrap_or_default()
    });
    (all, attributes.len())
}

/// Fills an empty object.
///
/// # Safety
/// The addresses in the attributes are readable for their lengths.
///
/// # Errors
/// `BAD_PARAMETERS`.
pub(crate) unsafe fn populate(object: u32, attributes: &[Attribute]) -> Result<()> {
    let (all, count) = spread(attributes);
    // SAFETY: the list lives across the call, and the caller vouches for what it points to.
    let result = unsafe { svc::object_populate(object, all.as_ptr(), count) };
    pass(result, &[Error::BAD_PARAMETERS])
}

/// The list that C hands over as address and count.
///
/// # Safety
/// That many attributes stand there, or the address is null.
unsafe fn list<'a>(attributes: *const Attribute, count: u32) -> &'a [Attribute] {
    if attributes.is_null() {
        return &[];
    }
    // SAFETY: the caller vouches for the list.
    unsafe { core::slice::from_raw_parts(attributes, count as usize) }
}

/// Makes an empty object for keys of at most `max_bits`.
#[unsafe(no_mangle)]
extern "C" fn TEE_AllocateTransientObject(kind: u32, max_bits: u32, object: Option<&mut usize>) -> u32 {
    let Some(object) = object else { misuse() };
    *object = 0;
    number(allocate(kind, max_bits).map(|made| *object = made as usize))
}

/// Drops an object; null is none.
#[unsafe(no_mangle)]
extern "C" fn TEE_FreeTransientObject(object: usize) {
    if object != 0 {
        refuse_persistent(object);
        close(object as u32);
    }
}

/// Closes an object of any kind; null is none.
#[unsafe(no_mangle)]
extern "C" fn TEE_CloseObject(object: usize) {
    if object != 0 {
        close(object as u32);
    }
}

/// Empties an object; null is none.
#[unsafe(no_mangle)]
extern "C" fn TEE_ResetTransientObject(object: usize) {
    if object != 0 {
        refuse_persistent(object);
        reset(object as u32);
    }
}

fn refuse_persistent(object: usize) {
    match information(object) {
        Ok(info) if info.handle_flags & handle::PERSISTENT == 0 => {}
        Ok(_) => misuse(),
        Err(error) => panic(error.0),
    }
}

/// Fills an empty object with all the attributes of its type.
///
/// # Safety
/// The attributes, and what they point to, can be read.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_PopulateTransientObject(
    object: usize,
    attributes: *const Attribute,
    count: u32,
) -> u32 {
    // SAFETY: the caller vouches for the list.
    let attributes = unsafe { list(attributes, count) };
    // SAFETY: the caller vouches for what the attributes point to.
    number(unsafe { populate(object as u32, attributes) })
}

/// Makes an attribute that refers to a buffer.
#[unsafe(no_mangle)]
extern "C" fn TEE_InitRefAttribute(
    attribute: Option<&mut Attribute>,
    id: u32,
    buffer: *const u8,
    length: usize,
) {
    match attribute {
        Some(attribute) if id & ATTRIBUTE_IS_VALUE == 0 => {
            let address = buffer.expose_provenance() as u64;
            *attribute = Attribute::new(id, Parameter::from_memory(address, length as u64));
        }
        _ => misuse(),
    }
}

/// Makes an attribute of two numbers.
#[unsafe(no_mangle)]
extern "C" fn TEE_InitValueAttribute(attribute: Option<&mut Attribute>, id: u32, a: u32, b: u32) {
    match attribute {
        Some(attribute) if id & ATTRIBUTE_IS_VALUE != 0 => {
            *attribute = Attribute::new(id, Parameter::from_value(a, b));
        }
        _ => misuse(),
    }
}

/// Errors of reading an attribute.
const READ: [Error; 4] =
    [Error::ITEM_NOT_FOUND, Error::SHORT_BUFFER, Error::CORRUPT_OBJECT, Error::STORAGE_NOT_AVAILABLE];

/// Reads an attribute that is a buffer.
///
/// # Safety
/// The buffer can be written for the size given.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GetObjectBufferAttribute(
    object: usize,
    id: u32,
    buffer: *mut u8,
    size: Option<&mut usize>,
) -> u32 {
    let Some(size) = size.filter(|_| id & ATTRIBUTE_IS_VALUE == 0) else { misuse() };
    // SAFETY: the caller vouches for the buffer.
    number(unsafe { buffer_attribute(object as u32, id, buffer, size) })
}

/// Reads an attribute that is a buffer; `size` is what was written, or is needed.
///
/// # Safety
/// The buffer can be written for the size given.
///
/// # Errors
/// Those of [`READ`].
pub(crate) unsafe fn buffer_attribute(object: u32, id: u32, buffer: *mut u8, size: &mut usize) -> Result<()> {
    let mut length = *size as u64;
    // SAFETY: the caller vouches for the buffer; the length is ours.
    let result = unsafe { svc::get_attribute(object, id, buffer, &raw mut length) };
    *size = length as usize;
    pass(result, &READ)
}

/// Reads an attribute that is two numbers.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetObjectValueAttribute(
    object: usize,
    id: u32,
    a: Option<&mut u32>,
    b: Option<&mut u32>,
) -> u32 {
    if id & ATTRIBUTE_IS_VALUE == 0 {
        misuse();
    }
    let mut values = [0_u32; 2];
    let mut length = size_of_val(&values) as u64;
    // SAFETY: the call writes two numbers there, and their length.
    let result = unsafe { svc::get_attribute(object as u32, id, (&raw mut values).cast(), &raw mut length) };
    let result = pass(result, &[Error::ITEM_NOT_FOUND, STORE[0], STORE[1]]);
    if result.is_ok() {
        for (place, value) in [(a, values[0]), (b, values[1])] {
            if let Some(place) = place {
                *place = value;
            }
        }
    }
    number(result)
}

/// Describes an object.
#[unsafe(no_mangle)]
extern "C" fn TEE_GetObjectInfo1(object: usize, info: Option<&mut ObjectInfo>) -> u32 {
    let Some(info) = info else { misuse() };
    number(information(object).map(|found| *info = found))
}

/// Takes rights of use from an object.
#[unsafe(no_mangle)]
extern "C" fn TEE_RestrictObjectUsage1(object: usize, usage: u32) -> u32 {
    number(restrict(object as u32, usage))
}

/// Takes rights of use from an object.
///
/// # Errors
/// Those of [`STORE`].
pub(crate) fn restrict(object: u32, usage: u32) -> Result<()> {
    // SAFETY: the call has no pointer.
    let result = unsafe { svc::restrict_usage(object, usage) };
    pass(result, &STORE)
}

/// Copies the attributes of an object into an empty one of a fitting type.
#[unsafe(no_mangle)]
extern "C" fn TEE_CopyObjectAttributes1(target: usize, source: usize) -> u32 {
    number(copy(target as u32, source as u32))
}

/// Makes a key of `bits` in an empty object.
///
/// # Safety
/// The attributes, and what they point to, can be read.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_GenerateKey(
    object: usize,
    bits: u32,
    attributes: *const Attribute,
    count: u32,
) -> u32 {
    // SAFETY: the caller vouches for the list.
    let (all, count) = spread(unsafe { list(attributes, count) });
    // SAFETY: the list lives across the call, and the caller vouches for what it points to.
    let result = unsafe { svc::generate_key(object as u32, bits, all.as_ptr(), count) };
    number(pass(result, &[Error::BAD_PARAMETERS]))
}
