//! Noun *terminal*: the terminal that a sandbox was started on.

mod controlling;

pub use controlling::{controlling_stream, is_terminal};
