//! What a sandbox may ask of its broker.

use crate::access::ChangesWire;
use crate::path::is_target;
use crate::terminal::TermiosWire;
use crate::wire::{Reader, Writer, length16};
use crate::{
    Access, Changes, ProtocolError, RelativePath, RemoveKind, RenameFlags, ReportKind, TerminalOperation,
    WalkPurpose, When, header,
};
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The longest text of a report, in bytes.
pub const MAX_TEXT: usize = 4096;

/// One request. `mount` is an index into the mounts of the start block, and `path` is below that mount.
///
/// File requests never follow a symbolic link, in any component: a path through one is answered with ELOOP, and
/// the sandbox, which has read the link, asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// The bytes of the start block from `offset`. Answer: `Bytes`.
    Start {
        /// Where to begin, in bytes.
        offset: u32,
    },
    /// The attributes of a file, not following a final symbolic link (lstat(2)). Answer: `Attributes`.
    Stat {
        /// The mount.
        mount: u32,
        /// The file.
        path: RelativePath<'a>,
    },
    /// What stands at each step of a path from one on, as far as it leads through directories. Answer: `Steps`, or
    /// what is wrong with the first of these steps.
    Walk {
        /// The mount.
        mount: u32,
        /// The path.
        path: RelativePath<'a>,
        /// How many components come before the first step: less than there are.
        from: u32,
        /// For `Read`, an answer that tells of a regular file at the path's end carries a descriptor to read it, if it
        /// can be opened.
        purpose: WalkPurpose,
    },
    /// The target of a symbolic link (readlink(2)). Answer: `Target`.
    ReadLink {
        /// The mount.
        mount: u32,
        /// The link.
        path: RelativePath<'a>,
    },
    /// A part of a directory's entries. Answer: `Entries`.
    ///
    /// `.` and `..` are left out, and what the policy hides. An entry that exists from the first request of a listing to its last is
    /// told exactly once; one made or removed in between may or may not be.
    List {
        /// The mount.
        mount: u32,
        /// The directory.
        path: RelativePath<'a>,
        /// 0 for the first part, else the `next` of the answer before.
        cookie: u64,
    },
    /// Open an existing regular file (open(2) with `O_NOFOLLOW`). Answer: `Opened`, with the descriptor.
    ///
    /// Anything but a regular file is refused with EACCES, a directory with EISDIR.
    Open {
        /// The mount.
        mount: u32,
        /// The file.
        path: RelativePath<'a>,
        /// How; `EXCLUSIVE` has no meaning here and is refused.
        access: Access,
    },
    /// The file system at the root of a mount (statfs(2)). Answer: `FileSystem`.
    StatFileSystem {
        /// The mount.
        mount: u32,
    },
    /// Create a regular file and open it (open(2) with `O_CREAT`). Answer: `Opened`, with the descriptor.
    Create {
        /// The mount.
        mount: u32,
        /// The file.
        path: RelativePath<'a>,
        /// Permission bits, the guest's umask already applied; set-id bits are refused.
        mode: u32,
        /// How it is opened.
        access: Access,
    },
    /// Make a directory (mkdir(2)). Answer: `Attributes`.
    MakeDirectory {
        /// The mount.
        mount: u32,
        /// The new directory.
        path: RelativePath<'a>,
        /// Permission bits, the guest's umask already applied.
        mode: u32,
    },
    /// Make a symbolic link (symlink(2)). Answer: `Attributes`.
    MakeSymlink {
        /// The mount.
        mount: u32,
        /// The new link.
        path: RelativePath<'a>,
        /// What it says: any bytes without NUL; it is never followed by the broker.
        target: &'a [u8],
    },
    /// Give a file a second name (link(2)). Answer: `Attributes`.
    Link {
        /// The mount of both names.
        mount: u32,
        /// The existing name.
        from: RelativePath<'a>,
        /// The new name.
        to: RelativePath<'a>,
    },
    /// Rename an entry (renameat2(2)). Answer: `Done`.
    Rename {
        /// The mount of both names.
        mount: u32,
        /// The old name.
        from: RelativePath<'a>,
        /// The new name.
        to: RelativePath<'a>,
        /// How an existing target is treated.
        flags: RenameFlags,
    },
    /// Remove an entry (unlink(2), rmdir(2)). Answer: `Done`.
    Remove {
        /// The mount.
        mount: u32,
        /// The entry.
        path: RelativePath<'a>,
        /// What it may be.
        kind: RemoveKind,
    },
    /// Change attributes, not following a final symbolic link. Answer: `Attributes`, as they are afterwards.
    SetAttributes {
        /// The mount.
        mount: u32,
        /// The file.
        path: RelativePath<'a>,
        /// What to change.
        changes: Changes,
    },
    /// Ask the terminal behind one of the sandbox's first three descriptors. Answer: `Termios`, `WindowSize` or
    /// `Done`; ENOTTY when that descriptor is no terminal.
    Terminal {
        /// 0, 1 or 2.
        descriptor: u32,
        /// What to do.
        operation: TerminalOperation,
    },
    /// Something the user should hear of. Answer: `Done`, always.
    Report {
        /// What it is about.
        kind: ReportKind,
        /// At most [`MAX_TEXT`] bytes.
        text: &'a [u8],
    },
    /// The guest's first process has ended. Answer: `Done`; the sandbox then ends.
    Exit {
        /// As wait(2) gives it: the exit code in bits 8 to 15, or the signal in bits 0 to 6.
        status: u32,
    },
    /// The library OS stops because of an error of its own. Answer: `Done`.
    Fatal {
        /// The message, at most [`MAX_TEXT`] bytes.
        text: &'a [u8],
    },
}

