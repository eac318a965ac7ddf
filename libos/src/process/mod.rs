//! Noun *process*: guest processes.
//!
//! Lock order: the registry's table, then a process's state, then its signals. Nobody sends a signal while holding any
//! of them.

mod barrier;
mod descriptor;
mod job;
mod lifetime;
mod patience;
mod registry;
mod relations;
mod sole;
mod telling;
mod usage;
mod wait;

pub use descriptor::ProcessFile;
pub(crate) use lifetime::State;
pub use lifetime::{ExitStatus, Process};
pub use registry::Registry;
pub use relations::{Birth, ChildCode, Ended, INIT, Inheritance};
pub use telling::Errand;
pub use usage::Usage;
pub use wait::{Change, Changed, Children, WaitFlags};
