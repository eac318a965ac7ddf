//! The state of one guest thread, as this North keeps it.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::sync::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use litebox_host::time::{Clock, Deadline};
use litebox_libos::file::transfer::Caller;
use litebox_libos::file::{Asker, DescriptorTable, Place};
use litebox_libos::futex::Futexes;
use litebox_libos::identity::Credentials;
use litebox_libos::ipc::semaphore::UndoList;
use litebox_libos::limit::Resource;
use litebox_libos::memory::buffer;
use litebox_libos::memory::{AddressSpace, Limits};
use litebox_libos::process::{Ended, ExitStatus, Process};
use litebox_libos::signal::{Detail, Signal, SignalInfo, SignalSet};
use litebox_libos::thread::Thread;
use litebox_libos::user::UserPointer;

use crate::abi::signal::{SI_USER, SS_DISABLE, StackT};
use crate::error::Result;
use crate::host::LinuxHost;
use crate::information::{self, OutOfMemory, Slot};
use crate::syscall::futex::release_on_exit;
use crate::syscall::limit::used;
use crate::syscall::process::Execution;
use crate::syscall::time::ProcessTimers;
use crate::table::NUMBERS;

/// One guest thread. What threads may share hangs off it in `Arc`s, one for each thing that `clone(2)` can share.
pub struct Task<H: LinuxHost> {
    /// The host that runs it.
    pub host: H,
    /// What others see of the thread.
    pub thread: Arc<Thread>,
    /// Its process.
    pub process: Arc<Process>,
    /// Its descriptors.
    pub descriptors: Arc<DescriptorTable>,
    /// Where it stands in the tree of files.
    pub place: Arc<Place>,
    /// Its address space.
    pub memory: Arc<AddressSpace<H>>,
    /// On whose behalf it acts. As in Linux, each thread has its own.
    pub credentials: Credentials,
    /// The sandbox's futexes.
    pub futexes: Arc<Futexes>,
    /// What its end undoes of what it did to semaphores.
    pub(crate) undo: Arc<UndoList>,
    /// Whether its calls are shown; shared by all threads.
    pub tracing: Arc<AtomicBool>,
    /// The process's timers.
    pub(crate) timers: Arc<ProcessTimers<H>>,
    /// Which diagnostics were given already.
    pub(crate) diagnostics: Arc<Diagnostics>,
    /// Values that calls set and get.
    pub(crate) settings: Arc<Settings>,
    /// What `/proc` shows of the process.
    pub(crate) information: Arc<Slot<H>>,
    pub(crate) own: Own,
    /// What is done before guest code first runs.
    pub(crate) beginning: Beginning,
    leaving: bool,
}

/// How the first thread of a process begins.
#[derive(Default)]
pub(crate) enum Beginning {
    /// With the registers that it was given.
    #[default]
    Plain,
    /// In a copy of its maker's memory.
    Forked {
        /// Where it is told its number.
        number: Option<UserPointer<u32>>,
    },
    /// In its maker's memory.
    Shared {
        /// Where it is told its number.
        number: Option<UserPointer<u32>>,
    },
    /// In new memory, with a program that is still to be loaded.
    Program(Box<Execution>),
}

/// What only the thread itself looks at.
pub(crate) struct Own {
    /// Where 0 is written, and one waiter woken, when the thread ends (`set_tid_address(2)`).
    pub(crate) clear_child_tid: usize,
    /// Head of the list of locks that the thread holds (`set_robust_list(2)`).
    pub(crate) robust_list: usize,
    /// The alternate stack, as `sigaltstack(2)` was given it.
    pub(crate) alternate_stack: StackT,
    /// The mask to go back to once the call is over, where a call changed it for its own time.
    pub(crate) saved_mask: Option<SignalSet>,
    /// When the running call gives up; stays while the call is started again.
    pub(crate) restart_deadline: Option<Deadline>,
    /// Frames on the guest's stack whose return starts a call again; see the `signal` handlers.
    pub(crate) restart_frames: Vec<u64>,
    /// The call whose registers were just restored is to be started again.
    pub(crate) run_again: bool,
    /// The last processor exception, as frames report it.
    pub(crate) trap: Trap,
}