/// The opcodes, in the order of [`Request`].
mod opcode {
    pub(super) const START: u16 = 1;
    pub(super) const STAT: u16 = 2;
    pub(super) const READ_LINK: u16 = 3;
    pub(super) const LIST: u16 = 4;
    pub(super) const OPEN: u16 = 5;
    pub(super) const STAT_FILE_SYSTEM: u16 = 6;
    pub(super) const CREATE: u16 = 7;
    pub(super) const MAKE_DIRECTORY: u16 = 8;
    pub(super) const MAKE_SYMLINK: u16 = 9;
    pub(super) const LINK: u16 = 10;
    pub(super) const RENAME: u16 = 11;
    pub(super) const REMOVE: u16 = 12;
    pub(super) const SET_ATTRIBUTES: u16 = 13;
    pub(super) const TERMINAL: u16 = 14;
    pub(super) const REPORT: u16 = 15;
    pub(super) const EXIT: u16 = 16;
    pub(super) const FATAL: u16 = 17;
    pub(super) const WALK: u16 = 18;
}

/// A mount and one path below it; the path's bytes follow the fixed part.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct PlaceWire {
    mount: U32,
    length: U16,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct TerminalWire {
    descriptor: U32,
    operation: U32,
}

/// Writes a place and what is fixed, then the path.
fn put_place(
    writer: &mut Writer<'_>,
    mount: u32,
    path: RelativePath<'_>,
    fixed: impl FnOnce(&mut Writer<'_>) -> Result<(), ProtocolError>,
) -> Result<(), ProtocolError> {
    writer.put(&PlaceWire { mount: mount.into(), length: length16(path.as_bytes())?.into() })?;
    fixed(writer)?;
    writer.bytes(path.as_bytes())
}

fn put_u32(writer: &mut Writer<'_>, value: u32) -> Result<(), ProtocolError> {
    writer.put(&U32::from(value))
}

fn put_counted(writer: &mut Writer<'_>, bytes: &[u8], limit: usize) -> Result<(), ProtocolError> {
    if bytes.len() > limit {
        return Err(ProtocolError::Space);
    }
    writer.put(&U16::from(length16(bytes)?))?;
    writer.bytes(bytes)
}

fn take_u32(reader: &mut Reader<'_>) -> Result<u32, ProtocolError> {
    Ok(reader.take::<U32>()?.get())
}

fn take_counted<'a>(reader: &mut Reader<'a>, limit: usize) -> Result<&'a [u8], ProtocolError> {
    let length = usize::from(reader.take::<U16>()?.get());
    if length > limit { Err(ProtocolError::Space) } else { reader.bytes(length) }
}

