//! What `/proc` asks a process.

use alloc::collections::BTreeMap;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::sync::Mutex;

use super::text::FIXED;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Asker, Description, File, Location};
use crate::terminal::Pty;

/// The files of a process. Texts are in the guest's language, so a North makes them.
pub trait ProcessTexts: Send + Sync {
    /// The text of a file about the thread numbered `thread`, or about the process if that is its own number.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for what it does not tell.
    fn text(&self, thread: u32, what: ProcessText) -> Result<Vec<u8>>;

    /// `asker` is about to read the text: have the process tell what only it knows, and wait for that a moment.
    fn prepare(&self, what: ProcessText, asker: Asker<'_>) {
        let _ = (what, asker);
    }

    /// `asker` wrote `text`.
    ///
    /// # Errors
    /// [`ErrorKind::InputOutput`] for what is not to be written, and the file's own.
    fn write(&self, thread: u32, what: ProcessText, asker: Asker<'_>, text: &[u8]) -> Result<()> {
        let _ = (thread, what, asker, text);
        Err(FIXED)
    }
}

/// A process, as `/proc` shows it.
pub trait ProcessInformation: ProcessTexts {
    /// When it started, since the machine did: with its number, what tells it from all others, even later ones.
    fn started(&self) -> Duration;
    /// The user and the group that own its folder.
    fn owner(&self) -> (u32, u32);
    /// The numbers of its threads, oldest first.
    fn threads(&self) -> Vec<u32>;
    /// Its open descriptors, in the order of their numbers.
    fn descriptors(&self) -> Vec<(u32, Arc<Description>)>;
    /// A place that is its own.
    fn location(&self, what: ProcessLocation) -> Option<Location>;
    /// Its controlling terminal.
    fn terminal(&self) -> Option<ControllingTerminal>;
}

/// The terminal of a process's session.
#[derive(Clone)]
pub enum ControllingTerminal {
    /// A pseudoterminal of the sandbox's own.
    Pseudoterminal(Arc<Pty>),
    /// A stream of the host.
    Stream(Arc<dyn File>),
}

/// A file of `/proc/<process>` (`proc_pid(5)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the files")]
pub enum ProcessText {
    Auxv,
    Cgroup,
    Cmdline,
    Comm,
    Environ,
    Io,
    Limits,
    LoginUid,
    Maps,
    Mem,
    MountInfo,
    Mounts,
    OomAdj,
    OomScore,
    OomScoreAdj,
    Personality,
    Schedstat,
    SessionId,
    Smaps,
    SmapsRollup,
    Stat,
    Statm,
    Status,
    TimerSlack,
    Wchan,
    /// `fdinfo/<number>`.
    Descriptor(u32),
}

impl ProcessText {
    /// Permission bits of the file.
    pub(super) fn mode(self) -> u32 {
        match self {
            Self::Auxv | Self::Environ | Self::Io | Self::Personality => 0o400,
            Self::Mem => 0o600,
            Self::Comm | Self::LoginUid | Self::OomAdj | Self::OomScoreAdj => 0o644,
            Self::TimerSlack => 0o666,
            _ => 0o444,
        }
    }
}

/// Where a link of `/proc/<process>` leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessLocation {
    /// The program that it runs.
    Program,
    /// Its working directory.
    Current,
    /// Its root.
    Root,
}

const NO_PROCESS: Error = Error::new(ErrorKind::NotFound, "no such process");

/// The processes of the sandbox.
#[derive(Default)]
pub struct Processes {
    /// A leaf in the lock order.
    known: Mutex<BTreeMap<u32, Weak<dyn ProcessInformation>>>,
}

impl Processes {
    /// Show `process`, numbered `id`, from now on until it is dropped.
    pub fn add(&self, id: u32, process: &Arc<dyn ProcessInformation>) {
        let mut known = self.known.lock();
        // Those that are gone would be kept in memory by being known.
        known.retain(|_, process| process.strong_count() > 0);
        known.insert(id, Arc::downgrade(process));
    }

    /// Show the process numbered `id` no more.
    pub fn remove(&self, id: u32) {
        self.known.lock().remove(&id);
    }

    /// The process numbered `id`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub fn get(&self, id: u32) -> Result<Arc<dyn ProcessInformation>> {
        let process = self.known.lock().get(&id).and_then(Weak::upgrade);
        process.ok_or(NO_PROCESS)
    }

    /// The process that has a thread numbered `thread`; its own number, too.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub(super) fn with_thread(&self, thread: u32) -> Result<u32> {
        if self.get(thread).is_ok() {
            return Ok(thread);
        }
        let has = |id: &u32| self.get(*id).is_ok_and(|process| process.threads().contains(&thread));
        self.ids().into_iter().find(has).ok_or(NO_PROCESS)
    }

    /// All numbers, ascending.
    pub fn ids(&self) -> Vec<u32> {
        let known = self.known.lock();
        known.iter().filter(|(_, process)| process.strong_count() > 0).map(|(id, _)| *id).collect()
    }
}
