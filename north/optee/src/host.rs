//! What this North needs of a host, as one bound.

use litebox_host::console::Console;
use litebox_host::memory::{Rewrite, SharedMemory, UserAccess};
use litebox_host::process::Process;
use litebox_host::thread::{Thread, VectorState};
use litebox_host::time::{Alarm, Time};
use litebox_libos::file::FileHost;

/// A host that can run trusted applications. Cloning a host clones a handle to it.
pub trait TeeHost:
    SharedMemory
    + Rewrite
    + UserAccess
    + Thread
    + VectorState
    + Process
    + Time
    + Alarm
    + Console
    + FileHost
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<H> TeeHost for H where
    H: SharedMemory
        + Rewrite
        + UserAccess
        + Thread
        + VectorState
        + Process
        + Time
        + Alarm
        + Console
        + FileHost
        + Clone
        + Send
        + Sync
        + 'static
{
}
