//! One guest thread.

use alloc::sync::{Arc, Weak};

use litebox_host::ambient::{self, TimedOut};
use litebox_host::sync::{AtomicBool, AtomicU32, AtomicU64, Mutex, Ordering};
use litebox_host::thread::HostThread;
use litebox_host::time::Deadline;

use crate::event::Parker;
use crate::identity::Credentials;
use crate::process::Errand;
use crate::signal::ThreadSignals;

/// One guest thread, shared with whoever signals or waits for it.
pub struct Thread {
    id: AtomicU32,
    parker: Arc<Parker>,
    attention: AtomicBool,
    signals: ThreadSignals,
    name: Mutex<[u8; NAME_LENGTH]>,
    credentials: Mutex<Credentials>,
    wishes: Mutex<Wishes>,
    barriers: Barriers,
    /// Whether others asked it to run its errand, and what that is.
    asked: AtomicBool,
    /// Whether it was woken only to run its errand, and will sleep on.
    disturbed: AtomicBool,
    errand: Mutex<Option<Weak<dyn Errand>>>,
}

/// Memory barriers that others asked of the thread, counted.
#[derive(Debug, Default)]
struct Barriers {
    wanted: AtomicU64,
    passed: AtomicU64,
}

/// How the thread wishes to be scheduled. Kept for whoever asks; the host's scheduler decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The policy, as the guest's language numbers it.
    pub policy: i32,
    /// The processors, one bit each; `None` for all.
    pub processors: Option<u64>,
}

/// Bytes of a thread's name with its NUL (`PR_SET_NAME`).
pub const NAME_LENGTH: usize = 16;

impl Thread {
    /// The thread numbered `id`.
    pub fn new(id: u32) -> Arc<Self> {
        Arc::new(Self {
            id: AtomicU32::new(id),
            parker: Parker::new(),
            attention: AtomicBool::new(false),
            signals: ThreadSignals::default(),
            name: Mutex::new([0; NAME_LENGTH]),
            credentials: Mutex::default(),
            wishes: Mutex::default(),
            barriers: Barriers::default(),
            asked: AtomicBool::new(false),
            disturbed: AtomicBool::new(false),
            errand: Mutex::new(None),
        })
    }

    /// The thread's number in the sandbox.
    pub fn id(&self) -> u32 {
        self.id.load(Ordering::Relaxed)
    }

    /// Take its process's number: the thread is the only one left, and starts a new program (`execve(2)`).
    pub(crate) fn take_number(&self, id: u32) {
        self.id.store(id, Ordering::Relaxed);
    }

    /// On whose behalf it acts, for others to see: what it said last.
    pub fn credentials(&self) -> Credentials {
        self.credentials.lock().clone()
    }

    /// Let others see on whose behalf it acts.
    pub fn show_credentials(&self, credentials: Credentials) {
        let before = core::mem::replace(&mut *self.credentials.lock(), credentials);
        drop(before);
    }

    /// Its signals.
    pub fn signals(&self) -> &ThreadSignals {
        &self.signals
    }

    /// Its name, which debuggers and process lists show.
    pub fn name(&self) -> [u8; NAME_LENGTH] {
        *self.name.lock()
    }

    /// Change its name. The last byte is made NUL.
    pub fn set_name(&self, mut name: [u8; NAME_LENGTH]) {
        name[NAME_LENGTH - 1] = 0;
        *self.name.lock() = name;
    }

    /// How it wishes to be scheduled.
    pub fn wishes(&self) -> Wishes {
        *self.wishes.lock()
    }

    /// Change its wishes.
    pub fn set_wishes(&self, change: impl FnOnce(&mut Wishes)) {
        change(&mut self.wishes.lock());
    }

    /// Where the thread sleeps.
    pub fn parker(&self) -> &Arc<Parker> {
        &self.parker
    }

    /// Sleep as [`Parker::park`], and do what others asked for meanwhile.
    ///
    /// # Errors
    /// [`TimedOut`] once `deadline` has passed.
    pub fn park(&self, deadline: Option<Deadline>) -> Result<(), TimedOut> {
        let outcome = self.parker.park(deadline);
        self.wake_up();
        outcome
    }