fn take_path<'a>(reader: &mut Reader<'a>, length: U16) -> Result<RelativePath<'a>, ProtocolError> {
    RelativePath::new(reader.bytes(usize::from(length.get()))?)
}

/// Reads a mount, a path, and what stands between them.
fn take_place<'a, T>(
    reader: &mut Reader<'a>,
    fixed: impl FnOnce(&mut Reader<'a>) -> Result<T, ProtocolError>,
) -> Result<(u32, RelativePath<'a>, T), ProtocolError> {
    let place: &PlaceWire = reader.take()?;
    let fixed = fixed(reader)?;
    Ok((place.mount.get(), take_path(reader, place.length)?, fixed))
}

/// A walk has at least one step.
fn check_from(path: RelativePath<'_>, from: u32) -> Result<(), ProtocolError> {
    let from = usize::try_from(from).map_err(|_| ProtocolError::Value("walk"))?;
    path.components().nth(from).map(|_| ()).ok_or(ProtocolError::Value("walk"))
}

/// Permission bits without set-id bits.
fn plain_mode(mode: u32) -> Result<u32, ProtocolError> {
    if mode & !0o1777 == 0 { Ok(mode) } else { Err(ProtocolError::Value("mode")) }
}

impl<'a> Request<'a> {
    /// The number of this request on the wire.
    #[must_use]
    pub fn opcode(&self) -> u16 {
        match self {
            Self::Start { .. } => opcode::START,
            Self::Stat { .. } => opcode::STAT,
            Self::Walk { .. } => opcode::WALK,
            Self::ReadLink { .. } => opcode::READ_LINK,
            Self::List { .. } => opcode::LIST,
            Self::Open { .. } => opcode::OPEN,
            Self::StatFileSystem { .. } => opcode::STAT_FILE_SYSTEM,
            Self::Create { .. } => opcode::CREATE,
            Self::MakeDirectory { .. } => opcode::MAKE_DIRECTORY,
            Self::MakeSymlink { .. } => opcode::MAKE_SYMLINK,
            Self::Link { .. } => opcode::LINK,
            Self::Rename { .. } => opcode::RENAME,
            Self::Remove { .. } => opcode::REMOVE,
            Self::SetAttributes { .. } => opcode::SET_ATTRIBUTES,
            Self::Terminal { .. } => opcode::TERMINAL,
            Self::Report { .. } => opcode::REPORT,
            Self::Exit { .. } => opcode::EXIT,
            Self::Fatal { .. } => opcode::FATAL,
        }
    }

    /// Writes the whole datagram to the start of `buffer` and gives its length.
    ///
    /// # Errors
    /// [`ProtocolError::Space`] when it does not fit, [`ProtocolError::Value`] when a field has no meaning.
    pub fn encode(&self, buffer: &mut [u8]) -> Result<usize, ProtocolError> {
        header::seal(buffer, self.opcode(), |writer| self.put_body(writer))
    }

