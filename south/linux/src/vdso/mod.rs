//! The two vDSOs (`vdso(7)`): the kernel's, whose functions are found and called, and the guest's, an image of ours
//! whose functions jump to the kernel's.
//!
//! | file | |
//! |---|---|
//! | `functions` | the table of functions that both have |
//! | [`host`] | the kernel's: moved out of the way, and searched |
//! | [`guest`] | the guest's: laid out when this is compiled, and given the kernel's addresses when a sandbox starts |

mod code;
mod functions;
pub(crate) mod guest;
pub(crate) mod host;
mod layout;

pub(crate) use host::HostVdso;

#[cfg(test)]
mod tests;
