//! Finds the `syscall` instructions of an ELF program by decoding it, and says how each can be patched.
//!
//! `litebox-rewriter` patches a site on its first trap and needs no plan. A plan adds two things: it can be applied
//! before the code first runs, when no store need be atomic and no thread can be inside the replaced bytes; and it
//! proves, per site, that no jump arrives there. It is a pure function of the file, to be cached by build-id.
//! This crate links a full decoder and so stays outside the sandbox image.
//!
//! **What counts as known.** Decoding starts at the entry point, at function symbols and at the frame table that
//! unwinders use (present in stripped programs too), and follows direct jumps and calls. A function of known length
//! is decoded from end to end, and only if that ends exactly at its end. A `0f 05` that none of this reaches is
//! not a site. Section headers are used where present, never needed.
//!
//! **What is not known.** Targets of indirect jumps inside a function. A pattern with an instruction boundary inside
//! the replaced bytes, other than directly after the `syscall`, is refused in functions that have one.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

extern crate alloc;

mod bits;
mod decode;
mod frames;
mod plan;
mod program;
mod report;

#[cfg(test)]
mod tests;

pub use plan::{Plan, PlannedKind, PlannedSite, fuzz_plan, plan};
pub use program::Error;
pub use report::{Report, report};
