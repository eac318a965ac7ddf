#![doc = include_str!("../README.md")]

mod applications;
mod body;
mod filter;
mod interpreter;
mod mutate;
mod runner;
mod syscalls;
mod take;
mod user;

pub use body::{BODIES, Body, body};
pub use runner::run;
