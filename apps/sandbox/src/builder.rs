//! What a sandbox is to be, said piece by piece.

use crate::limits::Limits;
use crate::{Error, MountMode, Sandbox, environment};
use rustix::fd::OwnedFd;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One of the program's first three descriptors.
#[derive(Debug)]
pub enum Stdio {
    /// The calling process's own.
    Inherit,
    /// `/dev/null`.
    Null,
    /// This one: an end of a pipe, a file, a terminal.
    Descriptor(OwnedFd),
}

/// Whether the program is given a terminal of the sandbox's own, in place of descriptors 0, 1 and, where that is a
/// terminal, 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Terminal {
    /// Never: the descriptors are passed as they are.
    #[default]
    Passed,
    /// If descriptors 0 and 1 are terminals.
    Automatic,
    /// In any case.
    Own,
}

/// Who the program is, where the caller is not to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// A mount as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct WantedMount {
    pub(crate) source: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) mode: MountMode,
}

/// How a sandbox deals with the terminal and with signals to the calling process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manners {
    /// As a library: both are left alone.
    Library,
    /// As a command, which the whole process is there for.
    Command,
}

/// Builds a [`Sandbox`]. The default is safe: the host's `/` read-only under an overlay in memory and without what is
/// secret, no network, a cleaned environment, the caller's working directory and identity.
#[derive(Debug)]
pub struct Builder {
    pub(crate) image: &'static [u8],
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) hostname: OsString,
    pub(crate) root: Option<PathBuf>,
    pub(crate) mounts: Vec<WantedMount>,
    pub(crate) see: Vec<PathBuf>,
    pub(crate) user: Option<User>,
    pub(crate) limits: Limits,
    pub(crate) timeout: Option<Duration>,
    pub(crate) streams: [Stdio; 3],
    pub(crate) terminal: Terminal,
    pub(crate) audit: Option<PathBuf>,
    pub(crate) is_traced: bool,
    pub(crate) is_rewritten: bool,
    pub(crate) is_quiet: bool,
    pub(crate) are_reports_shown: bool,
    pub(crate) manners: Manners,
}

impl Builder {
    /// A sandbox of this image: the freestanding executable that runs inside a sandbox process. It starts fastest when
    /// it is a constant of this process's executable at the start of a page: then it is mapped from there, not copied.
    #[must_use]
    pub fn new(image: &'static [u8]) -> Self {
        Self {
            image,
            program: OsString::new(),
            arguments: Vec::new(),
            environment: environment::cleaned(),
            directory: None,
            hostname: "litebox".into(),
            root: None,
            mounts: Vec::new(),
            see: Vec::new(),
            user: None,
            limits: Limits::default(),
            timeout: None,
            streams: [Stdio::Inherit, Stdio::Inherit, Stdio::Inherit],
            terminal: Terminal::default(),
            audit: None,
            is_traced: false,
            is_rewritten: true,
            is_quiet: false,
            are_reports_shown: false,
            manners: Manners::Library,
        }
    }

    /// The program: a path inside the sandbox, or a name that is looked up in the program's `PATH`.
    #[must_use]
    pub fn program(mut self, program: impl AsRef<OsStr>) -> Self {
        self.program = program.as_ref().to_owned();
        self
    }