    /// Run a request of the host as [`Parker::in_host`], and do what others asked for meanwhile.
    pub fn in_host<R>(&self, request: impl FnOnce() -> R) -> Option<R> {
        let answer = self.parker.in_host(request);
        self.wake_up();
        answer
    }

    /// Whether the thread sleeps, as others see it: one that only runs its errand has not been woken.
    pub fn is_asleep(&self) -> bool {
        self.parker.is_blocked() || self.disturbed.load(Ordering::SeqCst)
    }

    fn wake_up(&self) {
        if !self.run_errand() {
            self.disturbed.store(false, Ordering::SeqCst);
        }
    }

    /// The thread goes on in guest code, after its errand if others asked for it.
    pub fn go_on(&self) {
        self.run_errand();
        if self.disturbed.load(Ordering::Relaxed) {
            self.disturbed.store(false, Ordering::SeqCst);
        }
    }

    /// Say what the thread does when others ask for it ([`Thread::ask`]).
    pub fn set_errand(&self, errand: Weak<dyn Errand>) {
        *self.errand.lock() = Some(errand);
    }

    /// Have the thread run its errand soon, without coming out of the call that it may be in.
    pub fn ask(&self) {
        if self.asked.swap(true, Ordering::SeqCst) {
            return;
        }
        if self.parker.is_blocked() {
            self.disturbed.store(true, Ordering::SeqCst);
        }
        self.parker.interrupt();
    }

    /// Run the errand if others asked for it: called by the thread itself, outside guest code, without a lock. Whether
    /// they did.
    pub fn run_errand(&self) -> bool {
        let asked = self.asked.load(Ordering::SeqCst) && self.asked.swap(false, Ordering::SeqCst);
        if asked {
            let errand = self.errand.lock().clone();
            if let Some(errand) = errand.and_then(|errand| errand.upgrade()) {
                errand.run();
            }
        }
        asked
    }

    /// Say which host thread this is. Demands for attention that came before reach it now.
    pub fn bind(&self, host_thread: HostThread) {
        self.parker.bind(host_thread);
        if self.needs_attention() {
            ambient::kick(host_thread);
        }
    }

    /// Whether the thread has to look at its signals, or at the end of its process, before it goes on.
    pub fn needs_attention(&self) -> bool {
        self.attention.load(Ordering::SeqCst)
    }

    /// Make the thread look: out of a wait with [`Interrupted`](crate::ErrorKind::Interrupted), or out of guest
    /// code.
    pub fn demand_attention(&self) {
        if !self.attention.swap(true, Ordering::SeqCst) {
            self.parker.interrupt();
        }
    }

    /// Ask for a memory barrier between guest instructions of the thread; its number.
    pub(crate) fn want_barrier(&self) -> u64 {
        let number = self.barriers.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        self.demand_attention();
        // It may sleep with an older demand unserved, while its process is stopped.
        self.parker.unpark();
        number
    }

    /// Pass what barriers were asked for: the thread is outside guest code. Whether there were any.
    pub(crate) fn pass_barriers(&self) -> bool {
        let wanted = self.barriers.wanted.load(Ordering::SeqCst);
        self.barriers.passed.swap(wanted, Ordering::SeqCst) < wanted
    }

    /// The thread runs guest code no more: it has passed every barrier.
    pub(crate) fn pass_all_barriers(&self) {
        self.barriers.passed.store(u64::MAX, Ordering::SeqCst);
    }

    /// Whether it has passed the barrier with this number.
    pub(crate) fn has_passed(&self, number: u64) -> bool {
        self.barriers.passed.load(Ordering::SeqCst) >= number
    }

    /// The calling thread itself will look before it next runs guest code.
    pub fn note_attention(&self) {
        self.attention.store(true, Ordering::SeqCst);
    }

    /// The thread is about to look. Demands that come from now on count anew.
    pub fn clear_attention(&self) {
        self.attention.store(false, Ordering::SeqCst);
    }
}