impl Own {
    /// What a new process's first thread inherits.
    ///
    /// # Errors
    /// `ENOMEM`.
    pub(crate) fn fork(&self, keeps_stack: bool) -> Result<Self> {
        let restart_frames = buffer::copied(&self.restart_frames)?;
        let mut own = Self { restart_frames, trap: self.trap, ..Self::default() };
        if keeps_stack {
            own.alternate_stack = self.alternate_stack;
        }
        Ok(own)
    }
}

/// A processor exception in a signal frame.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trap {
    pub(crate) number: u64,
    pub(crate) error_code: u64,
    /// `cr2`: the address of the last page fault.
    pub(crate) address: u64,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            clear_child_tid: 0,
            robust_list: 0,
            alternate_stack: StackT { flags: SS_DISABLE, ..StackT::default() },
            saved_mask: None,
            restart_deadline: None,
            restart_frames: Vec::new(),
            run_again: false,
            trap: Trap::default(),
        }
    }
}

/// Values of a process that calls set and get.
#[derive(Default)]
pub(crate) struct Settings {
    /// `PR_SET_DUMPABLE`, kept inverted: 0 is dumpable.
    pub(crate) undumpable: AtomicU32,
    /// `PR_SET_NO_NEW_PRIVS`.
    pub(crate) no_new_privileges: AtomicBool,
    /// `PR_SET_TIMERSLACK` in nanoseconds; 0 is the default.
    pub(crate) timer_slack: AtomicU64,
    /// `PR_SET_KEEPCAPS`.
    pub(crate) keep_capabilities: AtomicBool,
    /// `personality(2)`.
    pub(crate) persona: AtomicU32,
    /// Whether the process registered for `membarrier(2)`.
    pub(crate) barriers: AtomicBool,
    /// `/proc/<process>/oom_score_adj`.
    pub(crate) out_of_memory: OutOfMemory,
}

impl Settings {
    /// A copy, for a child process.
    fn fork(&self) -> Self {
        let number = |of: &AtomicU32| AtomicU32::new(of.load(Ordering::Relaxed));
        let flag = |of: &AtomicBool| AtomicBool::new(of.load(Ordering::Relaxed));
        Self {
            undumpable: number(&self.undumpable),
            no_new_privileges: flag(&self.no_new_privileges),
            timer_slack: AtomicU64::new(self.timer_slack.load(Ordering::Relaxed)),
            keep_capabilities: flag(&self.keep_capabilities),
            persona: number(&self.persona),
            barriers: flag(&self.barriers),
            out_of_memory: self.out_of_memory.fork(),
        }
    }
}

/// Which calls a guest was told are not there.
pub(crate) struct Diagnostics {
    reported: [AtomicU64; NUMBERS / 64],
}

impl Default for Diagnostics {
    fn default() -> Self {
        Self { reported: [const { AtomicU64::new(0) }; NUMBERS / 64] }
    }
}

impl Diagnostics {
    /// Whether this is the first time for call `number`; numbers beyond the table count as one.
    pub(crate) fn is_first(&self, number: u32) -> bool {
        let index = (number as usize).min(NUMBERS - 1);
        let bit = 1 << (index % 64);
        self.reported.get(index / 64).is_some_and(|word| word.fetch_or(bit, Ordering::Relaxed) & bit == 0)
    }
}

