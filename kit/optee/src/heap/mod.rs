//! The heap: a part of the TA's `.bss`, cut into blocks by first fit.

mod blocks;
#[cfg(not(test))]
mod collections;
mod global;

pub(crate) use global::{allocate, free, resize};
