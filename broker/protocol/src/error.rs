//! Why bytes are not a message.

use core::fmt;

/// Why a datagram could not be decoded, or a message not encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// The bytes end before the message does.
    Truncated,
    /// Bytes follow the end of the message.
    Trailing,
    /// The datagram does not start with [`crate::MAGIC`].
    Magic,
    /// The peer speaks another version of the protocol.
    Version(u16),
    /// The opcode is not one of this direction.
    Opcode(u16),
    /// The stated length is not the datagram's length.
    Length,
    /// A field holds a value without a meaning; names the field.
    Value(&'static str),
    /// A path is not a canonical relative path, or a name is not a plain name.
    Path,
    /// The message does not fit the buffer, or exceeds a limit of the protocol.
    Space,
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the message is cut short"),
            Self::Trailing => f.write_str("bytes follow the message"),
            Self::Magic => f.write_str("not a message of this protocol"),
            Self::Version(version) => write!(f, "protocol version {version} is not spoken here"),
            Self::Opcode(opcode) => write!(f, "unknown opcode {opcode:#x}"),
            Self::Length => f.write_str("the stated length is not the length"),
            Self::Value(field) => write!(f, "no such value for {field}"),
            Self::Path => f.write_str("not a canonical relative path"),
            Self::Space => f.write_str("the message is too long"),
        }
    }
}

impl core::error::Error for ProtocolError {}
