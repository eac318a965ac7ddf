//! The guest's vector state: xmm0-15 are in the frame while the library OS runs, the rest is in the processor.
#![expect(unsafe_code, reason = "XSAVE and XRSTOR are instructions")]

use core::arch::asm;
use core::arch::x86_64::{__cpuid_count, CpuidResult};

use litebox_host::HostError;
use litebox_host::thread::{ExtendedArea, VectorState};

use crate::arena;
use crate::enter::block::{EXTENDED_SIZE, ExtendedState};
use crate::enter::dispatch;
use crate::host::LinuxProcess;

/// The rights of protection keys, which a guest is not told of and the library OS would run under.
const PROTECTION_KEYS: u64 = 1 << 9;
/// AMX tile state, which does not fit our area; a guest that uses it loses it over signals.
const TILES: u64 = 1 << 17 | 1 << 18;

/// What the processor says of its vector state. Asked once: in a virtual machine CPUID goes to the hypervisor, which
/// takes longer than everything else that delivering a signal does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vectors {
    size: usize,
    features: u64,
}

impl Vectors {
    /// Ask the processor.
    pub(crate) fn measure() -> Self {
        Self {
            size: (leaf().ebx as usize).clamp(ExtendedArea::LEAST, EXTENDED_SIZE),
            features: enabled() & !(TILES | PROTECTION_KEYS),
        }
    }
}

/// Leaf 0xd, sub-leaf 0: size of the area for the enabled features.
fn leaf() -> CpuidResult {
    __cpuid_count(0xd, 0)
}

/// The features that the host enabled.
fn enabled() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: reads XCR0, which the host's use of XSAVE guarantees to exist.
    unsafe {
        asm!("xgetbv", in("ecx") 0, out("eax") low, out("edx") high, options(nomem, nostack, preserves_flags));
    }
    u64::from(high) << 32 | u64::from(low)
}

impl LinuxProcess {
    fn area(self) -> *mut ExtendedState {
        dispatch::current().extended.get()
    }
}

impl VectorState for LinuxProcess {
    fn size(&self) -> usize {
        arena::header().vectors.size
    }

    fn features(&self) -> u64 {
        arena::header().vectors.features
    }

    fn save(&self, area: &mut [u8]) {
        let features = self.features();
        let own = self.area();
        // SAFETY: the thread's own scratch area, aligned and long enough for the features asked for.
        unsafe { (*own).0.fill(0) };
        // SAFETY: as above; the instruction writes no more than `size()` bytes.
        unsafe {
            asm!("xsave64 [{}]", in(reg) own, in("eax") features as u32, in("edx") (features >> 32) as u32,
                options(nostack, preserves_flags));
        }
        // SAFETY: the frame of this thread, which is in a call from its guest.
        let vectors = unsafe { &*dispatch::current().vectors() };
        // SAFETY: nobody else uses the scratch area while this thread is in this function.
        let bytes = unsafe { &mut (*own).0 };
        for (to, from) in bytes[ExtendedArea::XMM..].chunks_exact_mut(16).zip(vectors) {
            to.copy_from_slice(from);
        }
        bytes[ExtendedArea::PRESENT] |= 2;
        let length = area.len().min(self.size());
        area[..length].copy_from_slice(&bytes[..length]);
    }

    fn restore(&self, area: &[u8]) -> Result<(), HostError> {
        let length = self.size();
        if !ExtendedArea::is_valid(area, length, self.features()) {
            return Err(HostError::Invalid);
        }
        let own = self.area();
        // SAFETY: nobody else uses the scratch area while this thread is in this function.
        let bytes = unsafe { &mut (*own).0 };
        bytes.fill(0);
        bytes[..length].copy_from_slice(&area[..length]);
        self.load(own);
        Ok(())
    }

    fn reset(&self) {
        let own = self.area();
        // SAFETY: nobody else uses the scratch area while this thread is in this function.
        let bytes = unsafe { &mut (*own).0 };
        ExtendedArea::reset(bytes);
        self.load(own);
    }
}

impl LinuxProcess {
    /// Make the scratch area the guest's state: xmm0-15 go to the frame, everything to the processor.
    fn load(self, own: *mut ExtendedState) {
        let features = self.features();
        // SAFETY: nobody else uses the scratch area while this thread is in this function.
        let bytes = unsafe { &(*own).0 };
        let has_sse = bytes[ExtendedArea::PRESENT] & 2 != 0;
        // SAFETY: the frame of this thread, which is in a call from its guest.
        let vectors = unsafe { &mut *dispatch::current().vectors() };
        for (to, from) in vectors.iter_mut().zip(bytes[ExtendedArea::XMM..].chunks_exact(16)) {
            if has_sse { to.copy_from_slice(from) } else { *to = [0; 16] }
        }
        // SAFETY: the area was checked or made here; the library OS keeps nothing in vector registers across this.
        unsafe {
            asm!("xrstor64 [{}]", in(reg) own, in("eax") features as u32, in("edx") (features >> 32) as u32,
                out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _, out("xmm5") _,
                out("xmm6") _, out("xmm7") _, out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _,
                out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
                options(nostack, preserves_flags));
        }
    }
}
