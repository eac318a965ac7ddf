//! The properties that a TA's image tells: from its head and from the table that it defines.
#![expect(unsafe_code, reason = "the table of the TA is read")]

use super::value::{Value, decode_base64, kind};
use crate::abi::{Property, flags};
use crate::error::{Error, Result};
use crate::foreign;
use crate::text;

/// A property of the TA by its name.
///
/// # Errors
/// `ITEM_NOT_FOUND`; `BAD_FORMAT` for a block that is not in base64.
pub(super) fn find(name: &[u8]) -> Result<Value> {
    if let Some(value) = standard(name) {
        return Ok(value);
    }
    let property = foreign::properties().find(|property| {
        // SAFETY: names in the table of a TA are constant texts.
        let own = unsafe { text::text(property.name) };
        own == name
    });
    read(property.ok_or(Error::ITEM_NOT_FOUND)?)
}

/// The properties that follow from the head and from what the kit does.
fn standard(name: &[u8]) -> Option<Value> {
    let head = foreign::head();
    let flag = |flag: u32| Value::Bool(head.flags & flag != 0);
    Some(match name {
        b"gpd.ta.singleInstance" => flag(flags::SINGLE_INSTANCE),
        b"gpd.ta.multiSession" => flag(flags::MULTI_SESSION),
        b"gpd.ta.instanceKeepAlive" => flag(flags::INSTANCE_KEEP_ALIVE),
        b"gpd.ta.doesNotCloseHandleOnCorruptObject" => flag(flags::DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT),
        b"gpd.ta.stackSize" => Value::U32(head.stack_size),
        b"gpd.ta.dataSize" => Value::U32(foreign::heap().1 as u32),
        // Little endian.
        b"gpd.ta.endian" => Value::U32(0),
        _ => return None,
    })
}

fn read(property: Property) -> Result<Value> {
    let address = property.value;
    let length = match property.kind {
        kind::BOOL => 1,
        kind::U32 => 4,
        kind::U64 => 8,
        kind::UUID => 16,
        kind::IDENTITY => 20,
        // SAFETY: the value of a property of this kind is a constant text.
        kind::STRING | kind::BINARY => unsafe { text::text(address) }.len(),
        _ => return Err(Error::BAD_FORMAT),
    };
    // SAFETY: the value of a property is a constant of its kind, of this size.
    let bytes = unsafe { text::bytes(address, length) };
    if property.kind == kind::BINARY {
        return decode_base64(bytes).map(Value::Binary);
    }
    Value::decode(property.kind, bytes)
}
