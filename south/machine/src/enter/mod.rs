//! From guest code to the library OS and back.

pub(crate) mod copy;
pub(crate) mod dispatch;
pub(crate) mod entry;
pub(crate) mod tables;
