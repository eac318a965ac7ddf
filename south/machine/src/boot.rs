//! From the loader's jump to Rust, by the PVH boot protocol (Xen, `docs/misc/pvh.pandoc` and `start_info.h`).
//!
//! The loader leaves the processor in 32-bit protected mode without paging. The first gigabyte is mapped three times: at
//! its own addresses, where this code runs until its last jump; at [`PHYSICAL`](crate::layout::PHYSICAL); and at
//! [`KERNEL`](crate::layout::KERNEL).
#![expect(unsafe_code, reason = "the first instructions, and what the loader left in memory")]

use crate::frames::{physical_bytes, view};
use crate::layout::KERNEL;

// Linked at fixed addresses, which a test of the host's is not.
#[cfg(target_os = "none")]
core::arch::global_asm!(
    r#"
    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 8, 18
    .asciz "Xen"
    .quad pvh_start - {kernel}

    .section .bss.boot, "aw", @nobits
    .balign 4096
    boot_pml4: .skip 4096
    boot_low: .skip 4096
    boot_high: .skip 4096
    boot_pages: .skip 4096
    .globl boot_stack
    boot_stack: .skip {stack}
    boot_stack_end:

    .section .rodata.boot, "a"
    .balign 8
    boot_gdt:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
    boot_gdt_pointer:
    .word 23
    .long boot_gdt - {kernel}

    .section .text.boot, "ax"
    .code32
    .globl pvh_start
    pvh_start:
    cld
    movl $(boot_pages - {kernel}), %edi
    movl $0x83, %eax
    movl $512, %ecx
    1: movl %eax, (%edi)
    movl $0, 4(%edi)
    addl $0x200000, %eax
    addl $8, %edi
    decl %ecx
    jnz 1b
    movl $(boot_pages - {kernel} + 3), (boot_low - {kernel})
    movl $(boot_pages - {kernel} + 3), (boot_high - {kernel} + 510 * 8)
    movl $(boot_low - {kernel} + 3), (boot_pml4 - {kernel})
    movl $(boot_low - {kernel} + 3), (boot_pml4 - {kernel} + 256 * 8)
    movl $(boot_high - {kernel} + 3), (boot_pml4 - {kernel} + 511 * 8)
    movl $(boot_pml4 - {kernel}), %eax
    movl %eax, %cr3
    movl %cr4, %eax
    orl $0x6a0, %eax
    movl %eax, %cr4
    movl $0xc0000080, %ecx
    rdmsr
    orl $0x901, %eax
    wrmsr
    movl %cr0, %eax
    andl $~0xc, %eax
    orl $0x80010023, %eax
    movl %eax, %cr0
    lgdt (boot_gdt_pointer - {kernel})
    ljmp $0x8, $(boot_long - {kernel})
    .code64
    boot_long:
    movabsq $boot_upper, %rax
    jmp *%rax
    boot_upper:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    movabsq $boot_stack_end, %rsp
    xorl %ebp, %ebp
    movl %ebx, %edi
    call litebox_machine_boot
    ud2
    .text
    "#,
    kernel = const KERNEL,
    stack = const crate::layout::STACK_SIZE,
    options(att_syntax),
);

/// `hvm_start_info`: the offsets of its fields.
mod field {
    pub(super) const MAGIC: u64 = 0;
    pub(super) const VERSION: u64 = 4;
    pub(super) const MODULE_COUNT: u64 = 12;
    pub(super) const MODULES: u64 = 16;
    pub(super) const MAP: u64 = 40;
    pub(super) const MAP_COUNT: u64 = 48;
}

const MAGIC: u32 = 0x336e_c578;
/// The most ranges of memory that are looked at.
const MAX_RANGES: usize = 32;

/// What the loader tells.
pub(crate) struct Boot {
    /// Ranges of ordinary memory.
    pub(crate) memory: [(u64, u64); MAX_RANGES],
    /// The initial file archive: its address and length.
    pub(crate) archive: (u64, u64),
}

/// Bytes that the loader left at `address`, below the first gigabyte; 0 beyond it.
fn bytes<const N: usize>(address: u64) -> [u8; N] {
    let mut bytes = [0; N];
    if address.saturating_add(N as u64) <= 1 << 30 {
        physical_bytes(address, &mut bytes);
    }
    bytes
}

fn word(address: u64) -> u32 {
    u32::from_le_bytes(bytes(address))
}

fn long(address: u64) -> u64 {
    u64::from_le_bytes(bytes(address))
}

impl Boot {
    /// Read the start information at the physical address `info`; `None` if it is not of a version that tells the
    /// memory.
    pub(crate) fn read(info: u64) -> Option<Self> {
        if word(info + field::MAGIC) != MAGIC || word(info + field::VERSION) < 1 {
            return None;
        }
        let mut memory = [(0, 0); MAX_RANGES];
        let (map, count) = (long(info + field::MAP), word(info + field::MAP_COUNT));
        for (index, range) in (0..u64::from(count)).zip(&mut memory) {
            let entry = map + index * 24;
            // Type 1 is ordinary memory.
            if word(entry + 16) == 1 {
                *range = (long(entry), long(entry).saturating_add(long(entry + 8)));
            }
        }
        let modules = long(info + field::MODULES);
        let archive = match word(info + field::MODULE_COUNT) {
            0 => (0, 0),
            _ => (long(modules), long(modules + 8)),
        };
        Some(Self { memory, archive })
    }

    /// The initial file archive.
    pub(crate) fn archive(&self) -> &'static [u8] {
        let (start, length) = self.archive;
        // SAFETY: the loader put the archive there, nothing else uses that memory (`frames` leaves it out), and it is
        // never written.
        unsafe { core::slice::from_raw_parts(view(start), length as usize) }
    }
}

unsafe extern "C" {
    static kernel_end: u8;
}

/// The physical address after the kernel's image.
pub(crate) fn image_end() -> u64 {
    ((&raw const kernel_end).addr() as u64).wrapping_sub(KERNEL)
}
