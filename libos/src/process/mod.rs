//! Noun *process*: guest processes.

mod lifetime;

pub use lifetime::{ExitStatus, Process};
