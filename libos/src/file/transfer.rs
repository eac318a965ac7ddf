//! Reading and writing through a description, blocking where the description says so.
//!
//! Every handler that moves bytes by descriptor calls one of two functions:
//!
//! ```text
//! transfer::read (&Caller { host, process, thread }, &description, Position, &mut destination) -> Result<usize>
//! transfer::write(&Caller { host, process, thread }, &description, Position, &mut source)      -> Result<usize>
//! ```
//!
//! They check the access mode ([`ErrorKind::BadDescriptor`]) and that a given position makes sense
//! ([`ErrorKind::NotSeekable`]), keep the offset and append, and wait if the description is not `NONBLOCK`. A read
//! answers what there is, a write goes on until all is written; what comes in between (a signal, an error, a
//! fault) is an error only if nothing was transferred before. [`ErrorKind::Interrupted`] may be restarted. After
//! [`ErrorKind::BrokenPipe`] from a write the caller raises whatever its guest expects (`SIGPIPE`).

use litebox_host::HostError;
use litebox_host::console::{Console, Stream, StreamWait};
use litebox_host::time::{Clock, Deadline, Time};

use super::{Asker, Description, File, FileStatus, Used};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{self, Readiness, Streams, Watch};
use crate::limit::INFINITE;
use crate::process::Process;
use crate::terminal::{self, Slave};
use crate::thread::Thread;
use crate::user::{Destination, Source};

/// Who transfers: the calling thread, its process and its host.
pub struct Caller<'a, H> {
    /// The host.
    pub host: &'a H,
    /// The process, which a terminal may stop.
    pub process: &'a Process,
    /// The thread that blocks.
    pub thread: &'a Thread,
}

impl<'a, H> Caller<'a, H> {
    /// `file` as the caller has it.
    pub(crate) fn use_of(&self, file: &'a dyn File) -> Used<'a> {
        Used::new(file, Asker { process: self.process, thread: self.thread })
    }
}

/// Where in the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// At the description's offset, which moves (`read(2)`).
    Current,
    /// At a given place; the offset stays (`pread(2)`).
    At(u64),
}

const NOT_OPEN: Error = Error::new(ErrorKind::BadDescriptor, "not open for this direction");
const NOT_SEEKABLE: Error = Error::new(ErrorKind::NotSeekable, "the object has no position");

/// Read from `description`; see the module. 0 is the end.
///
/// # Errors
/// Those of the module and of the object.
pub fn read<H: Console + Time>(
    caller: &Caller<'_, H>,
    description: &Description,
    position: Position,
    to: &mut dyn Destination,
) -> Result<usize> {
    let file = description.file().as_ref();
    check(description, FileStatus::READ, position)?;
    let used = caller.use_of(file);
    used.prepare();
    match position {
        Position::At(position) => used.read(Some(position), to),
        Position::Current if file.is_seekable() => {
            let mut offset = description.offset().lock();
            let count = used.read(Some(*offset), to)?;
            *offset = offset.saturating_add(count as u64);
            Ok(count)
        }
        Position::Current => match file.stream() {
            Some(stream) => read_stream(caller, file, stream, description.status(), to),
            None if let Some(slave) = description.file_as::<Slave>() => {
                terminal::read(caller, slave, description.status(), to)
            }
            None => transfer(caller, file, description.status(), Readiness::READ, || used.read(None, to)),
        },
    }
}

/// Write to `description`; see the module.
///
/// # Errors
/// Those of the module and of the object.
pub fn write<H: Console + Time>(
    caller: &Caller<'_, H>,
    description: &Description,
    position: Position,
    from: &mut dyn Source,
) -> Result<usize> {
    write_below(caller, description, position, from, INFINITE)
}

/// As [`write()`], where bytes of a regular file from `limit` on may not be written
/// ([`Resource::FileSize`](crate::limit::Resource)): a write across it is cut short.
///
/// # Errors
/// As [`write()`]; [`ErrorKind::FileSizeLimit`] for a write that begins there.
pub fn write_below<H: Console + Time>(
    caller: &Caller<'_, H>,
    description: &Description,
    position: Position,
    from: &mut dyn Source,
    limit: u64,
) -> Result<usize> {
    let file = description.file().as_ref();
    let status = description.status();
    check(description, FileStatus::WRITE, position)?;
    if let Some(personal) = file.personal() {
        return personal.write(Asker { process: caller.process, thread: caller.thread }, from);
    }
    match position {
        // As Linux does, against POSIX: an appending description appends even here (`pwrite(2)`, BUGS).
        Position::At(_) if status.contains(FileStatus::APPEND) => Ok(append_below(file, from, limit)?.0),
        Position::At(position) => put_below(file, position, from, limit),
        Position::Current if file.is_seekable() => {
            let mut offset = description.offset().lock();
            if status.contains(FileStatus::APPEND) {
                let (count, end) = append_below(file, from, limit)?;
                *offset = end;
                return Ok(count);
            }
            let count = put_below(file, *offset, from, limit)?;
            *offset = offset.saturating_add(count as u64);
            Ok(count)
        }
        Position::Current => write_all(caller, file, status, from),
    }
}

