//! Noun *futex*: words of guest memory that threads sleep on.
//!
//! A waiter looks at the word and joins the queue under one lock, and a waker changes the word before it takes that
//! lock: so a wake-up either finds the waiter or is seen by its look.
//!
//! Lock order: of two buckets, the lower index first. Nothing else is taken while a bucket is locked, except that
//! guest memory is read.

mod queue;
mod wait;

pub use queue::{Futexes, Key};
pub use wait::Watch;
