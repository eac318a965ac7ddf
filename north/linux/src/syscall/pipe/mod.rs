//! Noun *pipe*.

mod create;

pub(crate) use create::{pipe, pipe2};