fn put_below(file: &dyn File, position: u64, from: &mut dyn Source, limit: u64) -> Result<usize> {
    if limit == INFINITE || file.regular().is_none() || from.remaining() == 0 {
        return file.write(Some(position), from);
    }
    file.write(Some(position), &mut Cut::below(limit, position, from)?)
}

/// Write at the end of `file`, as [`write_below`] does: how much was written, and where the end is then.
///
/// # Errors
/// Those of [`File::append`] and [`ErrorKind::FileSizeLimit`].
pub fn append_below(file: &dyn File, from: &mut dyn Source, limit: u64) -> Result<(usize, u64)> {
    if limit == INFINITE || file.regular().is_none() || from.remaining() == 0 {
        return file.append(from);
    }
    // Whoever appends at the same time may still push this write beyond the limit.
    let end = file.attributes()?.size;
    file.append(&mut Cut::below(limit, end, from)?)
}

/// The first bytes of a source.
struct Cut<'a> {
    from: &'a mut dyn Source,
    left: usize,
}

impl<'a> Cut<'a> {
    /// What of `from` fits between `position` and `limit`.
    fn below(limit: u64, position: u64, from: &'a mut dyn Source) -> Result<Self> {
        match usize::try_from(limit.saturating_sub(position)).unwrap_or(usize::MAX) {
            0 => Err(Error::new(ErrorKind::FileSizeLimit, "the process may not write so large a file")),
            left => Ok(Self { from, left }),
        }
    }

    fn wanted(&self, bytes: usize) -> usize {
        bytes.min(self.left)
    }
}

impl Source for Cut<'_> {
    fn take(&mut self, bytes: &mut [u8]) -> Result<usize> {
        let wanted = self.wanted(bytes.len());
        let count = self.from.take(bytes.get_mut(..wanted).unwrap_or_default())?;
        self.left -= count.min(self.left);
        Ok(count)
    }

    fn peek(&self, bytes: &mut [u8]) -> Result<usize> {
        let wanted = self.wanted(bytes.len());
        self.from.peek(bytes.get_mut(..wanted).unwrap_or_default())
    }

    fn remaining(&self) -> usize {
        self.from.remaining().min(self.left)
    }
}

fn check(description: &Description, access: FileStatus, position: Position) -> Result<()> {
    let status = description.status();
    if status.contains(FileStatus::PATH) {
        return Err(NOT_OPEN);
    }
    if matches!(position, Position::At(_)) && !description.file().is_seekable() {
        return Err(NOT_SEEKABLE);
    }
    if status.contains(access) { Ok(()) } else { Err(NOT_OPEN) }
}

/// Write until nothing remains, something fails or the object takes no more.
fn write_all<H: Console + Time>(
    caller: &Caller<'_, H>,
    file: &dyn File,
    status: FileStatus,
    from: &mut dyn Source,
) -> Result<usize> {
    if let Some(stream) = file.stream() {
        return write_stream(caller, file, stream, status, from);
    }
    let any: &dyn core::any::Any = file;
    if let Some(slave) = any.downcast_ref::<Slave>() {
        slave.check_write(caller.process, caller.thread)?;
    }
    let mut written = 0;
    loop {
        match transfer(caller, file, status, Readiness::WRITE, || file.write(None, from)) {
            Ok(count) => {
                written += count;
                if count == 0 || from.remaining() == 0 || !file.is_byte_stream() {
                    return Ok(written);
                }
            }
            Err(_) if written > 0 => return Ok(written),
            Err(error) => return Err(error),
        }
    }
}

/// One operation on an object without a position: `attempt` it, and unless `status` says otherwise, wait for
/// `interest` while it would block.
///
/// # Errors
/// Those of `attempt` and of the wait; an object's patience that ran out is [`ErrorKind::WouldBlock`].
pub fn transfer<H: Console + Time>(
    caller: &Caller<'_, H>,
    file: &dyn File,
    status: FileStatus,
    interest: Readiness,
    mut attempt: impl FnMut() -> Result<usize>,
) -> Result<usize> {
    let Some(queue) = caller.use_of(file).queue().filter(|_| !status.contains(FileStatus::NONBLOCK)) else {
        return attempt();
    };
    let deadline = file.patience(interest).map(|patience| deadline_in(caller.host, patience));
    let alarm = || if interest.contains(Readiness::READ) { file.deadline(None) } else { None };
    let watches = [Watch::exclusive(queue, interest)];
    let outcome = event::block_watching(caller.thread, watches.into_iter(), deadline, alarm, attempt);
    outcome.map_err(|error| match error.kind {
        ErrorKind::TimedOut => Error::new(ErrorKind::WouldBlock, "the object's time limit is over"),
        _ => error,
    })
}

