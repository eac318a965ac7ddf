//! Noun *terminal*: streams that a test declares to be terminals.

use std::collections::{HashMap, VecDeque};

use litebox_host::HostError;
use litebox_host::console::{Console, Stream};
use litebox_host::terminal::{
    FromTerminal, LINK_BYTES, SetWhen, Terminal, TerminalAttributes, TerminalLink, WindowSize,
};

use crate::host::{FakeHost, lock};

/// The terminals, by the stream in front of them.
#[derive(Default)]
pub(crate) struct Terminals {
    by_stream: HashMap<u8, (TerminalAttributes, WindowSize)>,
    /// Sizes that the link tells before what stream 0 holds.
    sizes: VecDeque<WindowSize>,
    suspensions: usize,
}

impl FakeHost {
    /// Put a terminal of `size` behind `stream`, with attributes all zero.
    pub fn add_terminal(&self, stream: Stream, size: WindowSize) {
        lock(&self.state.terminals).by_stream.insert(stream as u8, ([0; 36], size));
    }

    /// Let the link tell the window's `size` next. Whoever waits for input learns it with the input.
    pub fn resize(&self, size: WindowSize) {
        lock(&self.state.terminals).sizes.push_back(size);
    }

    /// How often a stop of the whole sandbox was asked for.
    pub fn suspensions(&self) -> usize {
        lock(&self.state.terminals).suspensions
    }
}

/// The link carries what streams 0 and 1 do.
impl TerminalLink for FakeHost {
    fn receive(&self, bytes: &mut [u8; LINK_BYTES]) -> Result<FromTerminal, HostError> {
        let size = lock(&self.state.terminals).sizes.pop_front();
        if let Some(size) = size {
            return Ok(FromTerminal::Window(size));
        }
        match self.read(Stream::Input, bytes)? {
            0 => Ok(FromTerminal::End),
            count => Ok(FromTerminal::Bytes(count)),
        }
    }

    fn show(&self, bytes: &[u8]) -> Result<usize, HostError> {
        self.write(Stream::Output, bytes)
    }

    fn suspend(&self) -> Result<(), HostError> {
        lock(&self.state.terminals).suspensions += 1;
        Ok(())
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
