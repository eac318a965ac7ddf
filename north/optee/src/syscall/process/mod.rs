//! Noun *process*: the end of an entry, and of an instance.

mod leave;
mod panic;

pub(crate) use leave::leave;
pub(crate) use panic::panic;
