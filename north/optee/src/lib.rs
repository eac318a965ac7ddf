//! The OP-TEE shim: speaks the system calls of OP-TEE's trusted applications on x86-64, in terms of the library OS.
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

extern crate alloc;

pub mod crypto;
pub mod error;

pub use error::TeeError;
