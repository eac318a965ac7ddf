//! The handlers: one folder a noun, one file a system call or family.

pub(crate) mod event;
pub(crate) mod file;
pub(crate) mod futex;
pub(crate) mod identity;
pub(crate) mod ipc;
pub(crate) mod limit;
pub(crate) mod memory;
pub(crate) mod pipe;
pub(crate) mod process;
pub(crate) mod random;
pub(crate) mod signal;
pub(crate) mod socket;
pub(crate) mod terminal;
pub(crate) mod thread;
pub(crate) mod time;
