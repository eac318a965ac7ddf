//! The Linux system-call shim: speaks Linux on x86-64 to a guest, in terms of the library OS.
//!
//! The path of a call: [`shim`] gets the registers from the host, the row of the number in [`table`] decodes the
//! arguments, and the row's function in `syscall/<noun>/` acts. `abi/` holds Linux's numbers and layouts.
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

extern crate alloc;

pub mod abi;
pub mod arg;
pub mod error;
pub mod host;
pub mod information;
pub mod loader;
pub mod row;
pub mod shim;
pub mod start;
mod syscall;
pub mod table;
pub mod task;
mod trace;

pub use error::Errno;
pub use host::LinuxHost;
