//! A guest process from its first thread to its last.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicU32, Mutex, Ordering};

use super::relations::Relations;
use super::telling::Telling;
use super::{Change, ChildCode, Registry, WaitFlags};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::pseudo::ProcessInformation;
use crate::limit::Limits;
use crate::signal::{ProcessSignals, Signal};
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
    pub(super) id: u32,
    /// Whether it is the process that orphans are given to, which runs nothing.
    pub(super) is_init: bool,
    /// Whether the sandbox ends with it.
    pub(super) is_first: bool,
    group: AtomicU32,
    pub(super) session: AtomicU32,
    pub(super) registry: Arc<Registry>,
    pub(super) relations: Relations,
    /// Its signals.
    pub signals: ProcessSignals,
    /// Its limits.
    pub limits: Limits,
    /// How nice it is to others, as an unsigned number.
    pub(super) nice: AtomicU32,
    /// What is shown of it after its end, for as long as nobody has waited for it.
    pub(super) remains: Mutex<Option<Arc<dyn ProcessInformation>>>,
    pub(crate) state: Mutex<State>,
    /// Tells who waits for other threads to pass a barrier.
    pub(super) barriers: WaitQueue,
    /// What it told others of itself.
    pub(super) telling: Telling,
}

/// What a process's lock protects.
pub(crate) struct State {
    pub(crate) threads: Vec<Arc<Thread>>,
    /// How the process ends. Set once; every thread leaves when it sees it.
    end: Option<ExitStatus>,
    /// The process is stopped: its threads wait until it goes on.
    stopped: bool,
    /// The stop that not all threads have come to.
    stopping: Option<Stopping>,
    /// A stop, or its end, that the parent has not waited for.
    unreported: Option<Change>,
    /// The thread that is to be the only one: every other leaves.
    pub(super) sole: Option<u32>,
}

/// A stop on its way.
struct Stopping {
    signal: Signal,
    /// The threads that may still run guest code.
    left: Vec<u32>,
}

