//! Noun *console*: what applications show.

mod log;

pub(crate) use log::log;
