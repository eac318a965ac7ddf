//! Noun *random*.

mod getrandom;

pub(crate) use getrandom::getrandom;
