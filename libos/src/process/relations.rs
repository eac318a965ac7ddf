//! Who is whose parent: birth, orphans, and what a parent is told of its children.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{AtomicBool, AtomicU32, Mutex, Ordering};

use super::registry::Table;
use super::{ExitStatus, Process, Usage};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::pseudo::ProcessInformation;
use crate::signal::{ActionFlags, Detail, Disposition, Signal, SignalInfo};
use crate::thread::Thread;

/// A process's place in the family. What is not atomic by itself changes only under the registry's lock.
#[derive(Default)]
pub(super) struct Relations {
    pub(super) parent: AtomicU32,
    /// The thread of the parent that made the process: its end is the parent's to the process.
    maker: AtomicU32,
    /// The signal that tells the parent of the end; 0 for none.
    exit_signal: AtomicU32,
    /// The signal that tells the process of its parent's end (`PR_SET_PDEATHSIG`); 0 for none.
    death_signal: AtomicU32,
    /// Whether orphans below are given to the process (`PR_SET_CHILD_SUBREAPER`).
    is_reaper: AtomicBool,
    /// Whether the process has started a program of its own.
    has_program: AtomicBool,
    /// Where its threads wait for children.
    pub(super) children: WaitQueue,
    /// Who waits for its end from outside (`pidfd_open(2)`).
    pub(super) end: Arc<WaitQueue>,
    /// What the children that were waited for used.
    pub(super) children_usage: Mutex<Usage>,
    /// The parent waits until the process has memory of its own (`vfork(2)`).
    borrows: AtomicBool,
    returned: WaitQueue,
}

/// How a process ended, kept for its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub status: ExitStatus,
    /// What it and its children used.
    pub usage: Usage,
    /// On behalf of which user it ran.
    pub user: u32,
}

/// What a new process is made from.
pub struct Birth {
    /// Its number and its only thread's, from [`Registry::allocate`](super::Registry::allocate).
    pub first: Arc<Thread>,
    /// The thread that makes it.
    pub maker: Arc<Thread>,
    /// Whether it becomes the maker's sibling (`CLONE_PARENT`).
    pub sibling: bool,
    /// The signal that tells the parent of its end.
    pub exit_signal: Option<Signal>,
    /// Whether the maker waits until it has memory of its own.
    pub borrows: bool,
    /// What becomes of the maker's signal actions.
    pub actions: Inheritance,
}

/// How a new process gets its signal actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inheritance {
    /// A copy.
    Copied,
    /// A copy in which handlers became default actions (`CLONE_CLEAR_SIGHAND`).
    Cleared,
    /// The maker's own, in common (`CLONE_SIGHAND`).
    Shared,
}

/// The number of the process that orphans are given to.
pub const INIT: u32 = 1;

impl Process {
    /// The process that orphans are given to. It runs nothing: it only waits for its children.
    pub fn init() -> Arc<Self> {
        let mut process = Self::blank(INIT, Arc::default(), Vec::new());
        process.is_init = true;
        let process = Arc::new(process);
        // One entry always finds room.
        let _ = process.registry.table.lock().insert(&process);
        process
    }

    /// A process numbered `id` without a family, with one thread. It leads a session and a group of its own.
    pub fn new(id: u32, parent: u32, first: Arc<Thread>) -> Arc<Self> {
        let mut process = Self::blank(id, Arc::default(), alloc::vec![first]);
        process.is_first = true;
        let process = Arc::new(process);
        process.relations.parent.store(parent, Ordering::Relaxed);
        let _ = process.registry.table.lock().insert(&process);
        process
    }

