//! Texts on a standard stream.

use alloc::string::String;
use core::fmt::{self, Write};

use litebox_host::console::{Console, Stream};

/// The longest piece that is kept before it is written.
const PIECE: usize = 4096;

/// A standard stream, written in pieces; what is left is written in the end. Nobody needs to read it: writing to it does
/// not fail.
pub(crate) struct Output<'a, C: Console> {
    console: &'a C,
    stream: Stream,
    text: String,
}

impl<'a, C: Console> Output<'a, C> {
    pub(crate) fn new(console: &'a C, stream: Stream) -> Self {
        Self { console, stream, text: String::new() }
    }

    fn flush(&mut self) {
        let mut rest = self.text.as_bytes();
        while let Ok(count @ 1..) = Console::write(self.console, self.stream, rest) {
            rest = rest.get(count..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
        }
        self.text.clear();
    }
}

impl<C: Console> Write for Output<'_, C> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        if self.text.len() >= PIECE {
            self.flush();
        }
        Ok(())
    }
}

impl<C: Console> Drop for Output<'_, C> {
    fn drop(&mut self) {
        self.flush();
    }
}
