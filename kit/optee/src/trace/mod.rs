//! The log: lines of a level, formatted by Rust or by a subset of C's `printf`.

mod output;
mod printf;

pub use output::{Level, line};
