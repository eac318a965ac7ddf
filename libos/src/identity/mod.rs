//! Noun *identity*: on whose behalf something is done.

mod credentials;

pub use credentials::{Credentials, Identity};
