//! Noun *terminal*: no stream of the machine is one.

use litebox_host::HostError;
use litebox_host::console::Stream;
use litebox_host::terminal::{
    FromTerminal, LINK_BYTES, SetWhen, Terminal, TerminalAttributes, TerminalLink, WindowSize,
};

use crate::host::BareMachine;

impl Terminal for BareMachine {
    fn attributes(&self, _: Stream) -> Result<TerminalAttributes, HostError> {
        Err(HostError::NotSupported)
    }

    fn set_attributes(&self, _: Stream, _: SetWhen, _: &TerminalAttributes) -> Result<(), HostError> {
        Err(HostError::NotSupported)
    }

    fn window_size(&self, _: Stream) -> Result<WindowSize, HostError> {
        Err(HostError::NotSupported)
    }
}

impl TerminalLink for BareMachine {
    fn receive(&self, _: &mut [u8; LINK_BYTES]) -> Result<FromTerminal, HostError> {
        Err(HostError::BrokenPipe)
    }

    fn show(&self, _: &[u8]) -> Result<usize, HostError> {
        Err(HostError::BrokenPipe)
    }

    fn suspend(&self) -> Result<(), HostError> {
        Err(HostError::NotSupported)
    }
}