/// The moment `patience` from now.
pub fn deadline_in(host: &impl Time, patience: core::time::Duration) -> Deadline {
    let end = host.now(Clock::Monotonic).saturating_add(patience);
    Deadline(u64::try_from(end.as_nanos()).unwrap_or(u64::MAX))
}

/// Bytes handed to or had from the host in one request.
const CHUNK: usize = 4096;

fn read_stream<H: Console>(
    caller: &Caller<'_, H>,
    file: &dyn File,
    stream: Stream,
    status: FileStatus,
    to: &mut dyn Destination,
) -> Result<usize> {
    let mut chunk = [0; CHUNK];
    let wanted = to.remaining().min(CHUNK);
    if wanted == 0 {
        return Ok(0);
    }
    let chunk = chunk.get_mut(..wanted).unwrap_or_default();
    let count = request(caller, stream, status, Readiness::READ, || caller.host.read(stream, chunk))?;
    announce(file, Readiness::READ);
    to.put(chunk.get(..count).unwrap_or_default())
}

fn write_stream<H: Console>(
    caller: &Caller<'_, H>,
    file: &dyn File,
    stream: Stream,
    status: FileStatus,
    from: &mut dyn Source,
) -> Result<usize> {
    let mut chunk = [0; CHUNK];
    let mut written = 0;
    while from.remaining() > 0 {
        let wanted = from.remaining().min(CHUNK);
        let taken = match from.take(chunk.get_mut(..wanted).unwrap_or_default()) {
            Err(error) if written == 0 => return Err(error),
            taken => taken.unwrap_or(0),
        };
        let mut rest = chunk.get(..taken).unwrap_or_default();
        while !rest.is_empty() {
            match request(caller, stream, status, Readiness::WRITE, || caller.host.write(stream, rest)) {
                Ok(0) => return Ok(written),
                Ok(count) => {
                    written += count;
                    announce(file, Readiness::WRITE);
                    rest = rest.get(count..).unwrap_or_default();
                }
                Err(_) if written > 0 => return Ok(written),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(written)
}

/// Who watches a stream by its edges has to look at it again once it was used.
fn announce(file: &dyn File, done: Readiness) {
    if let Some(queue) = file.queue() {
        queue.wake(done);
    }
}

/// A stream blocks in the host. Each attempt is one request, so that a kick finds the thread either in it or
/// about to look at its signals.
fn request<H: Console>(
    caller: &Caller<'_, H>,
    stream: Stream,
    status: FileStatus,
    interest: Readiness,
    mut attempt: impl FnMut() -> core::result::Result<usize, HostError>,
) -> Result<usize> {
    let mut waits = [StreamWait { stream, interest: stream_interest(interest), ready: Default::default() }];
    if status.contains(FileStatus::NONBLOCK) && caller.host.wait(&mut waits, Some(Deadline(0)))? == 0 {
        return Err(NOT_READY);
    }
    loop {
        match caller.thread.in_host(&mut attempt) {
            Some(Ok(count)) => return Ok(count),
            None | Some(Err(HostError::Interrupted)) => {
                if caller.thread.needs_attention() {
                    return Err(INTERRUPTED);
                }
            }
            // The host's own stream does not block.
            Some(Err(HostError::WouldBlock)) if !status.contains(FileStatus::NONBLOCK) => {
                let streams = Streams { host: caller.host, waits: &mut waits };
                event::block_on_streams(caller.thread, &[], streams, None, |waits| {
                    if waits.iter().any(|wait| !wait.ready.is_empty()) { Ok(()) } else { Err(NOT_READY) }
                })?;
            }
            Some(Err(error)) => return Err(error.into()),
        }
    }
}

const INTERRUPTED: Error = Error::new(ErrorKind::Interrupted, "a signal arrived");
const NOT_READY: Error = Error::new(ErrorKind::WouldBlock, "the stream is not ready");

/// What a host's stream is asked for when `interest` is waited for.
pub fn stream_interest(interest: Readiness) -> litebox_host::console::Readiness {
    use litebox_host::console::Readiness as Asked;
    let mut asked = Asked::empty();
    asked.set(Asked::READ, interest.contains(Readiness::READ));
    asked.set(Asked::WRITE, interest.contains(Readiness::WRITE));
    asked
}
