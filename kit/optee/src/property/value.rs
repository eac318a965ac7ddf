//! Values of properties, and their forms.

use core::fmt::{self, Write};

use crate::abi::{Identity, Uuid};
use crate::error::{Error, Result};

/// Bytes of the longest value that is read.
pub(super) const LONGEST: usize = 512;

/// Kinds of values, as the kernel and C number them.
pub(super) mod kind {
    pub(crate) const BOOL: u32 = 0;
    pub(crate) const U32: u32 = 1;
    pub(crate) const UUID: u32 = 2;
    pub(crate) const IDENTITY: u32 = 3;
    pub(crate) const STRING: u32 = 4;
    pub(crate) const BINARY: u32 = 5;
    pub(crate) const U64: u32 = 6;
}

/// The bytes of a text or a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bytes {
    all: [u8; LONGEST],
    length: usize,
}

impl Bytes {
    /// Copies at most [`LONGEST`] bytes.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut all = [0; LONGEST];
        let length = all.iter_mut().zip(bytes).map(|(place, byte)| *place = *byte).count();
        Self { all, length }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.all.get(..self.length).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.all.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }
}

impl Write for Bytes {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| self.push(byte));
        Ok(())
    }
}

/// A value of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Bool(bool),
    U32(u32),
    U64(u64),
    Uuid(Uuid),
    Identity(Identity),
    /// Without the NUL at its end.
    Text(Bytes),
    Binary(Bytes),
}

impl Value {
    /// Reads a value from the bytes that the kernel, or C, keeps it in.
    ///
    /// # Errors
    /// `BAD_FORMAT`: the kind is not known, or the bytes are too few for it.
    pub(super) fn decode(kind: u32, bytes: &[u8]) -> Result<Self> {
        let value = match kind {
            // C's `bool` is one byte, the kernel's may be four.
            kind::BOOL => bytes.first().map(|byte| Self::Bool(*byte != 0)),
            kind::U32 => number(bytes).map(Self::U32),
            kind::U64 => bytes.first_chunk().map(|bytes| Self::U64(u64::from_le_bytes(*bytes))),
            kind::UUID => uuid(bytes).map(Self::Uuid),
            kind::IDENTITY => identity(bytes).map(Self::Identity),
            kind::STRING => {
                let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                bytes.get(..end).map(|text| Self::Text(Bytes::new(text)))
            }
            kind::BINARY => Some(Self::Binary(Bytes::new(bytes))),
            _ => None,
        };
        value.ok_or(Error::BAD_FORMAT)
    }

    /// The value as a text: section 4.4.
    pub(super) fn to_text(self) -> Bytes {
        let mut text = Bytes::new(b"");
        // Writing to bytes does not fail: they cut.
        let _ = match self {
            Self::Bool(value) => write!(text, "{value}"),
            Self::U32(value) => write!(text, "{value}"),
            Self::U64(value) => write!(text, "{value}"),
            Self::Uuid(value) => write_uuid(&mut text, value),
            Self::Identity(value) => {
                write!(text, "{}:", value.login).and_then(|()| write_uuid(&mut text, value.uuid))
            }
            Self::Text(value) => return value,
            Self::Binary(value) => {
                encode_base64(&mut text, value.as_slice());
                Ok(())
            }
        };
        text
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn uuid(bytes: &[u8]) -> Option<Uuid> {
    let [a, b, c, d, e, f, g, h, node @ ..] = *bytes.first_chunk::<16>()?;
    Some(Uuid {
        time_low: u32::from_le_bytes([a, b, c, d]),
        time_mid: u16::from_le_bytes([e, f]),
        time_hi_and_version: u16::from_le_bytes([g, h]),
        clock_seq_and_node: node,
    })
}

fn identity(bytes: &[u8]) -> Option<Identity> {
    Some(Identity { login: number(bytes)?, uuid: uuid(bytes.get(4..)?)? })
}

fn write_uuid(text: &mut Bytes, uuid: Uuid) -> fmt::Result {
    write!(text, "{:08x}-{:04x}-{:04x}-", uuid.time_low, uuid.time_mid, uuid.time_hi_and_version)?;
    for (index, byte) in uuid.clock_seq_and_node.iter().enumerate() {
        write!(text, "{}{byte:02x}", if index == 2 { "-" } else { "" })?;
    }
    Ok(())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, section 4.
fn encode_base64(text: &mut Bytes, bytes: &[u8]) {
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { digit } else { b'=' });
        }
    }
}

/// The reverse of the encoding.
///
/// # Errors
/// `BAD_FORMAT`: a letter is not of the alphabet.
pub(super) fn decode_base64(text: &[u8]) -> Result<Bytes> {
    let mut bytes = Bytes::new(b"");
    let (mut word, mut bits) = (0_u32, 0);
    for letter in text.iter().take_while(|letter| **letter != b'=') {
        let digit = ALPHABET.iter().position(|known| known == letter).ok_or(Error::BAD_FORMAT)?;
        word = word << 6 | digit as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Bytes, Value, decode_base64, kind};

    fn text(value: Value) -> std::string::String {
        std::string::String::from_utf8_lossy(value.to_text().as_slice()).into_owned()
    }

    #[test]
    fn every_kind_is_decoded_and_written() {
        let uuid = [4, 3, 2, 1, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 16];
        let identity = [&[1, 0, 0, 0], &uuid[..]].concat();
        for (kind, bytes, expected) in [
            (kind::BOOL, &[1][..], "true"),
            (kind::U32, &[0, 1, 0, 0], "256"),
            (kind::U64, &[0, 0, 0, 0, 1, 0, 0, 0], "4294967296"),
            (kind::UUID, &uuid, "01020304-0506-0708-090a-0b0c0d0e0f10"),
            (kind::IDENTITY, &identity, "1:01020304-0506-0708-090a-0b0c0d0e0f10"),
            (kind::STRING, b"text\0", "text"),
            (kind::BINARY, b"\x01\x02\x03\x04", "AQIDBA=="),
        ] {
            assert_eq!(Value::decode(kind, bytes).map(text).as_deref(), Ok(expected));
        }
        assert!(Value::decode(kind::UUID, &uuid[..15]).is_err());
        assert!(Value::decode(7, &[0; 16]).is_err());
    }

    #[test]
    fn base64_both_ways() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            let bytes = Bytes::new(plain.as_bytes());
            assert_eq!(text(Value::Binary(bytes)), coded);
            assert_eq!(decode_base64(coded.as_bytes()), Ok(bytes));
        }
        assert!(decode_base64(b"Z*").is_err());
    }
}
