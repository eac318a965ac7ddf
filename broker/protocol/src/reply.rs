//! What a broker answers.

use crate::attributes::{AttributesWire, FileSystemWire};
use crate::path::{MAX_PATH, is_target};
use crate::terminal::{TermiosWire, WindowSizeWire};
use crate::wire::{Reader, Writer};
use crate::{
    Attributes, Entries, FileSystem, HEADER_LENGTH, MAX_DATAGRAM, ProtocolError, Termios, WindowSize, header,
};
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The longest `data` of `Bytes`, in bytes.
pub const MAX_START_CHUNK: usize = MAX_DATAGRAM - HEADER_LENGTH - size_of::<U32>();

/// The rule of the policy behind a refusal, by number; new rules may be added, so unknown numbers are values too.
/// What the policy hides is not told apart from what does not exist, and so carries no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule(pub u32);

impl Rule {
    /// No rule: the host's own answer.
    pub const NONE: Self = Self(0);
    /// The mount is not given as read-write.
    pub const READ_ONLY_MOUNT: Self = Self(1);
    /// The object is a device, pipe or socket of the host.
    pub const SPECIAL_FILE: Self = Self(2);
    /// The request is malformed.
    pub const MALFORMED: Self = Self(3);
    /// The request would move or replace something that the policy hides.
    pub const HIDDEN_BELOW: Self = Self(4);
    /// The attribute may not be given to a file of the host (set-id bits, foreign owners).
    pub const ATTRIBUTE: Self = Self(5);
    /// The terminal may not be asked or changed.
    pub const TERMINAL: Self = Self(6);
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<'a> {
    /// The request is done and there is nothing to tell.
    Done,
    /// The request failed.
    Error {
        /// The Linux error number, 1 to 4095.
        errno: u32,
        /// The rule that refused it, or [`Rule::NONE`].
        rule: Rule,
    },
    /// A part of the start block.
    Bytes {
        /// The length of the whole block, in bytes.
        total: u32,
        /// The part; empty only at the end of the block.
        data: &'a [u8],
    },
    /// The attributes of a file.
    Attributes(Attributes),
    /// The target of a symbolic link.
    Target(&'a [u8]),
    /// A part of a listing.
    Entries {
        /// The cookie for the next part; absent at the end. A part may be empty without being the last.
        next: Option<u64>,
        /// The entries.
        entries: Entries<'a>,
    },
    /// The steps of a walk. This datagram may carry one descriptor, if the walk was to read.
    Steps {
        /// How the walk ends: 0 at the path's end, at what is no directory, and where another request has to go on;
        /// ENOENT where the next component does not exist.
        errno: u32,
        /// The last step's target, if that is a symbolic link; else empty.
        target: &'a [u8],
        /// What stands at each step, with attributes; at least one.
        steps: Entries<'a>,
    },
    /// A file was opened: this datagram carries exactly one descriptor.
    Opened(Attributes),
    /// A file system.
    FileSystem(FileSystem),
    /// Terminal settings.
    Termios(Termios),
    /// A window's size.
    WindowSize(WindowSize),
}

/// The opcodes, in the order of [`Reply`].
mod opcode {
    pub(super) const DONE: u16 = 0x8000;
    pub(super) const ERROR: u16 = 0x8001;
    pub(super) const BYTES: u16 = 0x8002;
    pub(super) const ATTRIBUTES: u16 = 0x8003;
    pub(super) const TARGET: u16 = 0x8004;
    pub(super) const ENTRIES: u16 = 0x8005;
    pub(super) const OPENED: u16 = 0x8006;
    pub(super) const FILE_SYSTEM: u16 = 0x8007;
    pub(super) const TERMIOS: u16 = 0x8008;
    pub(super) const WINDOW_SIZE: u16 = 0x8009;
    pub(super) const STEPS: u16 = 0x800a;
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct ErrorWire {
    errno: U32,
    rule: U32,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct EntriesWire {
    next: U64,
    /// 1 when `next` is a cookie; 0 at the end, with `next` 0.
    more: U32,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct StepsWire {
    errno: U32,
    target: U32,
}

impl<'a> Reply<'a> {
    /// The bytes that a full datagram leaves for the packed steps of a walk, beside the longest target.
    pub const MAX_STEPS: usize = MAX_DATAGRAM - HEADER_LENGTH - size_of::<StepsWire>() - MAX_PATH;

    /// The bytes that a full datagram leaves for the packed entries of a listing.
    pub const MAX_ENTRIES: usize = MAX_DATAGRAM - HEADER_LENGTH - size_of::<EntriesWire>();

    /// The number of this reply on the wire.
    #[must_use]
    pub fn opcode(&self) -> u16 {
        match self {
            Self::Done => opcode::DONE,
            Self::Error { .. } => opcode::ERROR,
            Self::Bytes { .. } => opcode::BYTES,
            Self::Attributes(_) => opcode::ATTRIBUTES,
            Self::Target(_) => opcode::TARGET,
            Self::Entries { .. } => opcode::ENTRIES,
            Self::Steps { .. } => opcode::STEPS,
            Self::Opened(_) => opcode::OPENED,
            Self::FileSystem(_) => opcode::FILE_SYSTEM,
            Self::Termios(_) => opcode::TERMIOS,
            Self::WindowSize(_) => opcode::WINDOW_SIZE,
        }
    }

    /// Whether the datagram carries a descriptor, whatever was asked; one with `Steps` may.
    #[must_use]
    pub fn carries_descriptor(&self) -> bool {
        matches!(self, Self::Opened(_))
    }

    /// Writes the whole datagram to the start of `buffer` and gives its length.
    ///
    /// # Errors
    /// [`ProtocolError::Space`] when it does not fit, [`ProtocolError::Value`] when a field has no meaning.
    pub fn encode(&self, buffer: &mut [u8]) -> Result<usize, ProtocolError> {
        header::seal(buffer, self.opcode(), |writer| self.put_body(writer))
    }

    fn put_body(&self, writer: &mut Writer<'_>) -> Result<(), ProtocolError> {
        match self {
            Self::Done => Ok(()),
            Self::Error { errno, rule } => {
                writer.put(&ErrorWire { errno: known_errno(*errno)?.into(), rule: rule.0.into() })
            }
            Self::Bytes { total, data } => {
                writer.put(&U32::from(*total))?;
                writer.bytes(data)
            }
            Self::Attributes(attributes) | Self::Opened(attributes) => {
                writer.put(&AttributesWire::from(attributes))
            }
            Self::Target(target) if is_target(target) => writer.bytes(target),
            Self::Target(_) => Err(ProtocolError::Path),
            Self::Entries { next, entries } => {
                let more = u32::from(next.is_some());
                writer.put(&EntriesWire { next: next.unwrap_or(0).into(), more: more.into() })?;
                writer.bytes(entries.as_bytes())
            }
            Self::Steps { errno, target, steps } => {
                let length = u32::try_from(target.len()).map_err(|_| ProtocolError::Space)?;
                writer.put(&StepsWire { errno: walk_end(*errno)?.into(), target: length.into() })?;
                writer.bytes(last_target(target)?)?;
                writer.bytes(steps.as_bytes())
            }
            Self::FileSystem(file_system) => writer.put(&FileSystemWire::from(file_system)),
            Self::Termios(termios) => writer.put(&TermiosWire::from(termios)),
            Self::WindowSize(size) => writer.put(&WindowSizeWire::from(size)),
        }
    }

    /// Reads a whole datagram.
    ///
    /// # Errors
    /// What is wrong with it; no bytes make this panic.
    pub fn decode(datagram: &'a [u8]) -> Result<Self, ProtocolError> {
        let (opcode, mut reader) = header::open(datagram)?;
        let reply = match opcode {
            opcode::DONE => Self::Done,
            opcode::ERROR => {
                let wire: &ErrorWire = reader.take()?;
                Self::Error { errno: known_errno(wire.errno.get())?, rule: Rule(wire.rule.get()) }
            }
            opcode::BYTES => Self::Bytes { total: reader.take::<U32>()?.get(), data: reader.remaining() },
            opcode::ATTRIBUTES => Self::Attributes(reader.take::<AttributesWire>()?.decode()?),
            opcode::TARGET => take_target(&mut reader)?,
            opcode::ENTRIES => take_entries(&mut reader)?,
            opcode::STEPS => take_steps(&mut reader)?,
            opcode::OPENED => Self::Opened(reader.take::<AttributesWire>()?.decode()?),
            opcode::FILE_SYSTEM => Self::FileSystem(reader.take::<FileSystemWire>()?.into()),
            opcode::TERMIOS => Self::Termios(reader.take::<TermiosWire>()?.into()),
            opcode::WINDOW_SIZE => Self::WindowSize(reader.take::<WindowSizeWire>()?.into()),
            _ => return Err(ProtocolError::Opcode(opcode)),
        };
        reader.finish()?;
        Ok(reply)
    }
}

/// An error number that Linux can return.
fn known_errno(errno: u32) -> Result<u32, ProtocolError> {
    if (1..=4095).contains(&errno) { Ok(errno) } else { Err(ProtocolError::Value("errno")) }
}

/// How a walk can end.
fn walk_end(errno: u32) -> Result<u32, ProtocolError> {
    const NOT_FOUND: u32 = 2;
    if matches!(errno, 0 | NOT_FOUND) { Ok(errno) } else { Err(ProtocolError::Value("walk")) }
}

fn last_target(target: &[u8]) -> Result<&[u8], ProtocolError> {
    if target.is_empty() || is_target(target) { Ok(target) } else { Err(ProtocolError::Path) }
}

fn take_steps<'a>(reader: &mut Reader<'a>) -> Result<Reply<'a>, ProtocolError> {
    let wire: &StepsWire = reader.take()?;
    let length = usize::try_from(wire.target.get()).map_err(|_| ProtocolError::Space)?;
    let target = last_target(reader.bytes(length)?)?;
    let steps = Entries::new(reader.remaining())?;
    if steps.iter().next().is_none() || steps.iter().any(|step| step.attributes.is_none()) {
        return Err(ProtocolError::Value("walk"));
    }
    Ok(Reply::Steps { errno: walk_end(wire.errno.get())?, target, steps })
}

fn take_target<'a>(reader: &mut Reader<'a>) -> Result<Reply<'a>, ProtocolError> {
    let target = reader.remaining();
    if is_target(target) { Ok(Reply::Target(target)) } else { Err(ProtocolError::Path) }
}

fn take_entries<'a>(reader: &mut Reader<'a>) -> Result<Reply<'a>, ProtocolError> {
    let wire: &EntriesWire = reader.take()?;
    let next = match (wire.more.get(), wire.next.get()) {
        (0, 0) => None,
        (1, cookie) => Some(cookie),
        _ => return Err(ProtocolError::Value("listing cookie")),
    };
    Ok(Reply::Entries { next, entries: Entries::new(reader.remaining())? })
}
