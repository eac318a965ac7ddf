//! The terminal's foreground, and signals to the calling process, when it runs as a command.

use crate::Error;
use crate::native::{self, Blocked};
use crate::spawn::Child;
use litebox_broker_protocol::Terminals;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::process::{Pid, Signal};

/// Signals that end the sandbox, unless the caller's parent has had them ignored.
const ENDING: [i32; 4] = [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM];

/// Signals that tell of stopping and going on and of the window, and those that using the terminal from the background
/// would be answered with.
const STOPPING: [i32; 6] =
    [libc::SIGCHLD, libc::SIGTSTP, libc::SIGCONT, libc::SIGWINCH, libc::SIGTTIN, libc::SIGTTOU];

/// The bytes of one `signalfd_siginfo` (signalfd(2)); the signal's number comes first.
const RECORD: usize = 128;

/// Signals to this process, read instead of taken.
pub(crate) struct Signals {
    descriptor: OwnedFd,
    _blocked: Blocked,
}

impl Signals {
    /// Blocks them and opens the descriptor.
    pub(crate) fn take() -> Result<Self, Error> {
        let ending = ENDING.into_iter().filter(|signal| !native::is_ignored(*signal));
        let signals: Vec<i32> = ending.chain(STOPPING).collect();
        let blocked = Blocked::new(&signals).map_err(Error::host("block signals"))?;
        let descriptor = blocked.descriptor().map_err(Error::host("read signals"))?;
        Ok(Self { descriptor, _blocked: blocked })
    }

    /// Readable when a signal has come.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }

    /// Whether one has come that ends this process. Others are forgotten.
    pub(crate) fn is_end_asked(&self) -> bool {
        std::iter::from_fn(|| self.next()).any(|signal| ENDING.contains(&signal))
    }

    /// The next signal that has come.
    pub(crate) fn next(&self) -> Option<i32> {
        let mut record = [0; RECORD];
        let length = rustix::io::read(&self.descriptor, &mut record).ok()?;
        let [a, b, c, d, ..] = record;
        (length == RECORD).then(|| i32::from_le_bytes([a, b, c, d]))
    }
}

/// The terminal on descriptor 0, whose foreground can be the sandbox's. Dropping it takes the foreground back.
/// `SIGTTOU` is blocked as long as this lives, for this process may be in the background then.
pub(crate) struct Foreground {
    terminal: OwnedFd,
    ours: Pid,
    sandbox: Pid,
}

impl Foreground {
    /// Of the process's terminal, if it has one; `terminals` are the sandbox's. Where the sandbox writes to the terminal too, it is given the
    /// foreground at once; else, as in `litebox run … | less`, others of this process's group may need it, and the
    /// sandbox is given it when it first reads.
    pub(crate) fn new(sandbox: Pid, terminals: Terminals) -> Option<Self> {
        let terminal = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 0).ok()?;
        if !rustix::termios::isatty(&terminal) {
            return None;
        }
        let foreground = Self { terminal, ours: rustix::process::getpgrp(), sandbox };
        if terminals.contains(Terminals::OUTPUT) {
            foreground.hand_over();
        }
        Some(foreground)
    }

    /// Sees to it that the sandbox has the foreground; false when that is somebody else's.
    fn hand_over(&self) -> bool {
        self.pass(self.ours, self.sandbox)
    }

    /// Sees to it that this process has the foreground; false when that is somebody else's.
    fn take_back(&self) -> bool {
        self.pass(self.sandbox, self.ours)
    }

    fn is_sandboxs(&self) -> bool {
        rustix::termios::tcgetpgrp(&self.terminal) == Ok(self.sandbox)
    }

    fn pass(&self, from: Pid, to: Pid) -> bool {
        match rustix::termios::tcgetpgrp(&self.terminal) {
            Ok(present) if present == to => true,
            Ok(present) if present == from => rustix::termios::tcsetpgrp(&self.terminal, to).is_ok(),
            // Somebody else's; or the terminal has hung up, and has no foreground.
            _ => false,
        }
    }
}

impl Drop for Foreground {
    fn drop(&mut self) {
        let _ = self.take_back();
    }
}

/// Whether the sandbox, which `signal` has stopped, only lacked the foreground: then it is given that, and goes on.
pub(crate) fn lacks_foreground(child: &Child, foreground: Option<&Foreground>, signal: i32) -> bool {
    let lacks =
        matches!(signal, libc::SIGTTIN | libc::SIGTTOU) && foreground.is_some_and(Foreground::hand_over);
    if lacks {
        child.signal(Signal::CONT);
    }
    lacks
}

/// Stops the sandbox and this process's whole job with it, as the terminal's stop key does; goes on when the shell
/// continues the job. Where nobody could continue it, the kernel does not let it stop, and all goes on at once.
pub(crate) fn suspend(child: &Child, foreground: Option<&Foreground>) {
    child.signal(Signal::STOP);
    let was_given = foreground.is_some_and(Foreground::is_sandboxs);
    let _ = foreground.map(Foreground::take_back);
    // Only this process's is blocked; it takes effect next.
    let _ = rustix::process::kill_current_process_group(Signal::TSTP);
    Blocked::deliver(libc::SIGTSTP);
    if was_given && let Some(foreground) = foreground {
        foreground.hand_over();
    }
    child.signal(Signal::CONT);
}