    /// A new process, made by this one: it inherits what `fork(2)` says. It is known to everybody from now on.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn child(&self, birth: Birth) -> Result<Arc<Self>> {
        let id = birth.first.id();
        let mut threads = Vec::new();
        threads
            .try_reserve_exact(1)
            .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a process"))?;
        threads.push(birth.first);
        let mut child = Self::blank(id, Arc::clone(&self.registry), threads);
        child.signals = match birth.actions {
            Inheritance::Shared => self.signals.share(),
            Inheritance::Copied | Inheritance::Cleared => self.signals.fork(),
        };
        child.limits = self.limits.fork();
        child.nice.store(self.nice.load(Ordering::Relaxed), Ordering::Relaxed);
        child.is_first = self.is_init;
        if birth.actions == Inheritance::Cleared {
            child.signals.reset_for_new_program();
        }
        child.set_group(self.group());
        child.session.store(self.session(), Ordering::Relaxed);
        child.relations.borrows.store(birth.borrows, Ordering::Relaxed);
        let child = Arc::new(child);
        let mut table = self.registry.table.lock();
        let (parent, exit_signal) = if birth.sibling {
            (self.parent(), self.relations.exit_signal.load(Ordering::Relaxed))
        } else {
            (self.id, birth.exit_signal.map_or(0, |signal| u32::from(signal.number())))
        };
        let relations = &child.relations;
        relations.parent.store(parent, Ordering::Relaxed);
        relations.exit_signal.store(exit_signal, Ordering::Relaxed);
        relations.maker.store(birth.maker.id(), Ordering::Relaxed);
        table.insert(&child)?;
        Ok(child)
    }

    /// The process was not made after all.
    pub fn unmake(&self) {
        let entry = self.registry.table.lock().remove(self.id);
        drop(entry);
        self.let_go();
        self.return_memory();
    }

    /// Keep what is shown of a process that runs nothing.
    pub fn show(&self, shown: Arc<dyn ProcessInformation>) {
        *self.remains.lock() = Some(shown);
    }

    /// Whether orphans below are given to the process.
    pub fn is_reaper(&self) -> bool {
        self.relations.is_reaper.load(Ordering::Relaxed)
    }

    /// Say whether orphans below are given to the process.
    pub fn set_reaper(&self, reaper: bool) {
        self.relations.is_reaper.store(reaper, Ordering::Relaxed);
    }

    /// The signal that tells the process of its parent's end.
    pub fn death_signal(&self) -> Option<Signal> {
        Signal::new(self.relations.death_signal.load(Ordering::Relaxed).cast_signed())
    }

    /// Change the signal that tells the process of its parent's end.
    pub fn set_death_signal(&self, signal: Option<Signal>) {
        let number = signal.map_or(0, |signal| u32::from(signal.number()));
        self.relations.death_signal.store(number, Ordering::Relaxed);
    }

    /// Whether it has started a program since it was made.
    pub fn has_program(&self) -> bool {
        self.relations.has_program.load(Ordering::Relaxed)
    }

    /// It starts a program: its end is told by `SIGCHLD` from now on (clone(2)).
    pub fn start_program(&self) {
        let relations = &self.relations;
        relations.has_program.store(true, Ordering::Relaxed);
        let child = u32::from(Signal::SIGCHLD.number());
        relations.exit_signal.store(child, Ordering::Relaxed);
    }

    /// Whether the thread numbered `thread` made it.
    pub(super) fn is_made_by(&self, thread: u32) -> bool {
        self.relations.maker.load(Ordering::Relaxed) == thread
    }

    /// The signal that tells the parent of its end.
    pub fn exit_signal(&self) -> Option<Signal> {
        Signal::new(self.relations.exit_signal.load(Ordering::Relaxed).cast_signed())
    }

    /// Who waits for the end from outside; readable from then on.
    pub fn end_queue(&self) -> &Arc<WaitQueue> {
        &self.relations.end
    }

    /// It has memory of its own from now on, or has ended: whoever made it goes on.
    pub fn return_memory(&self) {
        if self.relations.borrows.swap(false, Ordering::AcqRel) {
            self.relations.returned.wake(Readiness::READ);
        }
    }

    /// Whether it still uses its maker's memory, and the maker waits.
    pub fn borrows_memory(&self) -> bool {
        self.relations.borrows.load(Ordering::Acquire)
    }

    /// Block the calling thread, of another process, until this one has memory of its own. Only an end of the
    /// caller's own process cuts the wait short.
    pub fn wait_for_memory(&self, maker: &Self, caller: &Thread) {
        const BORROWED: Error = Error::new(ErrorKind::WouldBlock, "the child uses the memory");
        let attempt = || if self.borrows_memory() { Err(BORROWED) } else { Ok(()) };
        // Whether it came to that or to the end, the caller goes on.
        let _ = maker.block_patiently(caller, &self.relations.returned, None, attempt);
    }

    /// The thread numbered `thread` ends, and others go on: the children that it made are those of `heir` now, and
    /// those that asked for it are told.
    pub(super) fn hand_children_over(&self, thread: u32, heir: u32) {
        let table = self.registry.table.lock();
        let mut told = Vec::new();
        for child in children_of(&table, self.id) {
            if child.is_made_by(thread) {
                child.relations.maker.store(heir, Ordering::Relaxed);
                told.push(child);
            }
        }
        told.retain(|child| table.ended(child.id).is_none());
        drop(table);
        self.send_death_signals(&told);
    }

    /// A thread that made `children` has ended: those that asked for it are told.
    fn send_death_signals(&self, children: &[Arc<Self>]) {
        for child in children {
            let Some(signal) = child.death_signal() else { continue };
            let detail = Detail::Sender { process: self.id, user: 0 };
            // A standard signal always finds a place.
            let _ = child.send(SignalInfo { signal, code: 0, detail }, usize::MAX);
        }
    }

    /// The last thread is gone: keep how the process ended, and what is shown of it, for its parent, tell the parent,
    /// and give the children to somebody else.
    pub fn finish(self: &Arc<Self>, mut ended: Ended, remains: Option<Arc<dyn ProcessInformation>>) {
        *self.remains.lock() = remains;
        ended.usage = ended.usage.plus(*self.relations.children_usage.lock());
        let registry = Arc::clone(&self.registry);
        let mut departure = Departure::default();
        let mut table = registry.table.lock();
        let orphaned_groups = super::job::groups_of_children(&table, self);
        if let Some(entry) = table.entry(self.id) {
            entry.ended = Some(ended);
        }
        let reaper = reaper_of(&mut table, self);
        let mut orphans = children_of(&table, self.id);
        for child in &orphans {
            child.relations.parent.store(reaper.id, Ordering::Relaxed);
            if let Some(ended) = table.ended(child.id) {
                child.take_leave(&mut table, &reaper, &ended, &mut departure);
            }
        }
        orphans.retain(|child| table.ended(child.id).is_none());
        if let Some(parent) = table.entry(self.parent()).map(|entry| Arc::clone(&entry.process)) {
            self.take_leave(&mut table, &parent, &ended, &mut departure);
        }
        let stopped = super::job::newly_orphaned(&table, &orphaned_groups);
        drop(table);
        departure.complete();
        self.return_memory();
        self.relations.end.wake(Readiness::READ);
        // As in Linux, whoever gets the signal has its new parent.
        self.send_death_signals(&orphans);
        super::job::wake_orphans(&stopped);
    }

    /// Nobody waits for the process any more: its number is free.
    pub(super) fn let_go(&self) {
        self.registry.release();
        let remains = self.remains.lock().take();
        drop(remains);
    }

    /// Tell `parent` of the end; if nobody will wait for the process, it goes at once. Under the table's lock, so that
    /// whoever finds the process gone, or ended, has the signal too.
    fn take_leave(&self, table: &mut Table, parent: &Arc<Self>, ended: &Ended, departure: &mut Departure) {
        let signal = self.exit_signal();
        let action = parent.signals.action(Signal::SIGCHLD);
        let ignored = signal == Some(Signal::SIGCHLD) && action.disposition == Disposition::Ignore;
        let leaves_none =
            signal == Some(Signal::SIGCHLD) && action.flags.contains(ActionFlags::NO_CHILD_WAIT);
        if let Some(signal) = signal.filter(|_| !parent.is_init && !ignored) {
            let (code, status) = ended.status.child_code();
            let info = news_of_child(signal, code, self.id, ended.user, status, ended.usage);
            // Whether the parent learns of the end does not depend on room in its queue: it can wait.
            let (goes_on, _) = parent.post(info, usize::MAX);
            departure.going_on.extend(goes_on.then(|| Arc::clone(parent)));
        }
        if parent.is_init || ignored || leaves_none {
            departure.gone.extend(table.remove(self.id));
        }
        departure.parents.push(Arc::clone(parent));
    }

    /// The process stopped, or went on, by `signal`: tell the parent.
    pub(crate) fn tell_parent_of_change(&self, code: ChildCode, signal: Signal) {
        let Ok(parent) = self.registry.process(self.parent()) else { return };
        parent.relations.children.wake(Readiness::READ);
        let action = parent.signals.action(Signal::SIGCHLD);
        if parent.is_init || action.flags.contains(ActionFlags::NO_CHILD_STOP) {
            return;
        }
        let user = self.user().unwrap_or(0);
        let status = i32::from(signal.number());
        let info = news_of_child(Signal::SIGCHLD, code, self.id, user, status, Usage::default());
        // A standard signal always finds a place.
        let _ = parent.send(info, usize::MAX);
    }

    /// What the children that were waited for used.
    pub fn children_usage(&self) -> Usage {
        *self.relations.children_usage.lock()
    }
}

