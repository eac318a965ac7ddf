//! What a thread asks of a set, and waiting for it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Mutex;
use litebox_host::time::Deadline;

use super::{SemaphoreSet, UndoList};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Parker;
use crate::thread::Thread;

/// One operation on one semaphore (`struct sembuf`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Which semaphore of the set.
    pub index: u16,
    /// What is added; 0 waits for the value to be 0.
    pub change: i16,
    /// Rather fail than wait (`IPC_NOWAIT`).
    pub fails: bool,
    /// The change is undone when the process ends (`SEM_UNDO`).
    pub undoes: bool,
}

/// Operations that are performed together or not at all.
pub struct Request {
    /// In the order in which they are performed.
    pub operations: Vec<Operation>,
    /// The process that asks.
    pub process: u32,
    /// Where it keeps what is undone at its end; needed only where an operation says so.
    pub undo: Option<Arc<UndoList>>,
}

impl Request {
    /// Whether an operation changes a value.
    pub(super) fn changes(&self) -> bool {
        self.operations.iter().any(|operation| operation.change != 0)
    }
}

/// A request that waits in its set.
pub(super) struct Pending {
    pub(super) request: Request,
    parker: Arc<Parker>,
    /// What became of it. A leaf in the lock order.
    outcome: Mutex<Option<Result<()>>>,
}

impl Pending {
    pub(super) fn new(request: Request, thread: &Thread) -> Arc<Self> {
        Arc::new(Self { request, parker: Arc::clone(thread.parker()), outcome: Mutex::new(None) })
    }

    /// Decide what became of it, and wake its thread.
    pub(super) fn finish(&self, outcome: Result<()>) {
        *self.outcome.lock() = Some(outcome);
        self.parker.unpark();
    }

    fn outcome(&self) -> Option<Result<()>> {
        *self.outcome.lock()
    }
}

impl SemaphoreSet {
    /// Block `thread` until somebody has performed `pending`.
    pub(super) fn wait(
        &self,
        thread: &Thread,
        pending: &Arc<Pending>,
        deadline: Option<Deadline>,
    ) -> Result<()> {
        let given_up = loop {
            if let Some(outcome) = pending.outcome() {
                return outcome;
            }
            if thread.needs_attention() {
                break Error::new(ErrorKind::Interrupted, "a signal arrived");
            }
            if thread.park(deadline).is_err() {
                break Error::new(ErrorKind::TimedOut, "the time is over");
            }
        };
        if self.withdraw(pending) { Err(given_up) } else { pending.outcome().unwrap_or(Err(given_up)) }
    }
}
