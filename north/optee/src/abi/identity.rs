//! Who a client or an application is (GlobalPlatform TEE Internal Core API 1.3.1, sections 4.1 and 4.2.1).

use core::fmt;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A `TEE_UUID`, as it lies in memory on a little-endian machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Uuid {
    /// The first group.
    pub low: u32,
    /// The second.
    pub middle: u16,
    /// The third.
    pub high: u16,
    /// The others.
    pub rest: [u8; 8],
}

impl Uuid {
    /// The UUID that `text` writes in groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    pub fn parse(text: &[u8]) -> Option<Self> {
        const DASHES: [usize; 4] = [8, 13, 18, 23];
        if text.len() != 36 || DASHES.iter().any(|at| text.get(*at) != Some(&b'-')) {
            return None;
        }
        let mut value = 0_u128;
        for byte in text.iter().filter(|byte| **byte != b'-') {
            value = value << 4 | u128::from(char::from(*byte).to_digit(16)?);
        }
        // More or fewer dashes than the four leave another number of digits.
        (text.iter().filter(|byte| **byte != b'-').count() == 32).then(|| Self::from_number(value))
    }

    /// The UUID whose sixteen octets, as they are written, are this number.
    pub fn from_number(value: u128) -> Self {
        let [a, b, c, d, e, f, g, h, rest @ ..] = value.to_be_bytes();
        Self {
            low: u32::from_be_bytes([a, b, c, d]),
            middle: u16::from_be_bytes([e, f]),
            high: u16::from_be_bytes([g, h]),
            rest,
        }
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, node @ ..] = self.rest;
        write!(formatter, "{:08x}-{:04x}-{:04x}-{a:02x}{b:02x}-", self.low, self.middle, self.high)?;
        node.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// A `TEE_Identity`: how a client logged in, and who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Identity {
    /// One of the login methods.
    pub login: u32,
    /// The client; nil for [`LOGIN_PUBLIC`].
    pub uuid: Uuid,
}

/// Nobody in particular.
pub const LOGIN_PUBLIC: u32 = 0;
/// A user.
pub const LOGIN_USER: u32 = 1;
/// A group.
pub const LOGIN_GROUP: u32 = 2;
/// An application of the client's system.
pub const LOGIN_APPLICATION: u32 = 4;
/// Another trusted application.
pub const LOGIN_TRUSTED_APPLICATION: u32 = 0xf000_0000;
