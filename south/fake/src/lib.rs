//! A deterministic host for tests, and the pattern for a new port: one file a noun, named as in `south/host`.
//!
//! Guest memory is a map of pages, time is virtual, random bytes come from a seed, folders and streams live in
//! memory. A guest thread is a std thread that runs *code*: a closure registered at a guest address with
//! [`FakeHost::code`], which executes system calls and faults through [`Guest`].
//!
//! Time stands still until a test moves it, or until every guest thread is blocked and some wait has a deadline:
//! then it jumps to the earliest one.
#![deny(unsafe_code)]

mod ambient;
mod console;
mod file;
mod host;
mod memory;
mod pages;
mod process;
mod random;
mod schedule;
mod service;
mod terminal;
mod thread;
mod time;

pub use ambient::{log_lines, wakes_by_this_thread};
pub use file::Node;
pub use host::FakeHost;
pub use memory::LOWEST_ADDRESS;
pub use thread::{Attached, Guest};
