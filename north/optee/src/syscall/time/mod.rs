//! Noun *time*: times, and waiting.

mod get_time;
mod wait;

pub(crate) use get_time::{get_time, set_ta_time};
pub(crate) use wait::wait;
