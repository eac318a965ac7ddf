//! Bounded reading and writing of little-endian structures: the only code here that touches offsets.

use crate::ProtocolError;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// What every structure on the wire derives: any bytes are a value, and alignment never matters.
pub(crate) trait Wire: FromBytes + IntoBytes + Immutable + KnownLayout + Unaligned {}

impl<T: FromBytes + IntoBytes + Immutable + KnownLayout + Unaligned> Wire for T {}

/// Reads a message from its first byte to its last.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next structure, in place.
    pub(crate) fn take<T: Wire>(&mut self) -> Result<&'a T, ProtocolError> {
        let (value, rest) = T::ref_from_prefix(self.rest).map_err(|_| ProtocolError::Truncated)?;
        self.rest = rest;
        Ok(value)
    }

    /// The next `length` bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8], ProtocolError> {
        let (value, rest) = self.rest.split_at_checked(length).ok_or(ProtocolError::Truncated)?;
        self.rest = rest;
        Ok(value)
    }

    /// All bytes that are left.
    pub(crate) fn remaining(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Checks that nothing is left.
    pub(crate) fn finish(self) -> Result<(), ProtocolError> {
        if self.rest.is_empty() { Ok(()) } else { Err(ProtocolError::Trailing) }
    }
}

/// Writes a message into a caller's buffer.
pub(crate) struct Writer<'b> {
    buffer: &'b mut [u8],
    length: usize,
}

impl<'b> Writer<'b> {
    pub(crate) fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, length: 0 }
    }

    pub(crate) fn put<T: Wire>(&mut self, value: &T) -> Result<(), ProtocolError> {
        self.bytes(value.as_bytes())
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), ProtocolError> {
        let end = self.length.checked_add(bytes.len()).ok_or(ProtocolError::Space)?;
        let place = self.buffer.get_mut(self.length..end).ok_or(ProtocolError::Space)?;
        place.copy_from_slice(bytes);
        self.length = end;
        Ok(())
    }

    pub(crate) fn length(&self) -> usize {
        self.length
    }
}

/// A length that fits 16 bits.
pub(crate) fn length16(bytes: &[u8]) -> Result<u16, ProtocolError> {
    u16::try_from(bytes.len()).map_err(|_| ProtocolError::Space)
}

/// A length or count that fits 32 bits.
pub(crate) fn length32(length: usize) -> Result<u32, ProtocolError> {
    u32::try_from(length).map_err(|_| ProtocolError::Space)
}
