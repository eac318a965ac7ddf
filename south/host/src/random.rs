//! Noun *random*: the host's random bytes.

use crate::HostError;

/// A cryptographically secure source.
pub trait Random {
    /// Fill `bytes`.
    ///
    /// # Errors
    /// Any host failure. There is no weaker source to fall back on; the caller passes the error on.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), HostError>;
}
