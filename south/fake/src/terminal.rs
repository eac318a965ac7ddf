//! Noun *terminal*: streams that a test declares to be terminals.

use std::collections::HashMap;

use litebox_host::HostError;
use litebox_host::console::Stream;
use litebox_host::terminal::{SetWhen, Terminal, TerminalAttributes, WindowSize};

use crate::host::{FakeHost, lock};

/// The terminals, by the stream in front of them.
#[derive(Default)]
pub(crate) struct Terminals {
    by_stream: HashMap<u8, (TerminalAttributes, WindowSize)>,
}

impl FakeHost {
    /// Put a terminal of `size` behind `stream`, with attributes all zero.
    pub fn add_terminal(&self, stream: Stream, size: WindowSize) {
        lock(&self.state.terminals).by_stream.insert(stream as u8, ([0; 36], size));
    }
}

impl Terminal for FakeHost {
    fn attributes(&self, stream: Stream) -> Result<TerminalAttributes, HostError> {
        let terminals = lock(&self.state.terminals);
        terminals.by_stream.get(&(stream as u8)).map(|found| found.0).ok_or(HostError::NotSupported)
    }

    fn set_attributes(
        &self,
        stream: Stream,
        _: SetWhen,
        attributes: &TerminalAttributes,
    ) -> Result<(), HostError> {
        let mut terminals = lock(&self.state.terminals);
        let found = terminals.by_stream.get_mut(&(stream as u8)).ok_or(HostError::NotSupported)?;
        found.0 = *attributes;
        Ok(())
    }

    fn window_size(&self, stream: Stream) -> Result<WindowSize, HostError> {
        let terminals = lock(&self.state.terminals);
        terminals.by_stream.get(&(stream as u8)).map(|found| found.1).ok_or(HostError::NotSupported)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_declared_streams_are_terminals() {
        let host = FakeHost::new();
        host.add_terminal(Stream::Output, WindowSize { rows: 24, columns: 80, width: 0, height: 0 });
        assert_eq!(host.window_size(Stream::Output).unwrap().columns, 80);
        Terminal::set_attributes(&host, Stream::Output, SetWhen::Now, &[5; 36]).unwrap();
        assert_eq!(Terminal::attributes(&host, Stream::Output), Ok([5; 36]));
        assert_eq!(host.window_size(Stream::Input), Err(HostError::NotSupported));
    }
}
