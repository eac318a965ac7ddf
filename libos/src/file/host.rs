//! What file systems need of a host, as one bound.

use litebox_host::file::{FileBytes, FolderWrite, Timestamp};
use litebox_host::memory::{Footprint, SharedPages};
use litebox_host::random::Random;
use litebox_host::time::{Clock, Time};

/// A host that file systems can rest on. File systems hold it as `Arc<dyn FileHost>`: folders are walked through
/// one table of functions, whatever the host.
pub trait FileHost:
    FolderWrite + FileBytes + SharedPages + Footprint + Time + Random + Send + Sync + 'static
{
}

impl<H> FileHost for H where
    H: FolderWrite + FileBytes + SharedPages + Footprint + Time + Random + Send + Sync + 'static
{
}

/// The time now, as files keep it.
pub(crate) fn timestamp(host: &dyn FileHost) -> Timestamp {
    let now = host.now(Clock::Realtime);
    Timestamp { seconds: i64::try_from(now.as_secs()).unwrap_or(i64::MAX), nanoseconds: now.subsec_nanos() }
}
