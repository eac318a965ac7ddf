//! Noun *thread*: what a guest thread is to everybody else in the sandbox.

mod thread_state;

pub use thread_state::{NAME_LENGTH, Thread, Wishes};