    /// One more argument.
    #[must_use]
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// More arguments.
    #[must_use]
    pub fn arguments<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn variable(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        environment::set(&mut self.environment, name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Replaces the environment, by default [`crate::cleaned_environment`].
    #[must_use]
    pub fn environment(mut self, environment: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        self.environment = environment.into_iter().collect();
        self
    }

    /// The working directory inside the sandbox. By default the caller's; with [`Builder::root`], `/`.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// The host name, at most 64 bytes; `litebox` by default.
    #[must_use]
    pub fn hostname(mut self, hostname: impl AsRef<OsStr>) -> Self {
        self.hostname = hostname.as_ref().to_owned();
        self
    }

    /// A directory of the host that is the sandbox's `/`, under an overlay, instead of the host's own.
    #[must_use]
    pub fn root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = Some(root.into());
        self
    }

    /// Shows `source`, a directory or file of the host, at `target`. Of mounts that overlap, the longer target wins.
    #[must_use]
    pub fn mount(mut self, source: impl Into<PathBuf>, target: impl Into<PathBuf>, mode: MountMode) -> Self {
        self.mounts.push(WantedMount { source: source.into(), target: target.into(), mode });
        self
    }

    /// Shows a path of the host that is hidden by default.
    #[must_use]
    pub fn see(mut self, path: impl AsRef<Path>) -> Self {
        self.see.push(path.as_ref().to_owned());
        self
    }

    /// Who the program is. Over the host's `/` only the caller himself.
    #[must_use]
    pub fn user(mut self, uid: u32, gid: u32) -> Self {
        self.user = Some(User { uid, gid });
        self
    }

    /// The most memory, in bytes, that the program can have.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Self {
        self.limits.memory = Some(bytes);
        self
    }

    /// The number of processors that the program sees and can use.
    #[must_use]
    pub fn processors(mut self, count: u32) -> Self {
        self.limits.processors = Some(count);
        self
    }

    /// The most processes and threads that the program can have.
    #[must_use]
    pub fn processes(mut self, count: u32) -> Self {
        self.limits.processes = Some(count);
        self
    }

    /// After this time the sandbox is ended; see [`crate::Status::TimedOut`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The program's descriptor 0.
    #[must_use]
    pub fn stdin(mut self, stream: Stdio) -> Self {
        let [input, _, _] = &mut self.streams;
        *input = stream;
        self
    }

    /// Whether the program is given a terminal of the sandbox's own. What is typed and shown passes between that and
    /// descriptors 0 and 1; the sandbox never holds the caller's terminal.
    #[must_use]
    pub fn terminal(mut self, terminal: Terminal) -> Self {
        self.terminal = terminal;
        self
    }

    /// The program's descriptor 1.
    #[must_use]
    pub fn stdout(mut self, stream: Stdio) -> Self {
        let [_, output, _] = &mut self.streams;
        *output = stream;
        self
    }

    /// The program's descriptor 2.
    #[must_use]
    pub fn stderr(mut self, stream: Stdio) -> Self {
        let [_, _, error] = &mut self.streams;
        *error = stream;
        self
    }

    /// A file of the host, made or emptied when the sandbox is run, in which each decision of the broker is a line of
    /// JSON.
    #[must_use]
    pub fn audit(mut self, file: impl Into<PathBuf>) -> Self {
        self.audit = Some(file.into());
        self
    }

    /// Prints a line for each system call on the program's descriptor 2.
    #[must_use]
    pub fn trace(mut self) -> Self {
        self.is_traced = true;
        self
    }

    /// Leaves the program's system call instructions as they are; each is then answered by a trap.
    #[must_use]
    pub fn without_rewriting(mut self) -> Self {
        self.is_rewritten = false;
        self
    }

    /// Has the sandbox report nothing.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.is_quiet = true;
        self
    }

    /// Prints what the sandbox reports on the calling process's standard error while it runs.
    #[must_use]
    pub fn show_reports(mut self) -> Self {
        self.are_reports_shown = true;
        self
    }

    /// Runs as a command does: the terminal's foreground is the sandbox's while it runs, `SIGINT`, `SIGTERM`,
    /// `SIGHUP` and `SIGQUIT` end it, and stopping one stops the other. For processes with one thread.
    #[must_use]
    pub fn as_command(mut self) -> Self {
        self.manners = Manners::Command;
        self
    }

    /// Takes the descriptors out; the process's own are left.
    pub(crate) fn take_streams(&mut self) -> [Stdio; 3] {
        std::mem::replace(&mut self.streams, [Stdio::Inherit, Stdio::Inherit, Stdio::Inherit])
    }

    /// Checks all of it.
    ///
    /// # Errors
    /// [`Error::Refused`] when something asked for has no meaning or no layer that enforces it,
    /// [`Error::Program`] when the program is hidden.
    pub fn build(self) -> Result<Sandbox, Error> {
        Sandbox::from_builder(self)
    }
}
