//! Noun *pipe*: bytes between two ends (`pipe(7)`).
//!
//! Lock order: a pipe's state, then its wait queues. Wake-ups happen after the state has been let go.

mod end;
mod ring;

pub use end::{PipeEnd, Side};
pub use ring::Ring;

/// Bytes that a new pipe holds (`pipe(7)`, Pipe capacity).
pub const DEFAULT_CAPACITY: usize = 65536;
/// The most that an unprivileged process may ask for (`/proc/sys/fs/pipe-max-size`).
pub const MAX_CAPACITY: usize = 1 << 20;
/// A write of at most this many bytes is one piece: `PIPE_BUF` of `pipe(7)`.
pub const ATOMIC: usize = 4096;
