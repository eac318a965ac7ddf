//! Noun *time*: what happens when time has passed.

mod interval;
mod timers;

pub use interval::{IntervalTimer, Notice, Setting};
pub use timers::{Expire, TimerKey, Timers};
