//! Linux's numbers and layouts on x86-64, by noun.

pub mod file;
pub mod random;
pub mod thread;
pub mod time;
