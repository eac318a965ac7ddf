//! The 16 bytes every datagram starts with.

use crate::ProtocolError;
use crate::wire::{Reader, Writer, length32};
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The first four bytes of every datagram.
pub const MAGIC: [u8; 4] = *b"LBXb";

/// The version both sides must speak; any other is refused.
pub const VERSION: u16 = 1;

/// The longest datagram in either direction, in bytes, header included.
pub const MAX_DATAGRAM: usize = 64 * 1024;

/// The length of the header, in bytes.
pub const HEADER_LENGTH: usize = size_of::<Header>();

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    magic: [u8; 4],
    version: U16,
    opcode: U16,
    /// Of the whole datagram.
    length: U32,
    /// None is defined: zero.
    flags: U32,
}

/// Checks the header and gives the opcode and what follows.
pub(crate) fn open(datagram: &[u8]) -> Result<(u16, Reader<'_>), ProtocolError> {
    if datagram.len() > MAX_DATAGRAM {
        return Err(ProtocolError::Space);
    }
    let mut reader = Reader::new(datagram);
    let header: &Header = reader.take()?;
    if header.magic != MAGIC {
        return Err(ProtocolError::Magic);
    }
    if header.version.get() != VERSION {
        return Err(ProtocolError::Version(header.version.get()));
    }
    if length32(datagram.len())? != header.length.get() {
        return Err(ProtocolError::Length);
    }
    if header.flags.get() != 0 {
        return Err(ProtocolError::Value("flags"));
    }
    Ok((header.opcode.get(), reader))
}

/// Writes a whole datagram: `body` writes what follows the header. Gives the datagram's length.
pub(crate) fn seal(
    buffer: &mut [u8],
    opcode: u16,
    body: impl FnOnce(&mut Writer<'_>) -> Result<(), ProtocolError>,
) -> Result<usize, ProtocolError> {
    let limit = buffer.len().min(MAX_DATAGRAM);
    let (head, rest) = buffer
        .get_mut(..limit)
        .and_then(|all| all.split_at_mut_checked(HEADER_LENGTH))
        .ok_or(ProtocolError::Space)?;
    let mut writer = Writer::new(rest);
    body(&mut writer)?;
    let length = writer.length().checked_add(HEADER_LENGTH).ok_or(ProtocolError::Space)?;
    let header = Header {
        magic: MAGIC,
        version: VERSION.into(),
        opcode: opcode.into(),
        length: length32(length)?.into(),
        flags: 0.into(),
    };
    Writer::new(head).put(&header)?;
    Ok(length)
}