    fn put_body(&self, w: &mut Writer<'_>) -> Result<(), ProtocolError> {
        match *self {
            Self::Start { offset } => put_u32(w, offset),
            Self::Stat { mount, path } | Self::ReadLink { mount, path } => {
                put_place(w, mount, path, |_| Ok(()))
            }
            Self::Walk { mount, path, from, purpose } => {
                check_from(path, from)?;
                put_place(w, mount, path, |w| {
                    put_u32(w, from)?;
                    put_u32(w, purpose as u32)
                })
            }
            Self::List { mount, path, cookie } => put_place(w, mount, path, |w| w.put(&U64::from(cookie))),
            Self::Open { mount, path, access } => put_place(w, mount, path, |w| put_u32(w, access.bits())),
            Self::StatFileSystem { mount } => put_u32(w, mount),
            Self::Create { mount, path, mode, access } => put_place(w, mount, path, |w| {
                put_u32(w, plain_mode(mode)?)?;
                put_u32(w, access.bits())
            }),
            Self::MakeDirectory { mount, path, mode } => {
                put_place(w, mount, path, |w| put_u32(w, plain_mode(mode)?))
            }
            Self::MakeSymlink { mount, path, target } if is_target(target) => {
                put_place(w, mount, path, |w| put_counted(w, target, target.len()))
            }
            Self::MakeSymlink { .. } => Err(ProtocolError::Path),
            Self::Link { mount, from, to } => {
                put_place(w, mount, from, |w| put_counted(w, to.as_bytes(), to.as_bytes().len()))
            }
            Self::Rename { mount, from, to, flags } => put_place(w, mount, from, |w| {
                put_u32(w, flags.bits())?;
                put_counted(w, to.as_bytes(), to.as_bytes().len())
            }),
            Self::Remove { mount, path, kind } => put_place(w, mount, path, |w| put_u32(w, kind as u32)),
            Self::SetAttributes { mount, path, changes } => {
                put_place(w, mount, path, |w| w.put(&ChangesWire::from(&changes)))
            }
            Self::Terminal { descriptor, operation } => put_terminal(w, descriptor, &operation),
            Self::Report { kind, text } => {
                put_u32(w, kind as u32)?;
                put_counted(w, text, MAX_TEXT)
            }
            Self::Exit { status } => put_u32(w, status),
            Self::Fatal { text } => put_counted(w, text, MAX_TEXT),
        }
    }

    /// Reads a whole datagram.
    ///
    /// # Errors
    /// What is wrong with it; no bytes make this panic.
    pub fn decode(datagram: &'a [u8]) -> Result<Self, ProtocolError> {
        let (opcode, mut reader) = header::open(datagram)?;
        let request = match opcode {
            opcode::START => Self::Start { offset: take_u32(&mut reader)? },
            opcode::TERMINAL => take_terminal(&mut reader)?,
            opcode::REPORT => Self::Report {
                kind: ReportKind::decode(take_u32(&mut reader)?)?,
                text: take_counted(&mut reader, MAX_TEXT)?,
            },
            opcode::EXIT => Self::Exit { status: take_u32(&mut reader)? },
            opcode::FATAL => Self::Fatal { text: take_counted(&mut reader, MAX_TEXT)? },
            _ => take_file_request(opcode, &mut reader)?,
        };
        reader.finish()?;
        Ok(request)
    }
}

/// Reads the body of a request that names a mount.
fn take_file_request<'a>(opcode: u16, r: &mut Reader<'a>) -> Result<Request<'a>, ProtocolError> {
    Ok(match opcode {
        opcode::STAT => {
            let (mount, path, ()) = take_place(r, |_| Ok(()))?;
            Request::Stat { mount, path }
        }
        opcode::READ_LINK => {
            let (mount, path, ()) = take_place(r, |_| Ok(()))?;
            Request::ReadLink { mount, path }
        }
        opcode::WALK => {
            let (mount, path, (from, purpose)) =
                take_place(r, |r| Ok((take_u32(r)?, WalkPurpose::decode(take_u32(r)?)?)))?;
            check_from(path, from)?;
            Request::Walk { mount, path, from, purpose }
        }
        opcode::LIST => {
            let (mount, path, cookie) = take_place(r, |r| Ok(r.take::<U64>()?.get()))?;
            Request::List { mount, path, cookie }
        }
        opcode::OPEN => {
            let (mount, path, access) = take_place(r, |r| Access::decode(take_u32(r)?))?;
            if access.contains(Access::EXCLUSIVE) {
                return Err(ProtocolError::Value("access"));
            }
            Request::Open { mount, path, access }
        }
        opcode::STAT_FILE_SYSTEM => Request::StatFileSystem { mount: take_u32(r)? },
        _ => take_change_request(opcode, r)?,
    })
}

