//! The guest's vector state: in the processor while its thread has it, else in an area of the thread's.
#![expect(unsafe_code, reason = "XSAVE and XRSTOR are instructions")]

use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering};

use litebox_host::HostError;
use litebox_host::memory::PAGE_SIZE;
use litebox_host::thread::{ExtendedArea, VectorState};

use crate::frames::{Frame, view};
use crate::host::BareMachine;
use crate::scheduler;

/// Components that guests may use: x87, SSE, AVX, and AVX-512 in three parts.
const KNOWN: u64 = 0b1110_0111;

static FEATURES: AtomicU64 = AtomicU64::new(3);
static SIZE: AtomicU64 = AtomicU64::new(576);

/// Enable what the processor has.
pub(crate) fn initialise() {
    let leaf = core::arch::x86_64::__cpuid_count(0xd, 0);
    let mut features = KNOWN & (u64::from(leaf.edx) << 32 | u64::from(leaf.eax));
    if features & 4 == 0 || features & 0xe0 != 0xe0 {
        features &= 7;
    }
    // SAFETY: the processor has the components, and OSXSAVE is set.
    unsafe {
        asm!("xsetbv", in("ecx") 0, in("eax") features as u32, in("edx") (features >> 32) as u32,
            options(nomem, nostack, preserves_flags));
    }
    FEATURES.store(features, Ordering::Relaxed);
    let size = core::arch::x86_64::__cpuid_count(0xd, 0).ebx;
    SIZE.store(u64::from(size), Ordering::Relaxed);
    scheduler::current().vectors.reset();
    scheduler::current().vectors.load();
}

/// Where a thread's state is kept: a frame, which is aligned and larger than any area.
pub(crate) struct VectorArea(Frame);

impl VectorArea {
    pub(crate) fn new() -> Result<Self, HostError> {
        Frame::zeroed().map(Self).ok_or(HostError::NoMemory)
    }

    /// Have `act` see the bytes.
    fn with<R>(&self, act: impl FnOnce(&mut [u8]) -> R) -> R {
        // SAFETY: the frame is this area's alone, and the thread that the area is of calls this, one call at a time and
        // none inside another.
        act(unsafe { core::slice::from_raw_parts_mut(view(self.0.0), PAGE_SIZE) })
    }

    /// Keep what the processor has.
    pub(crate) fn save(&self) {
        let features = FEATURES.load(Ordering::Relaxed);
        // SAFETY: the area is aligned and long enough for the enabled components.
        unsafe {
            asm!("xsave64 [{}]", in(reg) view(self.0.0), in("eax") features as u32,
                in("edx") (features >> 32) as u32, options(nostack, preserves_flags));
        }
    }

    /// Give the processor what is kept.
    pub(crate) fn load(&self) {
        let features = FEATURES.load(Ordering::Relaxed);
        // SAFETY: the area was written by `save` or `reset`, or checked; the kernel itself uses no vector register.
        unsafe {
            asm!("xrstor64 [{}]", in(reg) view(self.0.0), in("eax") features as u32,
                in("edx") (features >> 32) as u32, options(nostack, preserves_flags));
        }
    }

    /// The state of a new program.
    pub(crate) fn reset(&self) {
        self.with(ExtendedArea::reset);
    }
}

impl Drop for VectorArea {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// Linux's code for the floating-point exception `vector`, from what the processor says of it.
pub(crate) fn floating_point_code(vector: u64) -> i32 {
    let area = &scheduler::current().vectors;
    area.save();
    area.with(|bytes| ExtendedArea::floating_point_code(bytes, vector == 19))
}

fn copy(to: &mut [u8], from: &[u8], count: usize) {
    for (to, from) in to.iter_mut().zip(from.iter().take(count)) {
        *to = *from;
    }
}

impl VectorState for BareMachine {
    fn size(&self) -> usize {
        SIZE.load(Ordering::Relaxed) as usize
    }

    fn features(&self) -> u64 {
        FEATURES.load(Ordering::Relaxed)
    }

    fn save(&self, to: &mut [u8]) {
        let thread = scheduler::current();
        thread.vectors.with(|own| own.fill(0));
        thread.vectors.save();
        thread.vectors.with(|own| copy(to, own, self.size()));
    }

    fn restore(&self, from: &[u8]) -> Result<(), HostError> {
        if !ExtendedArea::is_valid(from, self.size(), self.features()) {
            return Err(HostError::Invalid);
        }
        let thread = scheduler::current();
        thread.vectors.with(|own| {
            own.fill(0);
            copy(own, from, self.size());
        });
        thread.vectors.load();
        Ok(())
    }

    fn reset(&self) {
        let thread = scheduler::current();
        thread.vectors.reset();
        thread.vectors.load();
    }
}
