//! What objects of all kinds share.

use crate::error::{Error, ErrorKind};
use crate::file::{FileHost, timestamp};

pub(super) const REMOVED: Error = Error::new(ErrorKind::Removed, "the object was removed");
pub(super) const NO_MEMORY: Error =
    Error::new(ErrorKind::NoMemory, "no memory for an object of interprocess communication");

/// The time now in seconds since 1970, as objects keep it.
pub(super) fn now(host: &dyn FileHost) -> i64 {
    timestamp(host).seconds
}
