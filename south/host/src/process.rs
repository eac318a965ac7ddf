//! Noun *process*: guest processes on a host.

use alloc::boxed::Box;

use crate::HostError;
use crate::regs::Registers;
use crate::shim::Shim;
use crate::thread::HostThread;

/// Making and ending processes. A process is an address space with threads in it.
///
/// A new process starts with one thread, which first calls up to [`Shim::begin`] and then runs guest code from
/// `registers` with `thread_pointer` as its FS base. It has the calling thread's vector state.
pub trait Process {
    /// Make a process with a copy of the current address space: private pages are copied when either side writes them,
    /// shared ones stay shared.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] if the host has no process or memory left.
    fn fork<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError>;
    /// Make a process that runs in the current address space, which lives until its last process has left it.
    ///
    /// # Errors
    /// As [`Process::fork`].
    fn share<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError>;
    /// Have `shim` go on in a new, empty address space, from registers that [`Shim::begin`] sets. The calling thread
    /// is the only one of its process, and ends now: its call up answers [`Exit`](crate::shim::Action::Exit).
    ///
    /// # Errors
    /// [`HostError::NoMemory`]; the calling thread stays where it is.
    fn depart<S: Shim>(&self, shim: Box<S>) -> Result<(), HostError>;
    /// End the sandbox: its first process ended with `status` as `wait(2)` encodes it. The caller is its last thread.
    /// Every other process ends with it.
    fn exit(&self, status: i32) -> !;
}
