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

/// The layout of a standard-format XSAVE area (Intel SDM volume 1, section 13.4), for hosts.
pub struct ExtendedArea;

impl ExtendedArea {
    /// Offset of xmm0-15.
    pub const XMM: usize = 160;
    /// Offset of XSTATE_BV: which components are there.
    pub const PRESENT: usize = 512;
    /// Offset of MXCSR.
    pub const MXCSR: usize = 24;
    /// Bytes of the legacy area and the header: the least that an area has.
    pub const LEAST: usize = 576;
    /// Bits of MXCSR that exist where the processor does not say (Intel SDM volume 1, section 11.6.6).
    const MXCSR_MASK: u32 = 0xffff;

    /// Whether XRSTOR would take `area` of `size` bytes (Intel SDM volume 1, section 13.8.1): no component that is not
    /// among `features`, no compaction, no reserved bit.
    #[must_use]
    pub fn is_valid(area: &[u8], size: usize, features: u64) -> bool {
        let reserved_is_zero =
            area.get(Self::PRESENT + 8..Self::LEAST).is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0));
        area.len() >= size
            && long(area, Self::PRESENT).is_some_and(|present| present & !features == 0)
            && word(area, Self::MXCSR).is_some_and(|value| value & !Self::MXCSR_MASK == 0)
            && reserved_is_zero
    }

    /// Make `area` that of a new program: FNINIT's control word and the reset value of MXCSR; components that are not
    /// there are initialised.
    pub fn reset(area: &mut [u8]) {
        area.fill(0);
        put(area, 0, &0x37f_u16.to_le_bytes());
        put(area, Self::MXCSR, &0x1f80_u32.to_le_bytes());
    }

    /// Linux's code for the floating-point exception that `area` tells of: of SSE's, else of x87's (`sigaction(2)`).
    #[must_use]
    pub fn floating_point_code(area: &[u8], is_sse: bool) -> i32 {
        let raised = if is_sse {
            let control = word(area, Self::MXCSR).unwrap_or_default();
            control & !(control >> 7)
        } else {
            let (control, status) = (word(area, 0).unwrap_or_default(), word(area, 2).unwrap_or_default());
            status & !control
        };
        // Invalid, divide, overflow, underflow or denormal, inexact: FPE_FLTINV, DIV, OVF, UND, RES.
        [(1, 7), (4, 3), (8, 4), (0x12, 5), (0x20, 6)]
            .into_iter()
            .find(|(bits, _)| raised & bits != 0)
            .map_or(0, |(_, code)| code)
    }
}

fn word(area: &[u8], at: usize) -> Option<u32> {
    area.get(at..at.checked_add(4)?).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
}

fn long(area: &[u8], at: usize) -> Option<u64> {
    area.get(at..at.checked_add(8)?).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes)
}

fn put(area: &mut [u8], at: usize, bytes: &[u8]) {
    for (to, from) in area.iter_mut().skip(at).zip(bytes) {
        *to = *from;
    }
}
