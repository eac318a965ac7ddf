//! Noun *identity*: on whose behalf something is done.

mod change;
mod credentials;

pub use change::Which;
pub use credentials::{Credentials, Identity};
