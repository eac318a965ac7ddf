//! From an application's file to its memory: what OP-TEE's own loader does as user code is done here.
//!
//! A file is read once and checked whole ([`Image`]); each instance is then made from that copy ([`commit`]).

mod commit;
mod elf;
mod fuzz;
mod relocation;
mod symbol;

pub(crate) use commit::map_zeros;
pub use commit::{Loaded, commit};
pub use elf::{Image, MAX_FILE};
pub use fuzz::{SMALLEST, fuzz_application, smallest_application};

#[cfg(test)]
mod tests;
