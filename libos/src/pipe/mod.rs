//! Noun *pipe*: bytes between two ends (`pipe(7)`).
//!
//! Lock order: a pipe's state, then its wait queues. Wake-ups happen after the state has been let go.

mod conduit;
mod end;
mod ring;
mod splice;

pub use conduit::{Conduit, Patience};
pub use end::{ATOMIC, DEFAULT_CAPACITY, MAX_CAPACITY, PipeEnd, Side};
pub use ring::Ring;
pub use splice::Piece;
