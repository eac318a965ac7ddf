//! Texts whose growth can fail.

use alloc::vec::Vec;
use core::fmt::{Arguments, Error as Full, Result as Wrote, Write};

use litebox_libos::{Error, ErrorKind, Result};

/// A text being made.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
}

const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for the text of a file");

impl Text {
    /// Add `bytes`.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes.try_reserve(bytes.len()).map_err(|_| NO_MEMORY)?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Add what `format_args!` made.
    pub(super) fn format(&mut self, arguments: Arguments<'_>) -> Result<()> {
        self.write_fmt(arguments).map_err(|_| NO_MEMORY)
    }

    /// Add what `format_args!` made, and a newline.
    pub(super) fn line(&mut self, arguments: Arguments<'_>) -> Result<()> {
        self.format(arguments)?;
        self.put(b"\n")
    }

    /// Add `bytes` with those of them that are in `special` as a backslash and three octal digits.
    pub(super) fn escaped(&mut self, bytes: &[u8], special: &[u8]) -> Result<()> {
        for byte in bytes {
            if special.contains(byte) {
                self.format(format_args!("\\{byte:03o}"))?;
            } else {
                self.put(&[*byte])?;
            }
        }
        Ok(())
    }

    /// How many bytes there are.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The text.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> Wrote {
        self.put(text.as_bytes()).map_err(|_| Full)
    }
}
