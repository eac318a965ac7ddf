//! A guest process from its first thread to its last.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicU32, Mutex, Ordering};

use super::Registry;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::limit::Limits;
use crate::signal::ProcessSignals;
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
    group: AtomicU32,
    session: AtomicU32,
    registry: Arc<Registry>,
    /// Its signals.
    pub signals: ProcessSignals,
    /// Its limits.
    pub limits: Limits,
    pub(crate) state: Mutex<State>,
    /// Tells who waits for other threads to pass a barrier.
    pub(super) barriers: WaitQueue,
}

/// What a process's lock protects.
pub(crate) struct State {
    pub(crate) threads: Vec<Arc<Thread>>,
    /// How the process ends. Set once; every thread leaves when it sees it.
    end: Option<ExitStatus>,
    /// The process is stopped: its threads wait until it goes on.
    stopped: bool,
    /// The thread that is to be the only one: every other leaves.
    pub(super) sole: Option<u32>,
}

impl State {
    /// Decide how the process ends, unless that is decided, and send every thread the way out.
    pub(crate) fn end(&mut self, status: ExitStatus) {
        self.end.get_or_insert(status);
        for thread in &self.threads {
            thread.demand_attention();
            // A thread that waits for the process to go on may have been asked to look before.
            thread.parker().unpark();
        }
    }

    /// Whether the process's end is decided.
    pub(super) fn has_ended(&self) -> bool {
        self.end.is_some()
    }

    /// Let a stopped process go on.
    pub(crate) fn go_on(&mut self) {
        if core::mem::take(&mut self.stopped) {
            for thread in &self.threads {
                thread.parker().unpark();
            }
        }
    }
}

impl Process {
    /// The first process of a sandbox, with one thread. It leads a session and a group of its own.
    pub fn new(id: u32, parent: u32, first: Arc<Thread>) -> Arc<Self> {
        let process = Arc::new(Self {
            id,
            parent,
            group: AtomicU32::new(id),
            session: AtomicU32::new(id),
            registry: Arc::default(),
            signals: ProcessSignals::default(),
            limits: Limits::default(),
            state: Mutex::new(State { threads: alloc::vec![first], end: None, stopped: false, sole: None }),
            barriers: WaitQueue::new(),
        });
        process.registry.add(&process);
        process
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The parent's number; 0 for the sandbox's first process.
    pub fn parent(&self) -> u32 {
        self.parent
    }

    /// The number of the group it is in.
    pub fn group(&self) -> u32 {
        self.group.load(Ordering::Acquire)
    }

    /// The number of the session it is in.
    pub fn session(&self) -> u32 {
        self.session.load(Ordering::Acquire)
    }

    /// Move to another group of its session.
    pub fn set_group(&self, group: u32) {
        self.group.store(group, Ordering::Release);
    }

    /// Lead a new session and a new group.
    pub fn lead_session(&self) {
        self.session.store(self.id, Ordering::Release);
        self.group.store(self.id, Ordering::Release);
    }

    /// All processes of the sandbox.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Count `thread` in.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`]; [`ErrorKind::WouldBlock`] if the process is ending.
    pub fn add(&self, thread: Arc<Thread>) -> Result<()> {
        let mut state = self.state.lock();
        if state.end.is_some() || state.sole.is_some() {
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
        if let Some(thread) = state.threads.iter().find(|thread| thread.id() == id) {
            thread.pass_all_barriers();
        }
        state.threads.retain(|thread| thread.id() != id);
        if state.threads.is_empty() {
            return Some(*state.end.get_or_insert(status));
        }
        drop(state);
        self.barriers.wake(Readiness::READ);
        self.retarget();
        None
    }

    /// Decide how the process ends, unless that is decided, and send every other thread the way out.
    pub fn end(&self, status: ExitStatus) {
        self.state.lock().end(status);
    }

    /// How the process ends, once that is decided.
    pub fn ending(&self) -> Option<ExitStatus> {
        self.state.lock().end
    }

    /// Whether there is one thread. Only that thread can change the answer.
    pub fn is_single_threaded(&self) -> bool {
        self.state.lock().threads.len() == 1
    }

    /// Whether `thread` is to leave: the process ends, or another thread is to be the only one. With what status,
    /// should it be the last.
    pub fn must_leave(&self, thread: &Thread) -> Option<ExitStatus> {
        let state = self.state.lock();
        let is_surplus = state.sole.is_some_and(|sole| sole != thread.id());
        state.end.or(is_surplus.then_some(ExitStatus::Exited(0)))
    }

    /// The threads alive at this moment, oldest first.
    pub fn threads(&self) -> Vec<Arc<Thread>> {
        self.state.lock().threads.clone()
    }

    /// Its thread numbered `id`.
    pub fn thread(&self, id: u32) -> Option<Arc<Thread>> {
        self.state.lock().threads.iter().find(|thread| thread.id() == id).cloned()
    }

    /// Stop every thread before it next runs guest code, until the process is told to go on or ends.
    pub fn stop(&self) {
        let mut state = self.state.lock();
        if state.end.is_none() {
            state.stopped = true;
            for thread in &state.threads {
                thread.demand_attention();
            }
        }
    }

    /// Block the calling thread while the process is stopped.
    pub fn wait_while_stopped(&self, thread: &Thread) {
        while self.is_stopped() {
            self.pass_barriers(thread);
            // Without a deadline the only outcome is a wake-up, true or spurious.
            let _ = thread.parker().park(None);
        }
    }

    /// Whether the process is stopped.
    pub fn is_stopped(&self) -> bool {
        let state = self.state.lock();
        state.stopped && state.end.is_none() && state.sole.is_none()
    }
}