impl<H: LinuxHost> Task<H> {
    /// The first thread of a sandbox's first process.
    pub fn new(
        host: H,
        process: Arc<Process>,
        thread: Arc<Thread>,
        descriptors: Arc<DescriptorTable>,
    ) -> Self {
        let memory = Arc::new(AddressSpace::new(host.clone(), Limits::default()));
        let timers = ProcessTimers::new(host.clone());
        let place = Place::nowhere(Arc::new(host.clone()));
        Self {
            host,
            thread,
            process,
            descriptors,
            place,
            memory,
            credentials: Credentials::default(),
            futexes: Futexes::new(),
            undo: UndoList::new(),
            tracing: Arc::default(),
            timers,
            diagnostics: Arc::default(),
            settings: Arc::default(),
            information: Arc::default(),
            own: Own::default(),
            beginning: Beginning::Plain,
            leaving: false,
        }
    }

    /// Another thread of the same process, which shares everything that threads share.
    pub(crate) fn sibling(&self, thread: Arc<Thread>) -> Self {
        thread.show_credentials(self.credentials.clone());
        Self {
            host: self.host.clone(),
            thread,
            process: Arc::clone(&self.process),
            descriptors: Arc::clone(&self.descriptors),
            place: Arc::clone(&self.place),
            memory: Arc::clone(&self.memory),
            credentials: self.credentials.clone(),
            futexes: Arc::clone(&self.futexes),
            undo: Arc::clone(&self.undo),
            tracing: Arc::clone(&self.tracing),
            timers: Arc::clone(&self.timers),
            diagnostics: Arc::clone(&self.diagnostics),
            settings: Arc::clone(&self.settings),
            information: Arc::clone(&self.information),
            own: Own::default(),
            beginning: Beginning::Plain,
            leaving: false,
        }
    }

    /// The first thread of a new process that this one makes.
    pub(crate) fn child(
        &self,
        process: Arc<Process>,
        thread: Arc<Thread>,
        memory: Arc<AddressSpace<H>>,
        descriptors: Arc<DescriptorTable>,
        place: Arc<Place>,
    ) -> Self {
        Self {
            process,
            memory,
            descriptors,
            place,
            timers: ProcessTimers::new(self.host.clone()),
            settings: Arc::new(self.settings.fork()),
            information: Arc::default(),
            undo: UndoList::new(),
            ..self.sibling(thread)
        }
    }

    /// Have a copy of the descriptor table, if others have the same one.
    ///
    /// # Errors
    /// `ENOMEM`; the table is then still shared.
    pub(crate) fn unshare_descriptors(&mut self) -> Result<()> {
        if self.descriptors.is_shared() {
            let own = Arc::new(self.descriptors.duplicate()?);
            self.descriptors.leave();
            self.descriptors = own;
        }
        Ok(())
    }

    /// The same thread, in another process of the host: this value leaves without a trace.
    pub(crate) fn moved(&mut self, execution: Execution) -> Self {
        self.leaving = true;
        Self {
            own: core::mem::take(&mut self.own),
            beginning: Beginning::Program(Box::new(execution)),
            ..self.sibling(Arc::clone(&self.thread))
        }
    }

    /// The move did not come about.
    pub(crate) fn stay(&mut self) {
        self.leaving = false;
    }

    /// Let others see on whose behalf the thread acts; called after every change.
    pub(crate) fn show_credentials(&self) {
        self.thread.show_credentials(self.credentials.clone());
    }

    /// End the thread once the current call is over. The last thread to leave ends the process, with `status`
    /// unless another end was decided before.
    pub fn leave(&mut self, status: ExitStatus) {
        if self.leaving {
            return;
        }
        self.leaving = true;
        self.thread.run_errand();
        release_on_exit(self);
        self.descriptors.leave();
        self.undo = UndoList::new();
        if let Some(end) = self.process.remove(self.thread.id(), status) {
            self.end_process(end);
        }
    }

    /// The last thread has left. Everything that the process holds is let go before its parent learns of the end.
    fn end_process(&mut self, status: ExitStatus) {
        if self.process.is_first() {
            self.host.exit(status.encode());
        }
        let usage = used(self, Clock::ProcessCpu);
        let ended = Ended { status, usage, user: self.credentials.user.real };
        self.process.tell(usage.time, || {});
        let remains = information::remains(self);
        self.information.clear();
        self.timers = ProcessTimers::new(self.host.clone());
        self.descriptors = Arc::default();
        self.place = Place::new(Arc::clone(self.place.namespace()));
        self.memory.leave();
        self.place.namespace().terminals().process_ended(&self.process);
        self.process.finish(ended, remains);
    }

