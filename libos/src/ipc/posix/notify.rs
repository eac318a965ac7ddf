//! Telling a process of a message (`mq_notify(3)`).

use alloc::sync::{Arc, Weak};

use crate::limit::Resource;
use crate::process::Process;
use crate::signal::{Detail, Signal, SignalInfo};

/// Who is to be told, once, and how.
pub struct Notification {
    /// The process.
    process: Weak<Process>,
    id: u32,
    /// The signal and the value that comes with it; `None` to be told nothing, and yet keep others out.
    signal: Option<(Signal, u64)>,
    /// The opening of the queue by which it was asked for.
    opening: usize,
}

/// What a notification says of the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The process that sent the message.
    pub process: u32,
    /// Its real user.
    pub user: u32,
    /// The reason in the signal's information, as the guest's language numbers it.
    pub code: i32,
}

impl Notification {
    /// Tell `process` by `signal`, with a value, or tell it nothing.
    pub(super) fn new(process: &Arc<Process>, signal: Option<(Signal, u64)>, opening: usize) -> Self {
        Self { process: Arc::downgrade(process), id: process.id(), signal, opening }
    }

    /// Whether the process exists, and is not about to end.
    pub(super) fn is_alive(&self) -> bool {
        self.process.upgrade().is_some_and(|process| process.ending().is_none())
    }

    /// Whether `process` asked for it.
    pub(super) fn is_of(&self, process: &Process) -> bool {
        core::ptr::eq(self.process.as_ptr(), process)
    }

    /// Whether it was asked for by the opening `opening`.
    pub(super) fn is_by(&self, opening: usize) -> bool {
        self.opening == opening
    }

    /// Kind, signal and process, as `read(2)` on the queue shows them.
    pub(super) fn summary(&self) -> (i32, i32, u32) {
        match self.signal {
            Some((signal, _)) => (0, i32::from(signal.number()), self.id),
            None => (1, 0, self.id),
        }
    }

    /// Tell the process.
    pub(super) fn tell(self, notice: Notice) {
        let Some((process, (signal, value))) = self.process.upgrade().zip(self.signal) else { return };
        let detail = Detail::Value { process: notice.process, user: notice.user, value };
        let limit = process.limits.soft(Resource::PendingSignals);
        let info = SignalInfo { signal, code: notice.code, detail };
        // Nobody learns of a queue of signals that is full.
        let _ = process.send(info, usize::try_from(limit).unwrap_or(usize::MAX));
    }
}
