//! The file systems and the walk, on the fake host.

mod fixture;
mod mapped;
mod overlay;
mod pseudo;
mod walk;
mod writable;
