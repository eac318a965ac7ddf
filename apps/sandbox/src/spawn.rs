//! Starting the image: a process of its own group, with three descriptors and a channel.

use crate::console::Link;
use crate::diagnostics::LineEnds;
use crate::image::{Executable, NAME, SOURCE};
use crate::native::{self, Descriptors, FixedLayout};
use crate::{Error, Stdio, Terminal, probe};
use litebox_broker_protocol::{StartFlags, Terminals};
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, WaitIdStatus};
use std::ffi::CString;

/// The descriptor of the channel in the sandbox.
const CHANNEL: i32 = 3;

/// The image's first process, which leads the sandbox's process group. Dropping it kills the group.
pub(crate) struct Child {
    pid: Pid,
    descriptor: OwnedFd,
    is_reaped: bool,
}

/// The sandbox's first three descriptors, before it is started.
#[derive(Debug)]
pub(crate) struct Streams {
    streams: [Stdio; 3],
    /// The caller's half of the link that two or three of them are.
    link: Option<CallersHalf>,
    flags: StartFlags,
}

/// What a console carries bytes between.
#[derive(Debug)]
pub(crate) struct CallersHalf {
    pub(crate) input: OwnedFd,
    pub(crate) output: OwnedFd,
    pub(crate) link: OwnedFd,
}

impl Streams {
    /// These three, or a link to a terminal of the sandbox's own in their place.
    pub(crate) fn new(streams: [Stdio; 3], terminal: Terminal) -> Result<Self, Error> {
        let plain = Self { streams, link: None, flags: StartFlags::empty() };
        let both = Terminals::INPUT | Terminals::OUTPUT;
        match terminal {
            Terminal::Passed => Ok(plain),
            Terminal::Automatic if !plain.terminal_flags().contains(both) => Ok(plain),
            Terminal::Automatic | Terminal::Own => plain.linked(),
        }
    }

    fn linked(self) -> Result<Self, Error> {
        let copy = |fd: BorrowedFd<'_>| rustix::io::fcntl_dupfd_cloexec(fd, 0);
        let copy = |fd: BorrowedFd<'_>| copy(fd).map_err(Error::host("copy a descriptor"));
        let end = |place| match self.descriptor(place) {
            Some(descriptor) => copy(descriptor),
            None => null(),
        };
        let Link { ours, theirs } = Link::new()?;
        let link = Some(CallersHalf { input: end(0)?, output: end(1)?, link: ours });
        let mut flags = StartFlags::TERMINAL;
        flags.set(StartFlags::TERMINAL_ERROR, self.terminal_flags().contains(Terminals::ERROR));
        let copies = [copy(theirs.as_fd())?, copy(theirs.as_fd())?];
        let [_, _, error] = self.streams;
        let error =
            if flags.contains(StartFlags::TERMINAL_ERROR) { Stdio::Descriptor(theirs) } else { error };
        let [input, output] = copies.map(Stdio::Descriptor);
        Ok(Self { streams: [input, output, error], link, flags })
    }

    /// The caller's half of the link, if there is one.
    pub(crate) fn take_link(&mut self) -> Option<CallersHalf> {
        self.link.take()
    }

    /// How lines on standard error end while the sandbox runs.
    pub(crate) fn line_ends(&self) -> LineEnds {
        let is_raw = self.flags.contains(StartFlags::TERMINAL_ERROR);
        if is_raw { LineEnds::ReturnAndNewline } else { LineEnds::Newline }
    }

    /// What the sandbox is told of them.
    pub(crate) fn start_flags(&self) -> StartFlags {
        self.flags
    }

    /// The descriptor of this process behind one of the three, if there is one.
    fn descriptor(&self, place: usize) -> Option<BorrowedFd<'_>> {
        match (self.streams.get(place)?, place) {
            (Stdio::Null, _) => None,
            (Stdio::Descriptor(descriptor), _) => Some(descriptor.as_fd()),
            (Stdio::Inherit, 0) => Some(rustix::stdio::stdin()),
            (Stdio::Inherit, 1) => Some(rustix::stdio::stdout()),
            (Stdio::Inherit, _) => Some(rustix::stdio::stderr()),
        }
    }

    /// Copies of those that are terminals.
    pub(crate) fn terminals(&self) -> Result<[Option<OwnedFd>; 3], Error> {
        let copy = |place| {
            let descriptor = self.descriptor(place).filter(|fd| rustix::termios::isatty(fd));
            let copied = descriptor.map(|fd| rustix::io::fcntl_dupfd_cloexec(fd, 0)).transpose();
            copied.map_err(Error::host("copy a terminal's descriptor"))
        };
        Ok([copy(0)?, copy(1)?, copy(2)?])
    }

    /// Which are terminals.
    pub(crate) fn terminal_flags(&self) -> Terminals {
        let all = [Terminals::INPUT, Terminals::OUTPUT, Terminals::ERROR];
        let is_terminal = |place| self.descriptor(place).is_some_and(rustix::termios::isatty);
        all.into_iter().enumerate().filter(|(place, _)| is_terminal(*place)).map(|(_, flag)| flag).collect()
    }

    /// Whether descriptor 0 is this process's own.
    pub(crate) fn inherits_input(&self) -> bool {
        matches!(&self.streams, [Stdio::Inherit, ..])
    }

    /// Copies of those that are not the sandbox's already, and their places.
    fn copies(&self) -> Result<Vec<(i32, OwnedFd)>, Error> {
        let copy = |(place, stream): (i32, &Stdio)| match stream {
            Stdio::Inherit => None,
            Stdio::Null => Some(null().and_then(|null| Ok((place, aside(&null)?)))),
            Stdio::Descriptor(descriptor) => Some(aside(descriptor).map(|copy| (place, copy))),
        };
        (0..).zip(&self.streams).filter_map(copy).collect()
    }
}

