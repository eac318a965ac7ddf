//! The signal state of processes and threads.

use alloc::sync::Arc;

use litebox_host::sync::{AtomicU64, Mutex, Ordering};

use super::{Action, Disposition, Pending, Signal, SignalSet};
use crate::event::WaitQueue;

/// A process's actions and what is pending for it as a whole.
pub struct ProcessSignals {
    pub(super) shared: Mutex<Shared>,
    /// Tells whoever reads signals as data that one was sent.
    arrivals: Arc<WaitQueue>,
}

/// What [`ProcessSignals`] locks.
pub(crate) struct Shared {
    /// The actions, which processes may have in common (`CLONE_SIGHAND`). A leaf in the lock order.
    actions: Arc<Mutex<Actions>>,
    pub(crate) pending: Pending,
    /// A thread has taken a signal that stops, and no `SIGCONT` has been sent since. The thread acts on it later.
    pub(super) stop_holds: bool,
}

/// What is done at each signal, by number.
type Actions = [Action; Signal::LAST as usize];

impl Default for ProcessSignals {
    fn default() -> Self {
        Self::with(Arc::new(Mutex::new([Action::default(); Signal::LAST as usize])))
    }
}

impl Shared {
    pub(crate) fn action(&self, signal: Signal) -> Action {
        self.actions.lock().get(usize::from(signal.number() - 1)).copied().unwrap_or_default()
    }

    pub(crate) fn set_action(&mut self, signal: Signal, action: Action) {
        if let Some(slot) = self.actions.lock().get_mut(usize::from(signal.number() - 1)) {
            *slot = action;
        }
    }
}

impl ProcessSignals {
    fn with(actions: Arc<Mutex<Actions>>) -> Self {
        let shared = Shared { actions, pending: Pending::default(), stop_holds: false };
        Self { shared: Mutex::new(shared), arrivals: Arc::new(WaitQueue::new()) }
    }

    /// What the process does at `signal`.
    pub fn action(&self, signal: Signal) -> Action {
        self.shared.lock().action(signal)
    }

    /// What is pending for the process as a whole.
    pub fn pending(&self) -> SignalSet {
        self.shared.lock().pending.set()
    }

    /// Whether a stop that a thread has taken is not undone by a `SIGCONT` since.
    pub(crate) fn stop_holds(&self) -> bool {
        self.shared.lock().stop_holds
    }

    /// The signals that do nothing because the process said so, and those that have handlers.
    pub fn ignored_and_caught(&self) -> (SignalSet, SignalSet) {
        let (mut ignored, mut caught) = (SignalSet::EMPTY, SignalSet::EMPTY);
        let shared = self.shared.lock();
        for signal in (1..=Signal::LAST).filter_map(|number| Signal::new(i32::from(number))) {
            match shared.action(signal).disposition {
                Disposition::Default => {}
                Disposition::Ignore => ignored.insert(signal),
                Disposition::Handler(_) => caught.insert(signal),
            }
        }
        (ignored, caught)
    }

    /// Where sendings are announced to readers of signal descriptors.
    pub fn arrivals(&self) -> &Arc<WaitQueue> {
        &self.arrivals
    }

    /// What a new program keeps: ignored signals stay ignored, all else is at its default. The actions are the
    /// process's own from now on.
    pub fn reset_for_new_program(&self) {
        let mut shared = self.shared.lock();
        let mut actions = *shared.actions.lock();
        for action in &mut actions {
            let ignored = action.disposition == Disposition::Ignore;
            *action = Action::default();
            if ignored {
                action.disposition = Disposition::Ignore;
            }
        }
        shared.actions = Arc::new(Mutex::new(actions));
    }

    /// A copy of the actions, for a child process.
    #[must_use]
    pub fn fork(&self) -> Self {
        let actions = *self.shared.lock().actions.lock();
        Self::with(Arc::new(Mutex::new(actions)))
    }

    /// The same actions, for a child process that has them in common with its maker.
    #[must_use]
    pub fn share(&self) -> Self {
        Self::with(Arc::clone(&self.shared.lock().actions))
    }
}

/// A thread's signal mask and what is pending for it alone.
#[derive(Default)]
pub struct ThreadSignals {
    pub(super) own: Mutex<Own>,
    /// The mask once more, for looks without the lock.
    mask: AtomicU64,
}

/// What [`ThreadSignals`] locks.
#[derive(Default)]
pub(crate) struct Own {
    pub(crate) mask: SignalSet,
    pub(crate) pending: Pending,
}

impl ThreadSignals {
    /// The signals that the thread blocks.
    pub fn mask(&self) -> SignalSet {
        SignalSet::from_bits(self.mask.load(Ordering::Acquire))
    }

    /// What is pending for the thread alone.
    pub fn pending(&self) -> SignalSet {
        self.own.lock().pending.set()
    }

    pub(crate) fn store_mask(&self, own: &mut Own, mask: SignalSet) {
        own.mask = mask.difference(SignalSet::UNSTOPPABLE);
        self.mask.store(own.mask.bits(), Ordering::Release);
    }

    /// Start with another thread's mask, before anybody else knows this one.
    pub fn inherit(&self, mask: SignalSet) {
        self.store_mask(&mut self.own.lock(), mask);
    }
}

impl core::fmt::Debug for ThreadSignals {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("ThreadSignals").field("mask", &self.mask()).finish_non_exhaustive()
    }
}
