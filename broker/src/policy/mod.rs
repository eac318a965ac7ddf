//! What a sandbox may reach: mounts, what is hidden below them, identity and network.

mod defaults;
mod hidden;
mod rules;

pub use rules::{Mount, Network, Policy};

pub(crate) use hidden::{Hidden, Verdict, is_kernel_file_system};
