//! The addresses of local sockets (`unix(7)`, Address format).

use alloc::vec::Vec;

use crate::error::{Error, ErrorKind, Result};
use crate::memory::buffer::copied;

/// The name of a socket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// A path, as it was given when the socket was bound. It may lead elsewhere by now.
    Path(Vec<u8>),
    /// A name of the sandbox's own table, any bytes.
    Abstract(Vec<u8>),
}

/// What a guest gives for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// No name: `bind` finds one, nothing can be reached by it.
    Nothing,
    /// A name.
    Name(Address),
}

/// The longest name (`sun_path`).
pub const MAX_NAME: usize = 108;

impl Given {
    /// The address in `name`, the bytes of a `sun_path`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if they are too many, [`ErrorKind::NoMemory`].
    pub fn decode(name: &[u8]) -> Result<Self> {
        if name.len() > MAX_NAME {
            return Err(Error::new(ErrorKind::InvalidArgument, "longer than a socket's name may be"));
        }
        Ok(match name.split_first() {
            None => Self::Nothing,
            Some((0, rest)) => Self::Name(Address::Abstract(copied(rest)?)),
            Some(_) => {
                let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                Self::Name(Address::Path(copied(name.get(..end).unwrap_or_default())?))
            }
        })
    }
}

impl Address {
    /// The bytes of its `sun_path`: a path with its NUL, even where that makes it longer than [`MAX_NAME`].
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Path(path) => [path, &b"\0"[..]].concat(),
            Self::Abstract(name) => [&b"\0"[..], name].concat(),
        }
    }

    /// As `/proc/net/unix` shows it.
    pub(super) fn show(&self) -> Vec<u8> {
        match self {
            Self::Path(path) => path.clone(),
            Self::Abstract(name) => {
                let shown = name.iter().map(|byte| if *byte == 0 { b'@' } else { *byte });
                core::iter::once(b'@').chain(shown).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_at_its_nul_and_an_abstract_name_does_not() {
        assert_eq!(Given::decode(b""), Ok(Given::Nothing));
        assert_eq!(Given::decode(b"/a\0b"), Ok(Given::Name(Address::Path(b"/a".to_vec()))));
        assert_eq!(Given::decode(b"\0a\0"), Ok(Given::Name(Address::Abstract(b"a\0".to_vec()))));
        assert_eq!(Address::Path(alloc::vec![b'a'; MAX_NAME]).bytes().len(), MAX_NAME + 1);
        assert!(Given::decode(&[b'a'; MAX_NAME + 1]).is_err());
    }
}
