//! A guest process from its first thread to its last.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Mutex;

use crate::error::{Error, ErrorKind, Result};
use crate::thread::Thread;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It ended itself, with the low eight bits of a code.
    Exited(u8),
    /// A signal ended it.
    Killed {
        /// The signal's number, 1 to 64.
        signal: u8,
        /// Whether the signal is one that leaves a core file.
        core: bool,
    },
}

impl ExitStatus {
    /// The status as `wait(2)` encodes it.
    pub fn encode(self) -> i32 {
        match self {
            Self::Exited(code) => i32::from(code) << 8,
            Self::Killed { signal, core } => i32::from(signal) | if core { 0x80 } else { 0 },
        }
    }
}

/// A guest process, shared by its threads.
pub struct Process {
    id: u32,
    parent: u32,
    state: Mutex<State>,
}

struct State {
    threads: Vec<Arc<Thread>>,
    /// How the process ends. Set once; every thread leaves when it sees it.
    end: Option<ExitStatus>,
}

impl Process {
    /// A process with one thread.
    pub fn new(id: u32, parent: u32, first: Arc<Thread>) -> Arc<Self> {
        let state = State { threads: alloc::vec![first], end: None };
        Arc::new(Self { id, parent, state: Mutex::new(state) })
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The parent's number; 0 for the sandbox's first process.
    pub fn parent(&self) -> u32 {
        self.parent
    }

    /// Count `thread` in.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`]; [`ErrorKind::WouldBlock`] if the process is ending.
    pub fn add(&self, thread: Arc<Thread>) -> Result<()> {
        let mut state = self.state.lock();
        if state.end.is_some() {
            return Err(Error::new(ErrorKind::WouldBlock, "the process is ending"));
        }
        state
            .threads
            .try_reserve(1)
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a thread"))?;
        state.threads.push(thread);
        Ok(())
    }

    /// Count the thread numbered `id` out. `Some` if it was the last: how the process ends, `status` unless an
    /// end was decided before.
    pub fn remove(&self, id: u32, status: ExitStatus) -> Option<ExitStatus> {
        let mut state = self.state.lock();
        state.threads.retain(|thread| thread.id() != id);
        if !state.threads.is_empty() {
            return None;
        }
        Some(*state.end.get_or_insert(status))
    }

    /// Decide how the process ends, unless that is decided, and send every other thread the way out.
    pub fn end(&self, status: ExitStatus) {
        let mut state = self.state.lock();
        state.end.get_or_insert(status);
        for thread in &state.threads {
            thread.demand_attention();
        }
    }

    /// How the process ends, once that is decided.
    pub fn ending(&self) -> Option<ExitStatus> {
        self.state.lock().end
    }

    /// The threads alive at this moment, oldest first.
    pub fn threads(&self) -> Vec<Arc<Thread>> {
        self.state.lock().threads.clone()
    }
}
