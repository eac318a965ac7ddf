#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod area;
mod fuzz;
mod instruction;
mod patch;
mod reason;
mod relative;
mod site;
mod slot;

#[cfg(test)]
mod tests;

pub use area::{AREA_SIZE, Trampolines};
pub use fuzz::fuzz_patch;
pub use instruction::{Form, Instruction};
pub use patch::{Patch, Window, patch};
pub use reason::Reason;
pub use site::{
    Copied, Following, JUMP_LENGTH, MovImmediate, SiteKind, Targets, classify, following, mov_immediate,
};
pub use slot::{Entry, Original, SLOT_SIZE, Slot, SlotBytes};
