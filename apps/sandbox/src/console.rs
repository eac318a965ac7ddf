//! A terminal of the sandbox's own: bytes pass between the terminal that the caller has and the link to the sandbox,
//! where they meet a pseudoterminal. The sandbox never holds the caller's terminal.
//!
//! One thread a direction, so that the broker never waits for a terminal. Both confine themselves as the broker does,
//! and reach no files at all. The caller's terminal is raw meanwhile: keys are the pseudoterminal's business.

mod carry;
mod raw;

use crate::Error;
use crate::spawn::CallersHalf;
use crate::terminal::Signals;
use carry::{keyboard, screen};
use litebox_broker::confine::{self, Confinement, Layer};
use raw::RawTerminal;
use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

/// The two ends of a link.
pub(crate) struct Link {
    /// The caller's.
    pub(crate) ours: OwnedFd,
    /// The sandbox's.
    pub(crate) theirs: OwnedFd,
}

impl Link {
    pub(crate) fn new() -> Result<Self, Error> {
        let making = Error::host("make the link to the terminal");
        let pair = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None);
        // Only this end does not block: the two have descriptions of their own.
        let pair = pair.and_then(|(ours, theirs)| {
            rustix::io::ioctl_fionbio(&ours, true)?;
            Ok(Self { ours, theirs })
        });
        pair.map_err(making)
    }
}

/// What the threads and the supervisor share.
struct Shared {
    input: OwnedFd,
    output: OwnedFd,
    link: OwnedFd,
    terminal: Option<RawTerminal>,
    /// What the keyboard's thread is told.
    orders: Word,
    /// What the supervisor is told.
    news: Word,
}

/// Flags that one thread sets and another waits for.
struct Word {
    flags: AtomicU32,
    bell: OwnedFd,
}

/// Orders.
const STOP: u32 = 1;
const RESIZED: u32 = 2;
const LISTEN: u32 = 4;
/// News.
const SUSPEND: u32 = 1;
const ENDED: u32 = 2;

impl Word {
    fn new() -> Result<Self, Error> {
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        let bell = bell.map_err(Error::host("make an event descriptor"))?;
        Ok(Self { flags: AtomicU32::new(0), bell })
    }

    fn set(&self, flags: u32) {
        self.flags.fetch_or(flags, Ordering::AcqRel);
        self.ring();
    }

    fn clear(&self, flags: u32) {
        self.flags.fetch_and(!flags, Ordering::AcqRel);
    }

    fn ring(&self) {
        // A full counter is readable as well.
        let _ = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
    }

    /// The flags; those of `taken` are cleared, and the bell too.
    fn take(&self, taken: u32) -> u32 {
        let mut count = [0; 8];
        let _ = rustix::io::read(&self.bell, &mut count);
        self.flags.fetch_and(!taken, Ordering::AcqRel)
    }
}

/// A terminal of the sandbox's own, as long as the sandbox runs. Dropping it puts the caller's terminal back.
pub(crate) struct Console {
    shared: Arc<Shared>,
    keyboard: Option<JoinHandle<()>>,
    screen: Option<JoinHandle<()>>,
}

impl Console {
    /// Lets bytes pass from now on; `half` is the caller's of the link. The first thing that the sandbox is told is the
    /// window's size.
    pub(crate) fn start(half: CallersHalf) -> Result<Self, Error> {
        let CallersHalf { input, output, link } = half;
        let terminal = RawTerminal::of(&input).map_err(Error::host("copy the terminal's descriptor"))?;
        let (orders, news) = (Word::new()?, Word::new()?);
        let shared = Arc::new(Shared { input, output, link, terminal, orders, news });
        shared.orders.set(RESIZED);
        let mut console = Self { shared, keyboard: None, screen: None };
        console.keyboard = Some(console.spawn("litebox-keyboard", keyboard)?);
        console.screen = Some(console.spawn("litebox-screen", screen)?);
        console.resume();
        console.restore_on_panic();
        Ok(console)
    }

    /// Starts a thread that confines itself before it does anything.
    fn spawn(&self, name: &str, body: fn(&Shared)) -> Result<JoinHandle<()>, Error> {
        let shared = Arc::clone(&self.shared);
        let (tell, told) = mpsc::channel();
        let run = move || {
            let layers = confine::apply(&Confinement { grants: Vec::new(), emptied: None }, &[]);
            let is_confined = matches!(layers.seccomp, Layer::Enforced | Layer::Partial);
            if tell.send(layers).is_ok() && is_confined {
                body(&shared);
            }
        };
        let handle = std::thread::Builder::new().name(name.into()).spawn(run);
        let handle = handle.map_err(Error::host("start a thread"))?;
        let layers = told.recv().map_err(|_| Error::Stopped(format!("{name} ended at once")))?;
        match layers.seccomp {
            Layer::Enforced | Layer::Partial => Ok(handle),
            Layer::Absent(why) => Err(Error::refused(
                "host.seccomp",
                format!("the terminal's threads cannot be confined: {why}"),
                "allow seccomp(2) in the container's profile; see litebox doctor",
            )),
        }
    }

    /// A panic aborts the process, and no destructor runs.
    fn restore_on_panic(&self) {
        let shared = Arc::downgrade(&self.shared);
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(shared) = shared.upgrade() {
                shared.restore();
            }
            before(panic);
        }));
    }

    /// Readable when there is news.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.shared.news.bell.as_fd()
    }

    /// Whether the person asked for a stop of the whole sandbox since this was last asked.
    pub(crate) fn take_suspension(&self) -> bool {
        self.shared.news.take(SUSPEND) & SUSPEND != 0
    }

    /// The window may have another size.
    pub(crate) fn resize(&self) {
        self.shared.orders.set(RESIZED);
    }

    /// Leaves the caller's terminal to others.
    pub(crate) fn pause(&self) {
        self.shared.orders.clear(LISTEN);
        self.shared.orders.ring();
        self.shared.restore();
    }

    /// Takes the caller's terminal, unless somebody else has it: a job in the background waits for its turn.
    pub(crate) fn resume(&self) {
        let shared = &self.shared;
        if shared.terminal.as_ref().is_none_or(RawTerminal::is_ours) {
            if let Some(terminal) = &shared.terminal {
                terminal.make_raw();
            }
            shared.orders.set(LISTEN | RESIZED);
        }
    }

    /// Shows the rest of what the sandbox, which has ended, had to say, unless one of `signals` ends this process.
    pub(crate) fn finish(mut self, signals: Option<&Signals>) {
        while self.shared.news.take(0) & ENDED == 0 {
            let bell = self.shared.news.bell.as_fd();
            let both = [bell].into_iter().chain(signals.map(Signals::descriptor));
            let mut polls: Vec<_> = both.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
            let waited = poll(&mut polls, None);
            if waited.is_err() || signals.is_some_and(Signals::is_end_asked) {
                // Its thread waits for a terminal that takes nothing.
                self.screen = None;
                return;
            }
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.shared.orders.set(STOP);
        if let Some(keyboard) = self.keyboard.take() {
            // A panic there has been told already.
            let _ = keyboard.join();
        }
        let has_ended = self.shared.news.flags.load(Ordering::Acquire) & ENDED != 0;
        if let Some(screen) = self.screen.take().filter(|_| has_ended) {
            let _ = screen.join();
        }
        self.shared.restore();
    }
}

impl Shared {
    fn restore(&self) {
        if let Some(terminal) = &self.terminal {
            terminal.restore();
        }
    }
}
