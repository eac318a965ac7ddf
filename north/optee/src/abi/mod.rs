//! OP-TEE's numbers and layouts on x86-64, one file a noun.

pub mod identity;
pub mod ipc;
pub mod memory;
pub mod process;
pub mod time;
