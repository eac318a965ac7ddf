//! Noun *process*: guest processes.

mod lifetime;
mod registry;

pub(crate) use lifetime::State;
pub use lifetime::{ExitStatus, Process};
pub use registry::Registry;
