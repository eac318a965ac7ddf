//! The host contract: what the library OS asks of any host, and how a host calls up into a guest's language.
//!
//! Small traits, one noun a file. A host implements those it can; a North names those it needs as a bundle of
//! bounds, so an absent ability is an absent bound and never a method that panics. Nothing here knows a guest
//! language or a host.
//!
//! | file | downward (library OS → host) |
//! |---|---|
//! | [`memory`] | guest pages; fallible access to guest memory |
//! | [`thread`] | guest threads, their thread pointer and vector state |
//! | [`process`] | the end of a guest process |
//! | [`mod@file`] | host folders by mount and path, bytes of open host files |
//! | [`console`], [`terminal`] | the standard streams and the terminal behind them |
//! | [`time`], [`random`] | clocks, random bytes |
//!
//! Upward there is one trait, [`shim::Shim`]. Waiting, waking, kicking and logging bind at link time in
//! [`ambient`], so that [`sync::Mutex`] reads as in std.
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;

pub mod ambient;
pub mod console;
pub mod error;
pub mod file;
pub mod memory;
pub mod process;
pub mod random;
pub mod regs;
pub mod shim;
pub mod sync;
pub mod terminal;
pub mod thread;
pub mod time;

pub use error::HostError;
