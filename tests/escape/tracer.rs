//! The tracer outside: it runs a command and keeps every host call that the confined processes made.
//!
//! A host call counts as made unless it ends in a `SIGSYS` of the filter. Supervisor and broker are not watched, nor
//! is what the keeper does before it has installed the filter that it and every member live under.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use litebox_tests::Ending;

use crate::ptrace::{self, CallStop, Happening, HostCall};

/// Which processes of a command are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watched {
    /// Those that an unconfined program consists of, from its first instruction: the control.
    Everything,
    /// The processes of a sandbox, from their filter on.
    Members,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Trace {
    /// How its first process ended.
    pub(crate) ending: Ending,
    /// Every host call that a watched process made.
    pub(crate) made: Vec<HostCall>,
    /// Processes that were confined.
    pub(crate) confined: usize,
    /// Whether a process outlived the first one.
    pub(crate) left_over: bool,
}

/// What a process or thread is, by its ancestry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The supervisor and what it starts before that executes the image.
    Supervisor,
    /// Executes the image and has no filter yet.
    SetUp,
    /// Lives under the filter: the keeper, and every member.
    Confined,
}

impl Role {
    fn is_watched(self) -> bool {
        matches!(self, Self::SetUp | Self::Confined)
    }

    /// What it makes is. Before its filter the keeper makes the process that kicks, where the host bounds no signals;
    /// that one runs no guest code and has other rows.
    fn child(self) -> Self {
        if self == Self::SetUp { Self::Supervisor } else { self }
    }
}

/// One process or thread.
#[derive(Clone, Copy)]
struct Tracee {
    role: Role,
    /// A call that was entered.
    entered: Option<HostCall>,
    /// A call that was left; what comes next says whether it was made.
    left: Option<HostCall>,
}

impl Tracee {
    const fn new(role: Role) -> Self {
        Self { role, entered: None, left: None }
    }
}

struct Tracer {
    tracees: BTreeMap<i32, Tracee>,
    /// Stopped at their start, before their maker's event was seen.
    early: BTreeSet<i32>,
    /// Known by their maker's event, and not yet stopped at their start.
    fresh: BTreeSet<i32>,
    made: Vec<HostCall>,
    confined: usize,
    live: Arc<Mutex<Vec<i32>>>,
}

/// Calls that can kill their own caller: `kill`, `rt_sigqueueinfo`, `tkill`, `tgkill`, `rt_tgsigqueueinfo`,
/// `pidfd_send_signal`.
const KILLING: [u64; 6] = [62, 129, 200, 234, 297, 424];

/// How long what a command started may live on once the command has ended.
const GRACE: Duration = Duration::from_secs(5);

/// Run `command` to its end, or until `limit`.
///
/// # Errors
/// Why it could not be started or traced.
pub(crate) fn run(command: &mut Command, watched: Watched, limit: Duration) -> Result<Trace, String> {
    // On a thread of its own: it waits for all that is its child, which must be nothing else.
    thread::scope(|scope| {
        let tracing = scope.spawn(|| trace(command, watched, limit));
        tracing.join().unwrap_or_else(|_| Err("the tracer panicked".into()))
    })
}

fn trace(command: &mut Command, watched: Watched, limit: Duration) -> Result<Trace, String> {
    ptrace::trace_child(command);
    let child =
        spawn(command.process_group(0)).map_err(|error| format!("it could not be started: {error}"))?;
    let root = number(&child)?;
    let mut tracer = Tracer::new();
    let role = if watched == Watched::Everything { Role::Confined } else { Role::Supervisor };
    tracer.add(root, role);
    let watchdog = Watchdog::start(limit, Arc::clone(&tracer.live));
    let mut ending = None;
    let mut started = false;
    while let Some((pid, happening)) = ptrace::wait().map_err(|error| format!("waiting failed: {error}"))? {
        match happening {
            Happening::Ended(status) => {
                tracer.remove(pid, status);
                if pid == root {
                    ending = Some(status);
                    watchdog.tell(Progress::RootEnded);
                }
            }
            Happening::Signal(libc::SIGTRAP) if pid == root && !started => {
                started = true;
                ptrace::set_options(pid);
                tracer.resume(pid, 0);
            }
            other => tracer.step(pid, other),
        }
    }
    let late = watchdog.finish();
    let ending = match (late, ending) {
        (Some(Late::Limit), _) => Ending::Timeout,
        (_, Some(status)) => ending_of(status),
        (_, None) => return Err("its end was never seen".into()),
    };
    let Tracer { made, confined, .. } = tracer;
    Ok(Trace { ending, made, confined, left_over: late == Some(Late::Grace) })
}

