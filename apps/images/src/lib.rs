//! What the images share: from the start block to what a North is told.
#![no_std]

extern crate alloc;

pub mod linux;
pub mod optee;
mod start;
