//! Linux's numbers and layouts on x86-64, by noun.

pub mod event;
pub mod file;
pub mod memory;
pub mod pipe;
pub mod random;
pub mod socket;
pub mod terminal;
pub mod thread;
pub mod time;