/// Starts a program that was just written: a process forked meanwhile by another test may hold it open for writing
/// until it executes its own.
fn spawn(command: &mut Command) -> io::Result<Child> {
    for _ in 0..100 {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
    command.spawn()
}

fn number(child: &Child) -> Result<i32, String> {
    i32::try_from(child.id()).map_err(|_| "its number is no process number".to_owned())
}

fn ending_of(status: i32) -> Ending {
    if libc::WIFSIGNALED(status) {
        Ending::Signal(libc::WTERMSIG(status))
    } else {
        Ending::Exit(libc::WEXITSTATUS(status))
    }
}

impl Tracer {
    fn new() -> Self {
        Self {
            tracees: BTreeMap::new(),
            early: BTreeSet::new(),
            fresh: BTreeSet::new(),
            made: Vec::new(),
            confined: 0,
            live: Arc::default(),
        }
    }

    fn add(&mut self, pid: i32, role: Role) {
        if role == Role::Confined {
            self.confined += 1;
        }
        self.tracees.insert(pid, Tracee::new(role));
        lock(&self.live).push(pid);
    }

    fn remove(&mut self, pid: i32, status: i32) {
        lock(&self.live).retain(|live| *live != pid);
        let Some(tracee) = self.tracees.remove(&pid).filter(|tracee| tracee.role == Role::Confined) else {
            return;
        };
        let killed = libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == libc::SIGKILL;
        // A call that never came back was made: it ended the thread. Not so if the supervisor's kill came before the
        // filter's signal could; then only a call that can kill its own caller counts.
        let unsettled = tracee.left.or(tracee.entered);
        self.made.extend(unsettled.filter(|call| !killed || KILLING.contains(&call.number)));
    }

    fn resume(&self, pid: i32, signal: i32) {
        let watched = self.tracees.get(&pid).is_some_and(|tracee| tracee.role.is_watched());
        ptrace::resume(pid, signal, watched);
    }

    fn step(&mut self, pid: i32, happening: Happening) {
        let is_filters = || ptrace::is_from_filter(pid);
        let by_filter = if happening == Happening::Signal(libc::SIGSYS) { is_filters() } else { Some(false) };
        if let Some(by_filter) = by_filter {
            self.settle(pid, by_filter);
        }
        let mut deliver = 0;
        match happening {
            Happening::Call => self.call(pid),
            Happening::Event(libc::PTRACE_EVENT_EXEC) => self.executed(pid),
            Happening::Event(libc::PTRACE_EVENT_STOP) | Happening::Ended(_) => {}
            Happening::Event(_) => self.born(pid),
            Happening::Signal(_) if !self.tracees.contains_key(&pid) => {
                self.early.insert(pid);
                return;
            }
            // The stop at its start is the tracer's own doing.
            Happening::Signal(libc::SIGSTOP) if self.fresh.remove(&pid) => {}
            Happening::Signal(signal) => deliver = signal,
        }
        self.resume(pid, deliver);
    }

    /// What comes after a call says whether it was made.
    fn settle(&mut self, pid: i32, by_filter: bool) {
        let Some(tracee) = self.tracees.get_mut(&pid) else { return };
        match tracee.left.take() {
            Some(call) if tracee.role == Role::Confined && !by_filter => self.made.push(call),
            _ => {}
        }
    }

    fn call(&mut self, pid: i32) {
        const SECCOMP: u64 = 317;
        let Some(tracee) = self.tracees.get_mut(&pid) else { return };
        match ptrace::call_stop(pid) {
            Some(CallStop::Entry(call)) => tracee.entered = Some(call),
            Some(CallStop::Exit(result)) => {
                let call = tracee.entered.take();
                if tracee.role == Role::Confined {
                    tracee.left = call;
                } else if result == 0 && call.is_some_and(|call| call.number == SECCOMP) {
                    tracee.role = Role::Confined;
                    self.confined += 1;
                }
            }
            None => {}
        }
    }

    fn executed(&mut self, pid: i32) {
        if let Some(tracee) = self.tracees.get_mut(&pid).filter(|tracee| tracee.role == Role::Supervisor) {
            tracee.role = Role::SetUp;
        }
    }

    /// A process or thread was made by `pid`.
    fn born(&mut self, pid: i32) {
        let Some(child) = ptrace::event_number(pid) else { return };
        let role = self.tracees.get(&pid).map_or(Role::Supervisor, |maker| maker.role.child());
        self.add(child, role);
        if self.early.remove(&child) {
            self.resume(child, 0);
        } else {
            self.fresh.insert(child);
        }
    }
}

/// What the tracer tells the watchdog.
enum Progress {
    RootEnded,
}

/// Which time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Late {
    Limit,
    Grace,
}

/// Kills what takes too long: the tracer itself waits without a limit.
struct Watchdog {
    sender: Sender<Progress>,
    thread: JoinHandle<Option<Late>>,
}

impl Watchdog {
    fn start(limit: Duration, live: Arc<Mutex<Vec<i32>>>) -> Self {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut late = None;
            let (mut patience, mut kind) = (limit, Late::Limit);
            loop {
                match receiver.recv_timeout(patience) {
                    Ok(Progress::RootEnded) => (patience, kind) = (GRACE, Late::Grace),
                    Err(RecvTimeoutError::Disconnected) => return late,
                    Err(RecvTimeoutError::Timeout) => {
                        late = late.or(Some(kind));
                        lock(&live).iter().copied().for_each(ptrace::kill);
                        patience = GRACE;
                    }
                }
            }
        });
        Self { sender, thread }
    }

    fn tell(&self, progress: Progress) {
        // A watchdog that is gone has nothing to watch.
        let _ = self.sender.send(progress);
    }

    fn finish(self) -> Option<Late> {
        drop(self.sender);
        self.thread.join().ok().flatten()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
