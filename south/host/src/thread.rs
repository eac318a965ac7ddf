//! Noun *thread*: guest threads on a host.

use alloc::boxed::Box;
use alloc::sync::Arc;

use crate::HostError;
use crate::regs::Registers;
use crate::shim::Shim;

/// A host's name for a running thread, to be passed to [`crate::ambient::kick`]. Stale names are harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct HostThread(pub u64);

/// Threads of the current address space.
pub trait Thread {
    /// Start a thread in the current address space that runs guest code from `registers` on behalf of `shim`,
    /// with `thread_pointer` as its FS base.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] if the host has no thread or memory left.
    fn spawn<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError>;
    /// The calling thread's own name.
    fn current(&self) -> HostThread;
    /// The calling thread's FS base.
    fn thread_pointer(&self) -> u64;
    /// Set the calling thread's FS base. `address` is canonical and in the lower half (the caller checked).
    fn set_thread_pointer(&self, address: u64);
    /// Let another thread run.
    fn yield_now(&self);
    /// The processor this thread runs on at this moment, as in `getcpu(2)`.
    fn processor(&self) -> u32;
}

/// Work of the library OS's own, beside the guest's threads.
pub trait Service: Send + Sync {
    /// Do it until told to stop, on a thread of its own, which is `thread`.
    fn run(&self, thread: HostThread);
    /// Make [`Service::run`] return. The sandbox ends.
    fn stop(&self);
    /// Do what is left once it has returned; on the thread that ends the sandbox.
    fn finish(&self);
}

/// Threads for the library OS's own work.
pub trait Services {
    /// Start a thread in the sandbox's first process that runs `service` and never runs guest code.
    /// [`Process::exit`](crate::process::Process::exit) stops it.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] if the host has no thread or memory left.
    fn start_service(&self, service: Arc<dyn Service>) -> Result<(), HostError>;
}

/// The processors of the machine.
pub trait Processors {
    /// Those that this sandbox may use, one bit each, from processor 0 on. Never none.
    fn processors(&self) -> u64;
}

/// The guest's vector state (x87, SSE, AVX, …), which the library OS itself never holds.
pub trait VectorState {
    /// Size in bytes of the standard-format XSAVE area (Intel SDM volume 1, section 13.4) on this machine.
    fn size(&self) -> usize;
    /// The XCR0 bits that such an area may hold.
    fn features(&self) -> u64;
    /// Write the calling thread's guest vector state to `area`, which is `size()` bytes long.
    fn save(&self, area: &mut [u8]);
    /// Make `area` the calling thread's guest vector state. The area is an allegation of the guest's.
    ///
    /// # Errors
    /// [`HostError::Invalid`] if the processor would refuse the area; the state is unchanged then.
    fn restore(&self, area: &[u8]) -> Result<(), HostError>;
    /// Reset the calling thread's guest vector state to that of a new program.
    fn reset(&self);
}
