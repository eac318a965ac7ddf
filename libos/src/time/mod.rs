//! Noun *time*: what happens when time has passed.

mod timers;

pub use timers::{Expire, TimerKey, Timers};
