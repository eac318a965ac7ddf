//! Noun *file*.

mod close;
mod descriptor;
mod dup;
mod fcntl;
mod ioctl;
mod record_lock;
mod write;

pub(crate) use close::{close, close_range};
pub(crate) use dup::{dup, dup2, dup3};
pub(crate) use fcntl::fcntl;
pub(crate) use ioctl::ioctl;
pub(crate) use write::write;