    /// One more than the largest descriptor number that the process may use (`RLIMIT_NOFILE`).
    pub fn descriptor_limit(&self) -> u32 {
        u32::try_from(self.process.limits.soft(Resource::Files)).unwrap_or(u32::MAX)
    }

    /// One more than the last position in a file that the process may write (`RLIMIT_FSIZE`).
    pub fn file_size_limit(&self) -> u64 {
        self.process.limits.soft(Resource::FileSize)
    }

    /// Who blocks and transfers on behalf of this thread.
    pub fn caller(&self) -> Caller<'_, H> {
        Caller { host: &self.host, process: &self.process, thread: &self.thread }
    }

    /// Who uses an open object.
    pub(crate) fn asker(&self) -> Asker<'_> {
        Asker { process: &self.process, thread: &self.thread }
    }

    /// Run `act`, a wait, with `mask` as the thread's signal mask if there is one: the one place where `ppoll(2)`
    /// and its like meet the signal state.
    pub fn with_signal_mask<R>(&mut self, mask: Option<u64>, act: impl FnOnce(&mut Self) -> R) -> R {
        if let Some(mask) = mask {
            self.set_temporary_mask(SignalSet::from_bits(mask));
        }
        act(self)
    }

    /// A write found nobody at the other end: what `SIGPIPE` is sent for, besides the error.
    pub fn raise_broken_pipe(&mut self) {
        self.raise(Signal::SIGPIPE);
    }

    /// A file would have become larger than the process may make one (`RLIMIT_FSIZE`).
    pub fn raise_file_size(&mut self) {
        self.raise(Signal::SIGXFSZ);
    }

    /// What is told of `signal` that the thread sends in the way `code` (`sigaction(2)`).
    pub(crate) fn signal_info(&self, signal: Signal, code: i32) -> SignalInfo {
        let detail = Detail::Sender { process: self.process.id(), user: self.credentials.user.real };
        SignalInfo { signal, code, detail }
    }

    fn raise(&mut self, signal: Signal) {
        let info = self.signal_info(signal, SI_USER);
        // A signal that is not real-time always finds a place.
        let _ = self.process.send_to_thread(&self.thread, info, usize::MAX);
    }

    /// What a new program finds of signals and timers (`execve(2)`): handlers, the alternate stack and the timers
    /// that the old one made are gone; ignored signals, the mask and what is pending stay. The caller is the
    /// process's only thread ([`Process::become_sole`]), and the old program's memory is still there.
    pub fn forget_program(&mut self) {
        release_on_exit(self);
        self.own = Own { saved_mask: self.own.saved_mask.take(), ..Own::default() };
        self.process.signals.reset_for_new_program();
        self.timers.delete_made();
    }

    /// Whether the thread is on its way out.
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// The monotonic clock's reading.
    pub fn now(&self) -> Deadline {
        Deadline(u64::try_from(self.host.now(Clock::Monotonic).as_nanos()).unwrap_or(u64::MAX))
    }

    /// When a call that waits for `duration` gives up. A call that is started again after an interruption keeps
    /// the deadline of its first run.
    pub fn deadline_after(&mut self, duration: Duration) -> Deadline {
        let length = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let deadline = Deadline(self.now().0.saturating_add(length));
        *self.own.restart_deadline.get_or_insert(deadline)
    }

    /// Block `mask` instead of the thread's own mask until the call is over: if a handler interrupts the call, it
    /// runs with this mask and returns to the old one (`sigsuspend(2)`, `ppoll(2)`).
    pub fn set_temporary_mask(&mut self, mask: SignalSet) {
        let old = self.process.set_mask(&self.thread, mask);
        self.own.saved_mask.get_or_insert(old);
    }
}
