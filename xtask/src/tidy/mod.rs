//! `cargo xtask tidy`: the rules of the tree that no compiler checks. One file a rule; each can fail, and a test shows it.
//!
//! What a rule lets pass stands in `xtask/tidy.conf`, exceptions with a reason each.

mod arrows;
mod cfgs;
mod config;
mod entry;
mod leftovers;
mod links;
mod manifest;
mod modules;
mod names;
mod ratchets;
mod report;
mod rust;
mod siblings;
mod sizes;
mod tcb;
#[cfg(test)]
mod testing;
mod traits;
mod tree;
mod unsafety;
mod words;

pub(crate) use entry::{Bless, run};
