//! Noun *terminal*.

mod control;

pub(crate) use control::control;
