#![doc = include_str!("README.md")]
#![cfg(loom)]
#![expect(clippy::unwrap_used, reason = "a model that cannot go on fails")]

mod check;
mod futex;
mod guest;
mod lock;
mod memory;
mod park;
mod process;
mod queue;
mod signal;
mod thread;
