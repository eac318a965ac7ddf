//! Noun *pipe*.

mod create;
mod splice;
mod vmsplice;

pub(crate) use create::{pipe, pipe2};
pub(crate) use splice::{splice, tee};
pub(crate) use vmsplice::vmsplice;
