//! `cargo xtask codegen`: pages of the book that are rendered from tables in the code, never written by hand.

mod calls;
mod entry;
mod host_calls;
mod optee_calls;
mod syscalls;

pub(crate) use entry::{Mode, run};
