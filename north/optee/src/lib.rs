//! The OP-TEE shim: speaks the system calls of OP-TEE's trusted applications on x86-64, in terms of the library OS.
//!
//! The path of a call: [`shim`] gets the registers from the host, the row of the number in [`table`] decodes the
//! arguments, and the row's function in `syscall/<noun>/` acts. Beside the calls there is the other direction, which
//! Linux does not have: [`session`] takes a client's requests to the instances of trusted applications, and has one
//! thread for each.
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

extern crate alloc;

pub mod abi;
pub mod arg;
pub mod crypto;
pub mod error;
pub mod host;
pub mod loader;
pub mod row;
pub mod session;
pub mod shim;
pub mod start;
mod syscall;
pub mod table;
pub mod task;

pub use error::TeeError;
pub use host::TeeHost;
