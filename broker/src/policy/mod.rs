//! What a sandbox may reach: mounts, what is hidden below them, identity and network.

mod defaults;
mod hidden;
mod rules;

#[cfg(test)]
mod tests;

pub use rules::{Mount, Network, Policy};

pub(crate) use hidden::{Hidden, Verdict, is_kernel_file_system};