impl State {
    /// Decide how the process ends, unless that is decided, and send every thread the way out.
    pub(crate) fn end(&mut self, status: ExitStatus) {
        self.end.get_or_insert(status);
        self.stopping = None;
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

    /// Let a stopped process go on; whether it was stopped.
    pub(crate) fn go_on(&mut self) -> bool {
        let was_stopped = core::mem::take(&mut self.stopped);
        self.stopping = None;
        if was_stopped {
            self.unreported = Some(Change::Continued);
            for thread in &self.threads {
                thread.parker().unpark();
            }
        }
        was_stopped
    }
}

impl Process {
    /// A process with `threads`, and nothing else of its own.
    pub(super) fn blank(id: u32, registry: Arc<Registry>, threads: Vec<Arc<Thread>>) -> Self {
        let state =
            State { threads, end: None, stopped: false, stopping: None, unreported: None, sole: None };
        Self {
            id,
            is_init: false,
            is_first: false,
            group: AtomicU32::new(id),
            session: AtomicU32::new(id),
            registry,
            relations: Relations::default(),
            signals: ProcessSignals::default(),
            limits: Limits::default(),
            nice: AtomicU32::new(0),
            remains: Mutex::new(None),
            state: Mutex::new(state),
            barriers: WaitQueue::new(),
            telling: Telling::default(),
        }
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether it is the process that orphans are given to, which runs nothing.
    pub fn is_init(&self) -> bool {
        self.is_init
    }

    /// Whether the sandbox ends with it.
    pub fn is_first(&self) -> bool {
        self.is_first
    }

    /// The parent's number; 0 for the process that orphans are given to.
    pub fn parent(&self) -> u32 {
        self.relations.parent.load(Ordering::Relaxed)
    }

    /// The number of the group it is in.
    pub fn group(&self) -> u32 {
        self.group.load(Ordering::Acquire)
    }

    /// The number of the session it is in.
    pub fn session(&self) -> u32 {
        self.session.load(Ordering::Acquire)
    }

    /// How nice it is to others, -20 to 19. Kept for whoever asks; the host's scheduler decides.
    pub fn nice(&self) -> i32 {
        self.nice.load(Ordering::Relaxed).cast_signed()
    }

    /// Change how nice it is.
    pub fn set_nice(&self, nice: i32) {
        self.nice.store(nice.cast_unsigned(), Ordering::Relaxed);
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
    /// end was decided before. [`Process::finish`] is to follow then.
    pub fn remove(&self, id: u32, status: ExitStatus) -> Option<ExitStatus> {
        let mut state = self.state.lock();
        if let Some(thread) = state.threads.iter().find(|thread| thread.id() == id) {
            thread.pass_all_barriers();
        }
        state.threads.retain(|thread| thread.id() != id);
        if state.threads.is_empty() {
            return Some(*state.end.get_or_insert(status));
        }
        let heir = state.threads.first().map_or(0, |thread| thread.id());
        drop(state);
        self.note_stopped(id);
        self.registry.release();
        self.hand_children_over(id, heir);
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

    /// Whether the last thread has left.
    pub fn has_finished(&self) -> bool {
        self.state.lock().threads.is_empty() && !self.is_init
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

    /// The real user of its oldest thread; `None` once no thread is left.
    pub fn user(&self) -> Option<u32> {
        let oldest = self.state.lock().threads.first().cloned()?;
        Some(oldest.credentials().user.real)
    }

    /// Its thread numbered `id`.
    pub fn thread(&self, id: u32) -> Option<Arc<Thread>> {
        self.state.lock().threads.iter().find(|thread| thread.id() == id).cloned()
    }

    /// Stop every thread before it next runs guest code, until the process is told to go on or ends: `signal` does
    /// that, and the parent is told once the last of them has stopped. Nothing happens if the process was told to go on since the caller took `signal`.
    pub fn stop(&self, signal: Signal) {
        let mut state = self.state.lock();
        if state.end.is_some() || state.stopped || !self.signals.stop_holds() {
            return;
        }
        state.stopped = true;
        let mut left = Vec::new();
        // Without memory the parent is told at the first thread.
        if left.try_reserve_exact(state.threads.len()).is_ok() {
            left.extend(state.threads.iter().map(|thread| thread.id()));
        }
        state.stopping = Some(Stopping { signal, left });
        for thread in &state.threads {
            thread.demand_attention();
        }
    }

    /// The thread numbered `id` has stopped, or is gone: after the last one the parent is told.
    fn note_stopped(&self, id: u32) {
        let mut state = self.state.lock();
        let State { stopping: Some(stopping), threads, .. } = &mut *state else { return };
        stopping.left.retain(|left| *left != id && threads.iter().any(|thread| thread.id() == *left));
        if !stopping.left.is_empty() {
            return;
        }
        let signal = stopping.signal;
        state.stopping = None;
        state.unreported = Some(Change::Stopped(signal));
        drop(state);
        self.tell_parent_of_change(ChildCode::Stopped, signal);
    }

    /// A stop or its end that the parent waits for and has not seen; it has by now, unless it is to be kept.
    pub(super) fn take_change(&self, flags: WaitFlags) -> Option<Change> {
        let mut state = self.state.lock();
        let wanted = match state.unreported? {
            Change::Stopped(_) => flags.contains(WaitFlags::STOPPED),
            Change::Continued => flags.contains(WaitFlags::CONTINUED),
            Change::Ended(_) => false,
        };
        if !wanted || flags.contains(WaitFlags::KEEP) {
            return state.unreported.filter(|_| wanted);
        }
        state.unreported.take()
    }

    /// Block the calling thread while the process is stopped.
    pub fn wait_while_stopped(&self, thread: &Thread) {
        while self.is_stopped() {
            // Each time: it may be another stop than when the thread went to sleep.
            self.note_stopped(thread.id());
            self.pass_barriers(thread);
            // Without a deadline the only outcome is a wake-up, true or spurious.
            let _ = thread.park(None);
        }
    }

    /// Whether the process is stopped.
    pub fn is_stopped(&self) -> bool {
        let state = self.state.lock();
        state.stopped && state.end.is_none() && state.sole.is_none()
    }
}
