//! Noun *file*.

mod write;

pub(crate) use write::write;
