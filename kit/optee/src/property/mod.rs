//! Properties of the TA, of its client and of the TEE: section 4.4.
//!
//! Those of the TA are in its own image ([`own`]), all but its identity, which the kernel tells with the other sets.

mod get;
mod kernel;
mod own;
mod value;
