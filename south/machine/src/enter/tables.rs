//! Segments, the task state and the interrupt table (Intel SDM volume 3, chapters 3, 6 and 7).
#![expect(unsafe_code, reason = "descriptor tables and model-specific registers")]

use alloc::boxed::Box;
use core::arch::asm;
use core::arch::x86_64::{__cpuid, __cpuid_count};
use core::sync::atomic::AtomicU64;

use x86_64::VirtAddr;
use x86_64::registers::control::{Cr4, Cr4Flags, Efer, EferFlags};
use x86_64::registers::model_specific::{GsBase, KernelGsBase, LStar, SFMask, Star};
use x86_64::registers::rflags::RFlags;

use super::entry;
use crate::control;
use crate::layout::STACK_SIZE;

/// What belongs to one processor. GS points to it in the kernel; `entry` knows the first fields.
#[repr(C)]
struct Processor {
    itself: u64,
    stack_top: AtomicU64,
    user_stack: u64,
    task: TaskState,
    segments: [u64; 9],
    gates: [[u64; 2]; 256],
}

const _: () = assert!(core::mem::offset_of!(Processor, stack_top) == entry::STACK_TOP);
const _: () = assert!(core::mem::offset_of!(Processor, user_stack) == entry::USER_STACK);

/// The task state segment: a reserved half-word first, so that its addresses are split in halves.
#[repr(C, packed(4))]
struct TaskState {
    reserved: u32,
    stacks: [u64; 3],
    reserved_too: u64,
    interrupt_stacks: [u64; 7],
    reserved_last: u64,
    reserved_word: u16,
    permissions: u16,
}

/// Which interrupt stack a double fault gets.
const DOUBLE_FAULT_STACK: u64 = 1;
const DOUBLE_FAULT: u64 = 8;

/// Pseudo-descriptor of a table.
#[repr(C, packed)]
struct Pointer {
    limit: u16,
    base: u64,
}

const CODE: u64 = 0x00af_9b00_0000_ffff;
const DATA: u64 = 0x00cf_9300_0000_ffff;
/// The privilege level of guests in a descriptor.
const RING_3: u64 = 3 << 45;

impl Processor {
    fn new() -> Self {
        let mut processor = Self {
            itself: 0,
            stack_top: AtomicU64::new(0),
            user_stack: 0,
            task: TaskState {
                reserved: 0,
                stacks: [0; 3],
                reserved_too: 0,
                interrupt_stacks: [0; 7],
                reserved_last: 0,
                reserved_word: 0,
                permissions: size_of::<TaskState>() as u16,
            },
            segments: [0, CODE, DATA, 0, 0, DATA | RING_3, CODE | RING_3, 0, 0],
            gates: [[0; 2]; 256],
        };
        for (vector, gate) in (0_u64..).zip(&mut processor.gates) {
            *gate = interrupt_gate(vector);
        }
        processor
    }
}

/// A gate to the entry of `vector`, with interrupts off. Guests may raise breakpoints and overflows themselves.
fn interrupt_gate(vector: u64) -> [u64; 2] {
    let address = entry::vector_entry(vector);
    let level = if matches!(vector, 3 | 4) { 3 } else { 0 };
    let stack = if vector == DOUBLE_FAULT { DOUBLE_FAULT_STACK } else { 0 };
    let low = address & 0xffff
        | u64::from(entry::KERNEL_CODE) << 16
        | stack << 32
        | (0x8e | level << 5) << 40
        | (address >> 16 & 0xffff) << 48;
    [low, address >> 32]
}

/// Descriptor of the task state at `base` (16 bytes).
fn task_descriptor(base: u64) -> [u64; 2] {
    let limit = size_of::<TaskState>() as u64 - 1;
    [limit | (base & 0xff_ffff) << 16 | 0x89 << 40 | (base >> 24 & 0xff) << 56, base >> 32]
}

