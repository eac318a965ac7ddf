//! Noun *random*: random bytes.

mod generate;

pub(crate) use generate::generate;
