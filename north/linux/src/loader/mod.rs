//! The program loader: from an executable file to the first instruction (`execve(2)`, `elf(5)`).
//!
//! Loading has two halves. [`prepare`] reads and checks everything: scripts are followed to their interpreters,
//! headers are parsed, arguments are counted. It touches nothing, so that its errors leave the old program as it
//! was. [`commit`] then empties the address space and fills it anew; when it fails, only the end of the process is
//! left.
//!
//! Files are hostile input: their headers are copied once, checked, and never trusted to be small, sorted or
//! disjoint.

mod arguments;
mod commit;
mod elf;
mod fuzz;
mod layout;
mod prepare;
mod program;
mod script;
mod stack;

pub use arguments::Arguments;
pub use commit::{Loaded, commit};
pub use fuzz::fuzz_elf;
pub use prepare::{Prepared, Request, prepare};
pub use program::Program;
pub use stack::{Owner, Processor};

#[cfg(test)]
mod tests;