/// Set up the processor that runs this. The heap works.
pub(crate) fn initialise() {
    let processor = Box::leak(Box::new(Processor::new()));
    let base = core::ptr::from_ref(processor).expose_provenance() as u64;
    processor.itself = base;
    let stack = Box::leak(alloc::vec![0_u128; STACK_SIZE / 16].into_boxed_slice());
    processor.task.interrupt_stacks[0] = stack.as_ptr_range().end.addr() as u64;
    let [low, high] = task_descriptor((&raw const processor.task).addr() as u64);
    processor.segments[7] = low;
    processor.segments[8] = high;
    let segments = Pointer { limit: 9 * 8 - 1, base: processor.segments.as_ptr().addr() as u64 };
    let gates = Pointer { limit: 256 * 16 - 1, base: processor.gates.as_ptr().addr() as u64 };
    // SAFETY: the tables were leaked, the segments in use keep their numbers, and every gate leads to an entry.
    unsafe {
        asm!("lgdt [{}]", "lidt [{}]", "ltr {:x}", in(reg) &raw const segments, in(reg) &raw const gates,
            in(reg) 0x38_u16, options(nostack, preserves_flags));
    }
    GsBase::write(VirtAddr::new_truncate(base));
    KernelGsBase::write(VirtAddr::zero());
    enable_features();
    enable_system_calls();
}

/// The kernel goes on only where the processor has all that keeps guests out and that this code uses.
fn require_features() {
    let (basic, extended) = (__cpuid(1), __cpuid_count(7, 0));
    let needed = [
        (basic.ecx, 26, "XSAVE"),
        (extended.ebx, 0, "FSGSBASE"),
        (extended.ebx, 7, "SMEP"),
        (extended.ebx, 20, "SMAP"),
        (basic.ecx, 30, "RDRAND"),
    ];
    for (register, bit, name) in needed {
        if register & 1 << bit == 0 {
            control::fail(format_args!("the processor lacks {name}; QEMU has it with `-cpu max`"));
        }
    }
}

/// Supervisor protection, and the instructions that guests and this kernel use.
fn enable_features() {
    require_features();
    let wanted = Cr4::read()
        | Cr4Flags::OSXSAVE
        | Cr4Flags::FSGSBASE
        | Cr4Flags::SUPERVISOR_MODE_EXECUTION_PROTECTION
        | Cr4Flags::SUPERVISOR_MODE_ACCESS_PREVENTION;
    // SAFETY: the processor has what is switched on, and kernel code touches guest pages in `copy` alone.
    unsafe { Cr4::write(wanted) };
    // SAFETY: as above; the page tables use the bit that keeps code from being run.
    unsafe { Efer::write(Efer::read() | EferFlags::SYSTEM_CALL_EXTENSIONS | EferFlags::NO_EXECUTE_ENABLE) };
}

fn enable_system_calls() {
    // SAFETY: selectors of the table above; the return path does not use `sysret`.
    unsafe { Star::write_raw(entry::KERNEL_DATA, entry::KERNEL_CODE) };
    LStar::write(VirtAddr::new_truncate(entry::system_call_entry()));
    SFMask::write(
        RFlags::INTERRUPT_FLAG
            | RFlags::DIRECTION_FLAG
            | RFlags::TRAP_FLAG
            | RFlags::ALIGNMENT_CHECK
            | RFlags::NESTED_TASK,
    );
}

/// Entries from guests begin at `top` from now on.
pub(crate) fn set_stack(top: u64) {
    let base: usize;
    // SAFETY: GS points to the processor's block while the kernel runs, and its first word is its address.
    unsafe { asm!("mov {}, gs:[0]", out(reg) base, options(nostack, preserves_flags, readonly)) };
    let processor: *mut Processor = core::ptr::with_exposed_provenance_mut(base);
    // SAFETY: the block lives for ever; this processor alone uses it.
    let stack_top = unsafe { &raw mut (*processor).stack_top };
    // SAFETY: as above; entries read it on this processor alone, and none is under way.
    unsafe { stack_top.write(AtomicU64::new(top)) };
    // SAFETY: the field is the block's, which lives for ever.
    let stack = unsafe { &raw mut (*processor).task.stacks[0] };
    // SAFETY: as above; the field is not aligned.
    unsafe { stack.write_unaligned(top) };
}
