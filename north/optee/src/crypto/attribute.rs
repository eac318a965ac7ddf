//! What an object is filled from, and what it is asked for.

use alloc::vec::Vec;
use core::fmt;

use zerocopy::{Immutable, IntoBytes};
use zeroize::Zeroize;

/// An attribute that an object is filled from (`TEE_Attribute`).
pub struct Attribute {
    /// Its number (`TEE_ATTR_`).
    pub id: u32,
    /// What it holds.
    pub value: AttributeContent,
}

/// What an attribute holds. It may be a secret, and is overwritten when it is dropped.
pub enum AttributeContent {
    /// Bytes: of attributes whose number lacks the bit `TEE_ATTR_FLAG_VALUE` (29).
    Bytes(Vec<u8>),
    /// The numbers `a` and `b`: of the others.
    Value(u32, u32),
}

impl Drop for AttributeContent {
    fn drop(&mut self) {
        match self {
            Self::Bytes(bytes) => bytes.zeroize(),
            Self::Value(first, second) => {
                first.zeroize();
                second.zeroize();
            }
        }
    }
}

/// What an object answers when it is asked for an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AttributeValue<'object> {
    /// Bytes: of attributes whose number lacks the bit `TEE_ATTR_FLAG_VALUE` (29).
    Bytes(&'object [u8]),
    /// The numbers `a` and `b`: of the others. No type of object that is supported today has any.
    Value(u32, u32),
}

/// Shows no secret.
impl fmt::Debug for AttributeValue<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(formatter, "{} bytes", bytes.len()),
            Self::Value(..) => formatter.write_str("two numbers"),
        }
    }
}

/// What is said of an object: `utee_object_info` of OP-TEE, in its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoBytes, Immutable)]
#[repr(C)]
pub struct ObjectInfo {
    /// Its type (`TEE_TYPE_`).
    pub kind: u32,
    /// Its size in bits; 0 while it is not initialized.
    pub size_bits: u32,
    /// The size in bits that it was allocated for.
    pub max_bits: u32,
    /// What it may be used for (`TEE_USAGE_`).
    pub usage: u32,
    /// Bytes of the data stream: 0, as only persistent objects have one.
    pub data_size: u32,
    /// The position in the data stream: 0.
    pub data_position: u32,
    /// `TEE_HANDLE_FLAG_`: only `INITIALIZED` can be set.
    pub handle_flags: u32,
}
