//! Structures that C, the kernel and this library share.
//!
//! Sizes and layouts are those of the x86-64 ABI; where both sides hold a pointer or a number in one place, it is a
//! `u64` here, so that reading it is safe whatever it holds.

pub use crate::head::{Head, Property, Uuid, flags};

/// How many parameters an operation has.
pub const PARAMETERS: usize = 4;

/// Kinds of parameters: one nibble each of a word of types.
pub mod kind {
    /// There is no parameter.
    pub const NONE: u32 = 0;
    /// Two numbers for the TA.
    pub const VALUE_INPUT: u32 = 1;
    /// Two numbers from the TA.
    pub const VALUE_OUTPUT: u32 = 2;
    /// Two numbers both ways.
    pub const VALUE_INOUT: u32 = 3;
    /// Memory that the TA reads.
    pub const MEMREF_INPUT: u32 = 5;
    /// Memory that the TA writes.
    pub const MEMREF_OUTPUT: u32 = 6;
    /// Memory that the TA reads and writes.
    pub const MEMREF_INOUT: u32 = 7;

    /// The kind of parameter `index`.
    #[must_use]
    pub const fn of(types: u32, index: usize) -> u32 {
        types >> (4 * index) & 0xF
    }
}

/// Parameters as the kernel passes them: for each, a and b, or address and size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct CallParameters {
    /// Four nibbles of [`kind`].
    pub types: u64,
    /// Two words a parameter.
    pub values: [[u64; 2]; PARAMETERS],
}

/// `TEE_Param`: a union of two `u32` and of a pointer with a size, as two words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct Parameter(pub [u64; 2]);

impl Parameter {
    /// Two numbers.
    #[must_use]
    pub const fn from_value(a: u32, b: u32) -> Self {
        Self([a as u64 | (b as u64) << 32, 0])
    }

    /// What [`Self::from_value`] took.
    #[must_use]
    pub const fn value(self) -> [u32; 2] {
        [self.0[0] as u32, (self.0[0] >> 32) as u32]
    }

    /// An address and a size in bytes.
    #[must_use]
    pub const fn from_memory(address: u64, size: u64) -> Self {
        Self([address, size])
    }
}

/// `TEE_Time`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Time {
    /// Whole seconds since the clock's start.
    pub seconds: u32,
    /// Thousandths, below 1000.
    pub milliseconds: u32,
}

/// `TEE_Identity`: who opened a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Identity {
    /// How the client logged in.
    pub login: u32,
    /// Who it is.
    pub uuid: Uuid,
}

/// `TEE_ObjectInfo`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct ObjectInfo {
    /// A `TEE_TYPE_…`.
    pub object_type: u32,
    /// Bits of the key, 0 without one.
    pub object_size: u32,
    /// Bits of the largest key it can hold.
    pub max_object_size: u32,
    /// Bits of [`usage`].
    pub object_usage: u32,
    /// Bytes of a persistent object's data.
    pub data_size: u32,
    /// Where in these data the handle stands.
    pub data_position: u32,
    /// Bits of [`handle`].
    pub handle_flags: u32,
}

/// Bits of [`ObjectInfo::handle_flags`].
pub mod handle {
    /// The object is persistent.
    pub const PERSISTENT: u32 = 0x1_0000;
    /// The object has attributes.
    pub const INITIALIZED: u32 = 0x2_0000;
    /// The operation has its key or keys.
    pub const KEY_SET: u32 = 0x4_0000;
    /// The operation takes two keys.
    pub const EXPECT_TWO_KEYS: u32 = 0x8_0000;
}

/// Bits of [`ObjectInfo::object_usage`].
pub mod usage {
    /// Attributes may be read.
    pub const EXTRACTABLE: u32 = 1;
    /// May encrypt.
    pub const ENCRYPT: u32 = 2;
    /// May decrypt.
    pub const DECRYPT: u32 = 4;
    /// May compute message authentication codes.
    pub const MAC: u32 = 8;
}

/// `TEE_Attribute`: id, then a pointer with a length or two `u32`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Attribute {
    /// A `TEE_ATTR_…`; bit 29 says that it is two numbers.
    pub id: u32,
    padding: u32,
    /// As a [`Parameter`].
    pub content: Parameter,
}

/// Bit of an attribute's id: two numbers, not a buffer.
pub const ATTRIBUTE_IS_VALUE: u32 = 1 << 29;

impl Attribute {
    /// An attribute.
    #[must_use]
    pub const fn new(id: u32, content: Parameter) -> Self {
        Self { id, padding: 0, content }
    }
}

/// An attribute as the kernel takes it: both halves full words, then the id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct CallAttribute {
    /// The address, or the first number.
    pub a: u64,
    /// The length in bytes, or the second number.
    pub b: u64,
    /// As in [`Attribute`].
    pub id: u32,
    padding: u32,
}

impl From<Attribute> for CallAttribute {
    fn from(attribute: Attribute) -> Self {
        let [a, b] = if attribute.id & ATTRIBUTE_IS_VALUE != 0 {
            attribute.content.value().map(u64::from)
        } else {
            attribute.content.0
        };
        Self { a, b, id: attribute.id, padding: 0 }
    }
}

#[cfg(test)]
mod tests {
    use core::mem::size_of;

    use super::*;

    #[test]
    fn sizes_are_those_of_the_abi() {
        assert_eq!(size_of::<CallParameters>(), 72);
        assert_eq!(size_of::<Parameter>(), 16);
        assert_eq!(size_of::<Identity>(), 20);
        assert_eq!(size_of::<ObjectInfo>(), 28);
        assert_eq!((size_of::<Attribute>(), size_of::<CallAttribute>()), (24, 24));
    }

    #[test]
    fn attributes_of_both_forms_are_spread_to_words() {
        let value = Attribute::new(0xF000_0441 | ATTRIBUTE_IS_VALUE, Parameter::from_value(3, 4));
        assert_eq!(CallAttribute::from(value), CallAttribute { a: 3, b: 4, id: 0xF000_0441, padding: 0 });
        let memory = Attribute::new(0xC000_0000, Parameter::from_memory(0x1_0000_1000, 32));
        let expected = CallAttribute { a: 0x1_0000_1000, b: 32, id: 0xC000_0000, padding: 0 };
        assert_eq!(CallAttribute::from(memory), expected);
    }
}
