//! The library OS: what an operating system does, in terms of a host and for any guest language.
//!
//! One folder a noun. Nothing here knows a guest's numbers or a host's calls: guests come in through a North,
//! hosts are reached through the traits of `litebox-host`. No unsafe code, no global state, no thread-locals.
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

extern crate alloc;
#[cfg(test)]
extern crate std;

// Defines what the host binds at link time.
#[cfg(test)]
use litebox_host_fake as _;

pub mod error;
pub mod event;
pub mod file;
pub mod futex;
pub mod identity;
pub mod ipc;
pub mod limit;
pub mod memory;
pub mod pipe;
pub mod process;
pub mod signal;
pub mod socket;
pub mod terminal;
pub mod thread;
pub mod time;
pub mod user;

pub use error::{Error, ErrorKind, Result};
