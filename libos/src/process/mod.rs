//! Noun *process*: guest processes.

mod barrier;
mod lifetime;
mod registry;
mod sole;

pub(crate) use lifetime::State;
pub use lifetime::{ExitStatus, Process};
pub use registry::Registry;
