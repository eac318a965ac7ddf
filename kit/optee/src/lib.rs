//! What a trusted application (TA) is linked with: the `GlobalPlatform` TEE Internal Core API 1.3.1 over the calls of OP-TEE.
//!
//! ```text
//! TA_…EntryPoint ← entry ← loader                 the way in: functions that the TA defines
//! TEE_…          → svc   → kernel (or LiteBox)    the way out: functions that the TA calls
//! ```
//!
//! A TA in C includes `include/tee_internal_api.h` and is one file; a TA in Rust uses [`trusted_application!`]
//! and is safe code. Both are built by `cargo xtask ta build`.
//!
//! * No libc, no thread-local storage, no start-up code: the loader has relocated the image before it is entered.
//! * Each entry has a fresh stack; what must outlive it lies in `.data`, `.bss` and the heap, a part of `.bss`.
//! * A TA has one thread, and the next entry comes after the last has left by svc 0. Statics rest on that.
//! * An error that the API does not name for a function ends the TA, as the specification asks.
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod abi;
pub mod application;
mod bounce;
#[cfg(not(test))]
mod builtins;
mod client;
mod constructors;
pub mod crypto;
mod declare;
mod entry;
pub mod error;
pub mod fault;
mod foreign;
mod head;
mod heap;
mod local;
mod memory;
mod object;
mod operation;
mod parameters;
mod property;
mod session;
mod svc;
mod text;
mod time;
pub mod trace;

pub use error::{Error, Result};
