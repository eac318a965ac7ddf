//! The link between a terminal and the pseudoterminal that a sandbox was given: messages of a `SOCK_SEQPACKET` socket
//! (unix(7)), which is descriptors 0 and 1 of the sandbox. One byte says what a message is.

use crate::{ProtocolError, WindowSize};

/// The most bytes of a terminal in one message.
pub const MAX_LINK_BYTES: usize = 4096;

/// The longest message.
pub const MAX_LINK: usize = 1 + MAX_LINK_BYTES;

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkMessage<'a> {
    /// Bytes that were typed, or that are to be shown.
    Bytes(&'a [u8]),
    /// To the sandbox: the size of the window. The first message is one.
    Window(WindowSize),
    /// To the sandbox: nothing more will be typed.
    End,
    /// From the sandbox: the person at the terminal asks for a stop of all of it, and nobody inside could continue it.
    Suspend,
}

const BYTES: u8 = 0;
const WINDOW: u8 = 1;
const END: u8 = 2;
const SUSPEND: u8 = 3;

impl<'a> LinkMessage<'a> {
    /// Writes the message to `buffer`; its length.
    ///
    /// # Errors
    /// [`ProtocolError::Space`] if it does not fit.
    pub fn encode(&self, buffer: &mut [u8; MAX_LINK]) -> Result<usize, ProtocolError> {
        let size;
        let (kind, payload): (u8, &[u8]) = match self {
            Self::Bytes(bytes) => (BYTES, bytes),
            Self::Window(window) => {
                size = encode_size(window);
                (WINDOW, &size)
            }
            Self::End => (END, &[]),
            Self::Suspend => (SUSPEND, &[]),
        };
        let (first, rest) = buffer.split_first_mut().ok_or(ProtocolError::Space)?;
        let place = rest.get_mut(..payload.len()).ok_or(ProtocolError::Space)?;
        *first = kind;
        place.copy_from_slice(payload);
        Ok(1 + payload.len())
    }

    /// Reads a message.
    ///
    /// # Errors
    /// What is wrong with it; no bytes make this panic.
    pub fn decode(message: &'a [u8]) -> Result<Self, ProtocolError> {
        let (kind, payload) = message.split_first().ok_or(ProtocolError::Space)?;
        match (*kind, payload) {
            (BYTES, bytes) if bytes.len() <= MAX_LINK_BYTES => Ok(Self::Bytes(bytes)),
            (WINDOW, size) => decode_size(size).map(Self::Window).ok_or(ProtocolError::Value("window size")),
            (END, []) => Ok(Self::End),
            (SUSPEND, []) => Ok(Self::Suspend),
            _ => Err(ProtocolError::Value("link message")),
        }
    }
}

fn encode_size(size: &WindowSize) -> [u8; 8] {
    let mut bytes = [0; 8];
    let numbers = [size.rows, size.columns, size.width, size.height].map(u16::to_le_bytes);
    for (to, from) in bytes.chunks_exact_mut(2).zip(numbers) {
        to.copy_from_slice(&from);
    }
    bytes
}

fn decode_size(bytes: &[u8]) -> Option<WindowSize> {
    let bytes: [u8; 8] = bytes.try_into().ok()?;
    let [a, b, c, d, e, f, g, h] = bytes;
    let number = |low, high| u16::from_le_bytes([low, high]);
    Some(WindowSize { rows: number(a, b), columns: number(c, d), width: number(e, f), height: number(g, h) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_and_others_are_refused() {
        let size = WindowSize { rows: 24, columns: 80, width: 1, height: 65535 };
        let mut buffer = [0; MAX_LINK];
        let all =
            [LinkMessage::Bytes(b"abc"), LinkMessage::Window(size), LinkMessage::End, LinkMessage::Suspend];
        for message in all {
            let length = message.encode(&mut buffer).unwrap();
            assert_eq!(LinkMessage::decode(buffer.get(..length).unwrap()), Ok(message));
        }
        for wrong in [&b""[..], b"\x01\0\0", b"\x02x", b"\x09"] {
            assert!(LinkMessage::decode(wrong).is_err());
        }
        assert!(LinkMessage::Bytes(&[0; MAX_LINK]).encode(&mut buffer).is_err());
    }
}
