//! How a sandbox ended.

pub use litebox_broker::confine::{Layer, Layers};
pub use litebox_broker::server::Summary as Reports;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It ended with this exit code.
    Code(u8),
    /// This signal ended it.
    Signal(u8),
    /// The time limit ended it.
    TimedOut,
    /// The calling process was told by this signal to end, and so ended the sandbox.
    Interrupted(u8),
}

impl Status {
    /// From what wait(2) gives.
    pub(crate) fn from_wait(status: u32) -> Self {
        let [low, code, ..] = status.to_le_bytes();
        match low & 0x7f {
            0 => Self::Code(code),
            signal => Self::Signal(signal),
        }
    }
}

/// The end of a sandbox, and what is worth telling of its life.
#[derive(Debug)]
pub struct Exit {
    /// How the program ended.
    pub status: Status,
    /// What the sandbox reported, each text once, with how often.
    pub reports: Reports,
    /// How many requests the broker refused.
    pub denials: u64,
    /// Each refusal of the broker, once: what was refused, and what would allow it.
    pub refusals: Vec<String>,
    /// The layers that confined the broker.
    pub layers: Layers,
    /// The cgroup around the sandbox's processes, which holds them to its memory and number.
    pub cgroup: Layer,
}

impl Exit {
    /// The exit code of a command that ran the program: its own, 124 after the time limit, 128 and the signal's
    /// number after a signal.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self.status {
            Status::Code(code) => code,
            Status::Signal(signal) | Status::Interrupted(signal) => signal.saturating_add(128),
            Status::TimedOut => 124,
        }
    }
}
