//! What is known of a signal that was sent.

use super::Signal;

/// One sending of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalInfo {
    /// Which signal.
    pub signal: Signal,
    /// Why it was sent, as `sigaction(2)` numbers `si_code`: the reason belongs to the sender.
    pub code: i32,
    /// What belongs to the reason.
    pub detail: Detail,
}

/// The part of a signal's information that depends on the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of sigaction(2)")]
pub enum Detail {
    /// Nothing more is known.
    None,
    /// A process sent it.
    Sender { process: u32, user: u32 },
    /// A process sent it with a value.
    Value { process: u32, user: u32, value: u64 },
    /// A timer expired; `overrun` times more than signals were sent.
    Timer { timer: i32, overrun: i32, value: u64 },
    /// The thread's own instruction caused it.
    Fault { address: u64 },
    /// A child changed its state.
    Child { process: u32, user: u32, status: i32, user_time: u64, system_time: u64 },
    /// The bytes after `si_code`, as a program made them up.
    Raw([u8; 116]),
}

impl SignalInfo {
    /// Whether `rt_sigqueueinfo(2)` or a timer queued it: where a queue is full, the sender learns it.
    pub(crate) const fn wants_queue(&self) -> bool {
        !matches!(self.detail, Detail::Sender { .. } | Detail::None | Detail::Fault { .. })
    }
}
