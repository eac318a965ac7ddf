#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]
#![warn(clippy::indexing_slicing)]

pub mod audit;
pub mod confine;
mod filter;
mod path;
pub mod policy;
mod refusal;
pub mod server;

pub use refusal::Refusal;
