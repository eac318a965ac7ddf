//! The runner behind `tests/guest.rs`, `tests/machine.rs` and `tests/apps.rs`.
//!
//! Every program runs natively first and must behave there as it says; only then does it run in the
//! sandbox or on a machine, and both runs are compared. See [`Suite`] for the order of events.

mod build;
mod directives;
mod expectations;
mod guest;
mod machine;
mod place;
mod run;
mod suite;

pub use build::{Toolchain, compile};
pub use directives::{Directives, Ending};
pub use expectations::{Expectations, South};
pub use guest::guest_programs;
pub use machine::{Machine, require_qemu};
pub use place::Place;
pub use run::{Finished, Job, keep_descriptors_to_ourselves};
pub use suite::{Case, Checked, Suite};
