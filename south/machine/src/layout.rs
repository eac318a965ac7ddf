//! Where things lie: the upper half of every address space is the kernel's and the same, the lower half a guest's.

/// What the kernel is linked at: the image's physical addresses from here on. The linker script says the same.
pub(crate) const KERNEL: u64 = 0xffff_ffff_8000_0000;

/// All physical memory, from address 0 on.
pub(crate) const PHYSICAL: u64 = 0xffff_8000_0000_0000;

/// The first address that a guest cannot have. The last page below the hole stays free, so that no system-call
/// instruction ends at a non-canonical address, which `sysret` and `iretq` raise exceptions over.
pub(crate) const USER_END: usize = 0x7fff_ffff_f000;

/// A guest's addresses: what dereferences no pointer faults.
pub(crate) const GUEST: core::ops::Range<usize> = 0x1000..USER_END;

/// Bytes of a kernel stack.
pub(crate) const STACK_SIZE: usize = 64 << 10;

/// Memory below this is the firmware's and the boot protocol's.
pub(crate) const LOW: u64 = 1 << 20;

/// Ports of the machine that tests run on (`isa-debugcon`, `isa-debug-exit`).
pub(crate) mod port {
    /// The guest's standard output.
    pub(crate) const OUTPUT: u16 = 0xe9;
    /// The guest's standard error.
    pub(crate) const ERROR: u16 = 0xea;
    /// What the kernel says of itself.
    pub(crate) const CONTROL: u16 = 0xeb;
    /// A write ends the machine.
    pub(crate) const EXIT: u16 = 0xf4;
    /// The first serial line.
    pub(crate) const SERIAL: u16 = 0x3f8;
}
