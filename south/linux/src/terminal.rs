//! Noun *terminal*: the terminal behind a standard stream, through the broker's allow-list; or the link to one.
#![expect(unsafe_code, reason = "messages of the link are read and written by host calls")]

use litebox_broker_protocol as protocol;
use litebox_broker_protocol::{LinkMessage, MAX_LINK, Reply, Request, TerminalOperation, Termios, When};
use litebox_host::HostError;
use litebox_host::console::Stream;
use litebox_host::sync::Ordering;
use litebox_host::terminal::{
    FromTerminal, LINK_BYTES, SetWhen, Terminal, TerminalAttributes, TerminalLink, WindowSize,
};

use crate::channel::ask;
use crate::host::LinuxProcess;
use crate::{arena, error, gate};

/// The request, if the stream may be a terminal at all: programs ask at their start, and most are in a pipeline.
fn request(stream: Stream, operation: TerminalOperation) -> Result<Request<'static>, HostError> {
    let descriptor = stream as u32;
    if arena::header().terminals.load(Ordering::Relaxed) & 1 << descriptor == 0 {
        return Err(HostError::NotSupported);
    }
    Ok(Request::Terminal { descriptor, operation })
}

/// The four flag words, the line discipline and the characters of `struct termios`.
fn encode(from: &Termios) -> TerminalAttributes {
    let mut bytes = [0; 36];
    let words = [from.input, from.output, from.control, from.local];
    for (to, word) in bytes.chunks_exact_mut(4).zip(words) {
        to.copy_from_slice(&word.to_le_bytes());
    }
    let (_, rest) = bytes.split_at_mut(16);
    if let Some((line, characters)) = rest.split_first_mut() {
        *line = from.line;
        characters.copy_from_slice(&from.characters);
    }
    bytes
}

/// As [`encode`], back; the speeds of `termios2` stay what the control word says.
fn decode(bytes: &TerminalAttributes) -> Termios {
    let mut words = bytes.chunks_exact(4).map(|word| word.try_into().map_or(0, u32::from_le_bytes));
    let mut next = || words.next().unwrap_or_default();
    let (input, output, control, local) = (next(), next(), next(), next());
    let mut characters = [0; 19];
    characters.copy_from_slice(&bytes[17..]);
    Termios { input, output, control, local, line: bytes[16], characters, input_speed: 0, output_speed: 0 }
}

impl Terminal for LinuxProcess {
    fn attributes(&self, stream: Stream) -> Result<TerminalAttributes, HostError> {
        ask(&request(stream, TerminalOperation::GetAttributes)?, |reply, _| match reply {
            Reply::Termios(found) => Ok(encode(&found)),
            _ => Err(HostError::Unknown),
        })?
    }

    fn set_attributes(
        &self,
        stream: Stream,
        when: SetWhen,
        attributes: &TerminalAttributes,
    ) -> Result<(), HostError> {
        let when = match when {
            SetWhen::Now => When::Now,
            SetWhen::Drain => When::Drain,
            SetWhen::Flush => When::Flush,
        };
        ask(&request(stream, TerminalOperation::SetAttributes(when, decode(attributes)))?, |_, _| ())
    }

    fn window_size(&self, stream: Stream) -> Result<WindowSize, HostError> {
        ask(&request(stream, TerminalOperation::GetWindowSize)?, |reply, _| match reply {
            Reply::WindowSize(protocol::WindowSize { rows, columns, width, height }) => {
                Ok(WindowSize { rows, columns, width, height })
            }
            _ => Err(HostError::Unknown),
        })?
    }
}

/// Numbers of the calls that a kick interrupts.
mod number {
    pub(super) const READ: u32 = 0;
    pub(super) const WRITE: u32 = 1;
}

/// A host call on the link.
fn interruptible(number: u32, arguments: [usize; 3]) -> error::Result<usize> {
    // SAFETY: callers pass a standard stream and a buffer of theirs with its length.
    unsafe { gate::call_interruptible(number, gate::pad(arguments)) }
}

fn send(message: &LinkMessage<'_>) -> Result<(), HostError> {
    let mut buffer = [0; MAX_LINK];
    let length = message.encode(&mut buffer).map_err(|_| HostError::Invalid)?;
    interruptible(number::WRITE, [Stream::Output as usize, buffer.as_ptr().addr(), length])?;
    Ok(())
}

impl TerminalLink for LinuxProcess {
    fn receive(&self, bytes: &mut [u8; LINK_BYTES]) -> Result<FromTerminal, HostError> {
        let mut buffer = [0; MAX_LINK];
        let arguments = [Stream::Input as usize, buffer.as_mut_ptr().addr(), buffer.len()];
        let length = interruptible(number::READ, arguments)?;
        if length == 0 {
            return Err(HostError::BrokenPipe);
        }
        match LinkMessage::decode(buffer.get(..length).unwrap_or_default()) {
            Ok(LinkMessage::Bytes(typed)) => {
                for (to, from) in bytes.iter_mut().zip(typed) {
                    *to = *from;
                }
                Ok(FromTerminal::Bytes(typed.len()))
            }
            Ok(LinkMessage::Window(size)) => {
                let protocol::WindowSize { rows, columns, width, height } = size;
                Ok(FromTerminal::Window(WindowSize { rows, columns, width, height }))
            }
            Ok(LinkMessage::End) => Ok(FromTerminal::End),
            Ok(LinkMessage::Suspend) | Err(_) => Err(HostError::Unknown),
        }
    }

    fn show(&self, bytes: &[u8]) -> Result<usize, HostError> {
        let part = bytes.get(..bytes.len().min(LINK_BYTES)).unwrap_or_default();
        send(&LinkMessage::Bytes(part))?;
        Ok(part.len())
    }

    fn suspend(&self) -> Result<(), HostError> {
        send(&LinkMessage::Suspend)
    }
}