/// What happened to a child, as `sigaction(2)` numbers `si_code` for `SIGCHLD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of sigaction(2)")]
pub enum ChildCode {
    Exited = 1,
    Killed = 2,
    Dumped = 3,
    Stopped = 5,
    Continued = 6,
}

/// What is done about ends once the table's lock is free.
#[derive(Default)]
struct Departure {
    /// Those that nobody waits for.
    gone: Vec<super::registry::Entry>,
    /// Those who may wait.
    parents: Vec<Arc<Process>>,
    /// Those that the news made go on.
    going_on: Vec<Arc<Process>>,
}

impl Departure {
    fn complete(self) {
        for entry in &self.gone {
            entry.process.let_go();
        }
        for parent in self.parents {
            parent.relations.children.wake(Readiness::READ);
        }
        for process in self.going_on {
            process.tell_parent_of_change(ChildCode::Continued, Signal::SIGCONT);
        }
    }
}

/// The signal that tells of a child.
fn news_of_child(
    signal: Signal,
    code: ChildCode,
    process: u32,
    user: u32,
    status: i32,
    usage: Usage,
) -> SignalInfo {
    /// Units of processor time in a second, as signals report it.
    const TICKS: u128 = 100;
    let user_time = u64::try_from(usage.time.as_nanos() * TICKS / 1_000_000_000).unwrap_or(u64::MAX);
    let detail = Detail::Child { process, user, status, user_time, system_time: 0 };
    SignalInfo { signal, code: code as i32, detail }
}

/// The children of the process numbered `parent`.
pub(super) fn children_of(table: &Table, parent: u32) -> Vec<Arc<Process>> {
    let children = table.entries().iter().filter(|entry| entry.process.parent() == parent);
    children.map(|entry| Arc::clone(&entry.process)).collect()
}

/// Who gets the children of `process`: the nearest ancestor that asked for orphans, or init.
fn reaper_of(table: &mut Table, process: &Arc<Process>) -> Arc<Process> {
    let mut ancestor = process.parent();
    // Parents are older than their children or adopted them, so the walk ends at init; the count bounds it anyhow.
    for _ in 0..table.entries().len() {
        let Some(entry) = table.entry(ancestor) else { break };
        if entry.process.is_init || (entry.process.is_reaper() && entry.ended.is_none()) {
            return Arc::clone(&entry.process);
        }
        ancestor = entry.process.parent();
    }
    table.entry(INIT).map_or_else(|| Arc::clone(process), |entry| Arc::clone(&entry.process))
}