/// Reads the body of a request that changes files.
fn take_change_request<'a>(opcode: u16, r: &mut Reader<'a>) -> Result<Request<'a>, ProtocolError> {
    Ok(match opcode {
        opcode::CREATE => {
            let (mount, path, (mode, access)) =
                take_place(r, |r| Ok((plain_mode(take_u32(r)?)?, Access::decode(take_u32(r)?)?)))?;
            Request::Create { mount, path, mode, access }
        }
        opcode::MAKE_DIRECTORY => {
            let (mount, path, mode) = take_place(r, |r| plain_mode(take_u32(r)?))?;
            Request::MakeDirectory { mount, path, mode }
        }
        opcode::MAKE_SYMLINK => {
            let (mount, path, target) = take_place(r, |r| take_counted(r, usize::from(u16::MAX)))?;
            if !is_target(target) {
                return Err(ProtocolError::Path);
            }
            Request::MakeSymlink { mount, path, target }
        }
        opcode::LINK => {
            let (mount, from, to) = take_place(r, take_second_path)?;
            Request::Link { mount, from, to }
        }
        opcode::RENAME => {
            let (mount, from, (flags, to)) =
                take_place(r, |r| Ok((RenameFlags::decode(take_u32(r)?)?, take_second_path(r)?)))?;
            Request::Rename { mount, from, to, flags }
        }
        opcode::REMOVE => {
            let (mount, path, kind) = take_place(r, |r| RemoveKind::decode(take_u32(r)?))?;
            Request::Remove { mount, path, kind }
        }
        opcode::SET_ATTRIBUTES => {
            let (mount, path, changes) = take_place(r, |r| r.take::<ChangesWire>()?.decode())?;
            Request::SetAttributes { mount, path, changes }
        }
        _ => return Err(ProtocolError::Opcode(opcode)),
    })
}

fn take_second_path<'a>(reader: &mut Reader<'a>) -> Result<RelativePath<'a>, ProtocolError> {
    RelativePath::new(take_counted(reader, usize::from(u16::MAX))?)
}

const GET_ATTRIBUTES: u32 = 0;
const SET_ATTRIBUTES: u32 = 1;
const GET_WINDOW_SIZE: u32 = 2;

fn put_terminal(
    writer: &mut Writer<'_>,
    descriptor: u32,
    operation: &TerminalOperation,
) -> Result<(), ProtocolError> {
    let number = match operation {
        TerminalOperation::GetAttributes => GET_ATTRIBUTES,
        TerminalOperation::SetAttributes(..) => SET_ATTRIBUTES,
        TerminalOperation::GetWindowSize => GET_WINDOW_SIZE,
    };
    writer.put(&TerminalWire { descriptor: descriptor.into(), operation: number.into() })?;
    if let TerminalOperation::SetAttributes(when, termios) = operation {
        put_u32(writer, *when as u32)?;
        writer.put(&TermiosWire::from(termios))?;
    }
    Ok(())
}

fn take_terminal<'a>(reader: &mut Reader<'a>) -> Result<Request<'a>, ProtocolError> {
    let wire: &TerminalWire = reader.take()?;
    let descriptor = wire.descriptor.get();
    if descriptor > 2 {
        return Err(ProtocolError::Value("terminal descriptor"));
    }
    let operation = match wire.operation.get() {
        GET_ATTRIBUTES => TerminalOperation::GetAttributes,
        SET_ATTRIBUTES => {
            let when = When::decode(take_u32(reader)?)?;
            TerminalOperation::SetAttributes(when, reader.take::<TermiosWire>()?.into())
        }
        GET_WINDOW_SIZE => TerminalOperation::GetWindowSize,
        _ => return Err(ProtocolError::Value("terminal operation")),
    };
    Ok(Request::Terminal { descriptor, operation })
}
