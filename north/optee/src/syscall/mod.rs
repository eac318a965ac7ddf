//! What calls do: one file a call or family, in the folder of its noun.

pub(crate) mod console;
pub(crate) mod crypto;
pub(crate) mod event;
pub(crate) mod identity;
pub(crate) mod ipc;
pub(crate) mod memory;
pub(crate) mod process;
pub(crate) mod random;
pub(crate) mod time;