impl Child {
    /// Starts `image` with `channel` as descriptor 3, an empty environment and default signals.
    pub(crate) fn spawn(image: &'static [u8], channel: OwnedFd, streams: Streams) -> Result<Self, Error> {
        let executable = Executable::of(image).map_err(no_memory_file)?;
        let number = start(&executable, &channel, &streams)?;
        let pid = Pid::from_raw(number);
        let pid = pid.ok_or_else(|| Error::Stopped("the host gave a process number of 0".into()))?;
        let descriptor = match rustix::process::pidfd_open(pid, PidfdFlags::empty()) {
            Ok(descriptor) => descriptor,
            Err(errno) => {
                let _ = rustix::process::kill_process_group(pid, Signal::KILL);
                let _ = rustix::process::waitid(WaitId::Pid(pid), WaitIdOptions::EXITED);
                return Err(Error::host("watch the sandbox")(errno));
            }
        };
        Ok(Self { pid, descriptor, is_reaped: false })
    }

    /// The process group of the sandbox.
    pub(crate) fn group(&self) -> Pid {
        self.pid
    }

    /// Readable when the process has ended.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }

    /// Sends a signal to every process of the sandbox.
    pub(crate) fn signal(&self, signal: Signal) {
        if !self.is_reaped {
            // It has ended if there is nobody to signal.
            let _ = rustix::process::kill_process_group(self.pid, signal);
        }
    }

    /// The signal that has stopped the process since this was last asked.
    pub(crate) fn stopped_by(&self) -> Option<i32> {
        let options = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
        let status = rustix::process::waitid(WaitId::Pid(self.pid), options);
        status.ok().flatten().and_then(|status| status.stopping_signal())
    }

    /// Kills every process of the sandbox, and gives how the first one ended.
    pub(crate) fn end(&mut self) -> Option<WaitIdStatus> {
        if self.is_reaped {
            return None;
        }
        self.signal(Signal::KILL);
        let status = loop {
            match rustix::process::waitid(WaitId::Pid(self.pid), WaitIdOptions::EXITED) {
                Err(Errno::INTR) => {}
                status => break status,
            }
        };
        self.is_reaped = true;
        status.ok().flatten()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts it; copies of the descriptors that it is given are closed again here.
fn start(executable: &Executable, channel: &OwnedFd, streams: &Streams) -> Result<i32, Error> {
    let mut descriptors = Descriptors::new().map_err(cannot_start)?;
    // What is given lies above every place, so that none is overwritten before it is put.
    let (file, channel) = (aside(&executable.file)?, aside(channel)?);
    let source = executable.source.as_ref().map(aside).transpose()?;
    let copies = streams.copies()?;
    for (place, copy) in &copies {
        put(&mut descriptors, copy, *place)?;
    }
    put(&mut descriptors, &channel, CHANNEL)?;
    if let Some(source) = &source {
        put(&mut descriptors, source, SOURCE)?;
    }
    let first = if source.is_some() { SOURCE + 1 } else { SOURCE };
    descriptors.end(first, file.as_raw_fd()).map_err(cannot_start)?;
    let path = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd()));
    let path = path.map_err(|error| cannot_start(error.into()))?;
    let _layout = FixedLayout::new();
    native::spawn(&path, NAME, &descriptors).map_err(cannot_start)
}

fn put(descriptors: &mut Descriptors, copy: &OwnedFd, place: i32) -> Result<(), Error> {
    descriptors.put(copy.as_fd(), place).map_err(cannot_start)
}

fn null() -> Result<OwnedFd, Error> {
    let flags = OFlags::RDWR | OFlags::CLOEXEC;
    rustix::fs::open("/dev/null", flags, Mode::empty()).map_err(Error::host("open /dev/null"))
}

/// A copy of a descriptor that is above every place in the sandbox.
fn aside(descriptor: &OwnedFd) -> Result<OwnedFd, Error> {
    rustix::io::fcntl_dupfd_cloexec(descriptor, SOURCE + 1).map_err(Error::host("copy a descriptor"))
}

/// Why the image's file could not be made.
fn no_memory_file(error: std::io::Error) -> Error {
    let cause = format!("this host does not make files in memory that can be executed: {error}");
    Error::refused("host.memfd", cause, format!("{}; see litebox doctor", probe::fix_memory_files(&error)))
}

fn cannot_start(error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => Error::refused(
            "host.memfd",
            format!("this host does not execute files in memory: {error}"),
            format!("{}; see litebox doctor", probe::fix_memory_files(&error)),
        ),
        std::io::ErrorKind::NotFound => Error::refused(
            "host.proc",
            format!("the image cannot be reached through /proc/self/fd: {error}"),
            probe::FIX_PROCESS_FILES,
        ),
        _ => Error::Host { doing: "start the sandbox", error },
    }
}
