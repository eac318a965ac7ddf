//! Files and descriptors.

pub mod descriptor;
pub mod open;
pub mod path;
pub mod status;
pub mod transfer;
