//! What this North needs of a host, as one bound.

use litebox_host::console::Console;
use litebox_host::file::{FileBytes, FolderWrite};
use litebox_host::memory::{Footprint, Rewrite, SharedMemory, UserAccess};
use litebox_host::process::Process;
use litebox_host::random::Random;
use litebox_host::terminal::{Terminal, TerminalLink};
use litebox_host::thread::{Processors, Services, Thread, VectorState};
use litebox_host::time::{Alarm, Time, Vdso};

/// A host that can run Linux programs. Cloning a host clones a handle to it.
pub trait LinuxHost:
    SharedMemory
    + Footprint
    + Rewrite
    + UserAccess
    + Thread
    + VectorState
    + Processors
    + Process
    + Time
    + Alarm
    + Vdso
    + Random
    + Console
    + Terminal
    + TerminalLink
    + Services
    + FolderWrite
    + FileBytes
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<H> LinuxHost for H where
    H: SharedMemory
        + Footprint
        + Rewrite
        + UserAccess
        + Thread
        + VectorState
        + Processors
        + Process
        + Time
        + Alarm
        + Vdso
        + Random
        + Console
        + Terminal
        + TerminalLink
        + Services
        + FolderWrite
        + FileBytes
        + Clone
        + Send
        + Sync
        + 'static
{
}
