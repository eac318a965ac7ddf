//! Noun *limit*: what a process may use, and what it has used.

mod resources;

pub use resources::{INFINITE, Limit, Limits, Resource};
