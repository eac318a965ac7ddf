//! Linux's numbers and layouts on x86-64, by noun.

pub mod futex;
pub mod identity;
pub mod limit;
pub mod process;
pub mod random;
pub mod signal;
pub mod thread;
pub mod time;
