//! The pseudoterminal that a sandbox is started on: its master is here, and what passes it goes over the host's link
//! to the terminal of the person who started the sandbox.
//!
//! Two threads of the library OS's own carry the bytes, one each way, so that a screen that takes nothing does not
//! keep the interrupt key from being heard.

use alloc::sync::Arc;

use litebox_host::HostError;
use litebox_host::sync::Mutex;
use litebox_host::terminal::{FromTerminal, LINK_BYTES, TerminalLink};
use litebox_host::thread::{HostThread, Service, Services};

use super::{InputFlags, Master, Pty, Special, Terminals};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, block};
use crate::file::File;
use crate::thread::Thread;
use crate::user::Destination;

/// Make a pseudoterminal of `owner` for the sandbox, of the size that the link tells first, and let bytes pass from
/// now on. Its slave can be opened.
///
/// # Errors
/// [`ErrorKind::InputOutput`] if the link tells something else, and those of [`Terminals::open`] and of the host.
pub fn start_console<H>(host: &H, terminals: &Terminals, owner: u32) -> Result<Arc<Pty>>
where
    H: TerminalLink + Services + Clone + Send + Sync + 'static,
{
    let mut typed = [0; LINK_BYTES];
    let FromTerminal::Window(size) = host.receive(&mut typed)? else {
        return Err(Error::new(ErrorKind::InputOutput, "the link to the terminal tells no size first"));
    };
    let master = terminals.open(owner, litebox_host::file::Timestamp::default(), None)?;
    let pty = Arc::clone(master.pty());
    pty.set_window(size);
    pty.set_locked(false);
    // As terminals of this time are.
    let settings = pty.settings();
    pty.set_settings(super::Settings { input: settings.input | InputFlags::IUTF8, ..settings });
    let thread = || Thread::new(0);
    let keyboard = Keyboard { host: host.clone(), master: Arc::clone(&master), thread: thread() };
    let screen = Screen { host: host.clone(), master, thread: thread(), left: Mutex::new(Left::default()) };
    host.start_service(Arc::new(keyboard))?;
    host.start_service(Arc::new(screen))?;
    Ok(pty)
}

/// From the person to the programs.
struct Keyboard<H> {
    host: H,
    master: Arc<Master>,
    /// Where the service waits; not a guest's thread.
    thread: Arc<Thread>,
}

impl<H: TerminalLink> Keyboard<H> {
    /// Pass on what comes next; `None` if nothing more will come, or the service is to stop.
    fn pass(&self) -> Option<()> {
        let mut typed = [0; LINK_BYTES];
        match on_link(&self.thread, || self.host.receive(&mut typed))? {
            FromTerminal::Bytes(count) => self.type_in(typed.get(..count).unwrap_or_default()),
            FromTerminal::Window(size) => {
                self.master.pty().set_window(size);
                Some(())
            }
            FromTerminal::End => {
                let end = self.master.pty().settings().character(Special::EndOfFile);
                self.type_in(&[end])?;
                None
            }
        }
    }

    fn type_in(&self, mut bytes: &[u8]) -> Option<()> {
        let pty = self.master.pty();
        while !bytes.is_empty() {
            let queues = [(&pty.master_queue, Readiness::WRITE)];
            block(&self.thread, &queues, None, || self.master.write(None, &mut bytes)).ok()?;
            if pty.take_stop() {
                on_link(&self.thread, || self.host.suspend())?;
            }
        }
        Some(())
    }
}

impl<H: TerminalLink + Send + Sync> Service for Keyboard<H> {
    fn run(&self, thread: HostThread) {
        self.thread.bind(thread);
        while self.pass().is_some() {}
    }

    fn stop(&self) {
        self.thread.demand_attention();
    }

    fn finish(&self) {}
}

/// From the programs to the person.
struct Screen<H> {
    host: H,
    master: Arc<Master>,
    /// As the keyboard's.
    thread: Arc<Thread>,
    /// What was taken from the terminal and not shown when the service was stopped.
    left: Mutex<Left>,
}

struct Left {
    bytes: [u8; LINK_BYTES],
    length: usize,
}

impl Default for Left {
    fn default() -> Self {
        Self { bytes: [0; LINK_BYTES], length: 0 }
    }
}

impl<H: TerminalLink> Screen<H> {
    /// Show what comes next; `None` if that cannot be, or the service is to stop.
    fn pass(&self) -> Option<()> {
        let mut chunk = [0; LINK_BYTES];
        let queues = [(&self.master.pty().master_queue, Readiness::READ)];
        let count = block(&self.thread, &queues, None, || {
            self.master.take_output(&mut chunk.as_mut_slice() as &mut dyn Destination)
        });
        let mut rest = chunk.get(..count.ok()?).unwrap_or_default();
        while !rest.is_empty() {
            match on_link(&self.thread, || self.host.show(rest)) {
                Some(shown) => rest = rest.get(shown..).unwrap_or_default(),
                None => {
                    self.keep(rest);
                    return None;
                }
            }
        }
        Some(())
    }

    fn keep(&self, rest: &[u8]) {
        let mut left = self.left.lock();
        left.length = rest.len().min(LINK_BYTES);
        for (to, from) in left.bytes.iter_mut().zip(rest) {
            *to = *from;
        }
    }

    /// Show all of `bytes`, on a thread that nothing interrupts; false if that cannot be.
    fn show(&self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            match self.host.show(bytes) {
                Ok(shown) => bytes = bytes.get(shown..).unwrap_or_default(),
                Err(HostError::Interrupted) => {}
                Err(_) => return false,
            }
        }
        true
    }
}

impl<H: TerminalLink + Send + Sync> Service for Screen<H> {
    fn run(&self, thread: HostThread) {
        self.thread.bind(thread);
        while self.pass().is_some() {}
    }

    fn stop(&self) {
        self.thread.demand_attention();
    }

    /// What was written before the end is seen.
    fn finish(&self) {
        let left = core::mem::take(&mut *self.left.lock());
        let mut shown = self.show(left.bytes.get(..left.length).unwrap_or_default());
        let mut chunk = left.bytes;
        while shown {
            match self.master.take_output(&mut chunk.as_mut_slice()) {
                Ok(count) => shown = self.show(chunk.get(..count).unwrap_or_default()),
                Err(_) => return,
            }
        }
    }
}

/// A request of the host's link, which a kick interrupts; `None` if it failed or the service is to stop.
fn on_link<R>(thread: &Thread, mut request: impl FnMut() -> core::result::Result<R, HostError>) -> Option<R> {
    loop {
        if thread.needs_attention() {
            return None;
        }
        match thread.parker().in_host(&mut request) {
            Some(Ok(answer)) => return Some(answer),
            None | Some(Err(HostError::Interrupted)) => {}
            Some(Err(_)) => return None,
        }
    }
}
