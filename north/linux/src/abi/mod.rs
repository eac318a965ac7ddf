//! Linux's numbers and layouts on x86-64, by noun.

pub mod event;
pub mod file;
pub mod futex;
pub mod identity;
pub mod ipc;
pub mod limit;
pub mod memory;
pub mod pipe;
pub mod process;
pub mod random;
pub mod signal;
pub mod socket;
pub mod terminal;
pub mod thread;
pub mod time;
