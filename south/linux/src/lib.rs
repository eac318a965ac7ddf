//! The host contract on a Linux process: what runs inside a sandbox's host processes.
//!
//! Freestanding: no libc, no thread-local storage, no vector code beyond SSE2. Guest code enters through
//! [`enter`], host calls leave through [`gate`], each by a row of [`calls`]; between the two lie the noun files,
//! one for each file of the contract. Everything that several host processes share lies in the [`arena`];
//! everything that a forked process must have for itself lies in its threads' regions ([`region`]).
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;

mod alarm;
pub mod ambient;
pub mod arena;
mod blocks;
mod builtins;
pub mod calls;
mod channel;
pub mod console;
mod departure;
pub mod enter;
mod error;
pub mod file;
pub mod filter;
pub mod gate;
pub mod host;
mod image;
pub mod keeper;
mod kicks;
pub mod layout;
pub mod memory;
mod pages;
pub mod process;
pub mod random;
pub mod region;
pub mod rewrite;
mod segments;
mod service;
mod setup;
pub mod start;
pub mod terminal;
pub mod thread;
pub mod time;
mod vdso;
mod vector;

pub use host::LinuxProcess;
