//! Files and descriptors.

pub mod descriptor;
