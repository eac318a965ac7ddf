//! The host contract on a bare x86-64 machine: the library OS in ring 0, guest programs in ring 3.
//!
//! A loader jumps to [`boot`](self) by the PVH protocol. From then on guest code enters through `enter`; between the
//! entries and the contract's noun files lie physical memory (`frames`), page tables (`paging`), address spaces (`space`)
//! and threads (`scheduler`). Kernel code runs with interrupts off and without vector registers.
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;

pub mod ambient;
mod archive;
mod boot;
pub mod console;
mod control;
mod enter;
pub mod file;
mod frames;
pub mod heap;
pub mod host;
mod layout;
pub mod memory;
mod pages;
mod paging;
pub mod process;
pub mod random;
mod scheduler;
mod service;
mod space;
mod spin;
pub mod start;
pub mod terminal;
pub mod thread;
pub mod time;
mod timer;
mod user;
mod vector;

pub use host::BareMachine;
pub use start::Processor;
