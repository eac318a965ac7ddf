//! Noun *signal*: what is sent to processes and threads, and what they do about it.
//!
//! Sending puts a [`SignalInfo`] into the [`Pending`] set of a process or a thread and makes one thread that does
//! not block it look ([`Thread::demand_attention`](crate::thread::Thread::demand_attention)). The thread takes it
//! with [`Process::next_signal`](crate::process::Process::next_signal) before it next runs guest code; building a
//! frame for a handler is the North's part.
//!
//! Lock order: a process's list of threads, its actions and shared signals ([`Shared`]), a thread's [`Own`].

mod action;
mod delivery;
mod descriptor;
mod info;
mod number;
mod pending;
mod set;
mod state;

pub use action::{Action, ActionFlags, Disposition};
pub use descriptor::{RECORD_SIZE, SignalFile};
pub use info::{Detail, SignalInfo};
pub use number::{DefaultAction, Signal};
pub use pending::Pending;
pub use set::SignalSet;
pub(crate) use state::{Own, Shared};
pub use state::{ProcessSignals, ThreadSignals};
