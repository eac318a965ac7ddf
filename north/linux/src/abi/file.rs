//! Files and descriptors.

pub mod open;
pub mod path;
pub mod status;
pub mod transfer;
