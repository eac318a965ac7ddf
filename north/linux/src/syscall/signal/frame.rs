//! The frame that a handler finds on its stack, and its return.

use litebox_host::memory::UserAccess;
use litebox_host::regs::Registers;
use litebox_host::thread::VectorState;
use litebox_libos::memory::buffer;
use litebox_libos::signal::{Action, ActionFlags, SignalInfo, SignalSet};
use litebox_libos::user::UserPointer;
use zerocopy::{FromBytes, IntoBytes};

use super::sigaltstack::{holds, is_on, is_usable};
use crate::abi::signal::{
    CLEARED_FLAGS, FP_XSTATE_MAGIC1, FP_XSTATE_MAGIC2, FPX_SW_OFFSET, FpxSwBytes, Frame, RED_ZONE,
    SS_AUTODISARM, SS_DISABLE, SigContext, SigInfo, StackT, UC_FP_XSTATE, UC_SIGCONTEXT_SS,
    UC_STRICT_RESTORE_SS, UContext, USER_CS, USER_FLAGS, USER_SS,
};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::{Task, Trap};

/// Bytes of the legacy area with the XSAVE header.
const XSAVE_MINIMUM: usize = 576;
/// Bytes of the legacy area alone.
const LEGACY: usize = 512;
/// Where the XSAVE header's feature bits are.
const XFEATURES: core::ops::Range<usize> = 512..520;
/// x87 and SSE.
const LEGACY_FEATURES: u64 = 3;
const MAGIC2_SIZE: u64 = 4;

fn address(value: u64) -> Result<usize> {
    usize::try_from(value).map_err(|_| Errno::EFAULT)
}

/// Where the parts of a frame go.
struct Placement {
    frame: u64,
    vector: u64,
}

/// Choose the stack and lay the frame out on it, as `get_sigframe` of the kernel does.
fn place<H: LinuxHost>(task: &Task<H>, registers: &Registers, action: &Action) -> Result<Placement> {
    let stack = task.own.alternate_stack;
    let was_on = is_on(&stack, registers.rsp);
    let mut top = registers.rsp.wrapping_sub(RED_ZONE);
    let enters = action.flags.contains(ActionFlags::ON_STACK) && is_usable(&stack) && !is_on(&stack, top);
    if enters {
        top = stack.pointer.wrapping_add(stack.size);
    }
    let vector = top.wrapping_sub(VectorState::size(&task.host) as u64 + MAGIC2_SIZE) & !63;
    // As after a call: a function finds rsp + 8 aligned to 16 bytes.
    let frame = (vector.wrapping_sub(size_of::<Frame>() as u64) & !15).wrapping_sub(8);
    if (was_on || enters) && !holds(&stack, frame) {
        return Err(Errno::EFAULT);
    }
    Ok(Placement { frame, vector })
}

/// Write a frame for a handler of `info` and make `registers` those at the start of the handler, but for `rip`.
///
/// # Errors
/// `EFAULT` if the stack cannot be written or the program gave no restorer, as x86-64 demands.
pub(super) fn push<H: LinuxHost>(
    task: &mut Task<H>,
    registers: &mut Registers,
    info: &SignalInfo,
    action: &Action,
    old_mask: SignalSet,
) -> Result<()> {
    if !action.flags.contains(ActionFlags::RESTORER) {
        return Err(Errno::EFAULT);
    }
    let at = place(task, registers, action)?;
    write_vector_state(&task.host, at.vector)?;
    let context = UContext {
        flags: UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS,
        link: 0,
        stack: task.own.alternate_stack,
        context: save(registers, task.own.trap, at.vector, old_mask),
        mask: old_mask.bits(),
    };
    let frame = Frame { restorer: action.restorer, context, info: SigInfo::new(info) };
    UserPointer::new(address(at.frame)?).write(&task.host, &frame)?;
    if task.own.alternate_stack.flags & SS_AUTODISARM != 0 {
        task.own.alternate_stack = StackT { flags: SS_DISABLE, ..StackT::default() };
    }
    let context_offset = core::mem::offset_of!(Frame, context) as u64;
    let info_offset = core::mem::offset_of!(Frame, info) as u64;
    registers.rdi = u64::from(info.signal.number());
    registers.rsi = at.frame + info_offset;
    registers.rdx = at.frame + context_offset;
    registers.rax = 0;
    registers.rsp = at.frame;
    registers.rflags &= !CLEARED_FLAGS;
    task.host.reset();
    Ok(())
}

fn write_vector_state<H: LinuxHost>(host: &H, to: u64) -> Result<()> {
    let size = VectorState::size(host);
    let mut area = buffer::reserved(size + 4)?;
    area.resize(size, 0);
    host.save(&mut area);
    let size = u32::try_from(size).map_err(|_| Errno::EFAULT)?;
    let software = FpxSwBytes {
        magic1: FP_XSTATE_MAGIC1,
        extended_size: size + 4,
        xfeatures: host.features(),
        xstate_size: size,
        padding: [0; 7],
    };
    let slot = area.get_mut(FPX_SW_OFFSET..FPX_SW_OFFSET + size_of::<FpxSwBytes>()).ok_or(Errno::EFAULT)?;
    slot.copy_from_slice(software.as_bytes());
    area.extend_from_slice(&FP_XSTATE_MAGIC2.to_le_bytes());
    Ok(UserAccess::write(host, address(to)?, &area)?)
}

fn save(registers: &Registers, trap: Trap, vector: u64, old_mask: SignalSet) -> SigContext {
    SigContext {
        r8: registers.r8,
        r9: registers.r9,
        r10: registers.r10,
        r11: registers.r11,
        r12: registers.r12,
        r13: registers.r13,
        r14: registers.r14,
        r15: registers.r15,
        rdi: registers.rdi,
        rsi: registers.rsi,
        rbp: registers.rbp,
        rbx: registers.rbx,
        rdx: registers.rdx,
        rax: registers.rax,
        rcx: registers.rcx,
        rsp: registers.rsp,
        rip: registers.rip,
        rflags: registers.rflags,
        cs: USER_CS,
        gs: 0,
        fs: 0,
        ss: USER_SS,
        err: trap.error_code,
        trapno: trap.number,
        oldmask: old_mask.bits(),
        cr2: trap.address,
        fpstate: vector,
        reserved: [0; 8],
    }
}

/// Make `registers` those of `saved`. Nothing of it is trusted: system flags stay as they are, and segments that a
/// processor could not return to are refused. Any instruction pointer is taken: one that leads nowhere faults.
///
/// # Errors
/// `EFAULT` for a context or vector state that makes no sense.
pub(super) fn restore<H: LinuxHost>(
    task: &Task<H>,
    registers: &mut Registers,
    context: &UContext,
) -> Result<()> {
    let saved = &context.context;
    let strict = context.flags & UC_STRICT_RESTORE_SS != 0;
    // The privilege level is forced to the user's; any segment but the two of a 64-bit program faults.
    let segments_ok = saved.cs | 3 == USER_CS && (!strict || saved.ss | 3 == USER_SS);
    if !segments_ok {
        return Err(Errno::EFAULT);
    }
    restore_vector_state(&task.host, saved.fpstate)?;
    *registers = Registers {
        rax: saved.rax,
        rbx: saved.rbx,
        rcx: saved.rcx,
        rdx: saved.rdx,
        rsi: saved.rsi,
        rdi: saved.rdi,
        rbp: saved.rbp,
        rsp: saved.rsp,
        r8: saved.r8,
        r9: saved.r9,
        r10: saved.r10,
        r11: saved.r11,
        r12: saved.r12,
        r13: saved.r13,
        r14: saved.r14,
        r15: saved.r15,
        rip: saved.rip,
        rflags: (registers.rflags & !USER_FLAGS) | (saved.rflags & USER_FLAGS),
    };
    Ok(())
}

fn restore_vector_state<H: LinuxHost>(host: &H, from: u64) -> Result<()> {
    if from == 0 {
        host.reset();
        return Ok(());
    }
    let from = address(from)?;
    let size = VectorState::size(host).max(XSAVE_MINIMUM);
    let mut area = buffer::zeroed(size)?;
    let (legacy, _) = area.split_at_mut(LEGACY);
    UserAccess::read(host, from, legacy)?;
    if is_extended(host, from, legacy)? {
        UserAccess::read(host, from, &mut area)?;
        keep_features(&mut area, host.features());
    } else {
        let features = (LEGACY_FEATURES & host.features()).to_le_bytes();
        area.get_mut(XFEATURES).ok_or(Errno::EFAULT)?.copy_from_slice(&features);
    }
    let known = area.get(..VectorState::size(host)).ok_or(Errno::EFAULT)?;
    host.restore(known).map_err(|_| Errno::EFAULT)
}

/// Whether the whole XSAVE area is there: by the marks that [`write_vector_state`] leaves. Without them only the
/// legacy part counts.
fn is_extended<H: LinuxHost>(host: &H, from: usize, legacy: &[u8]) -> Result<bool> {
    let bytes = legacy.get(FPX_SW_OFFSET..).unwrap_or_default();
    let Ok(software) = FpxSwBytes::read_from_bytes(bytes) else { return Ok(false) };
    if software.magic1 != FP_XSTATE_MAGIC1 || software.xstate_size as usize != VectorState::size(host) {
        return Ok(false);
    }
    let end = from.checked_add(VectorState::size(host)).ok_or(Errno::EFAULT)?;
    Ok(UserPointer::<u32>::new(end).read(host)? == FP_XSTATE_MAGIC2)
}

/// Clear the feature bits that the machine does not have: XRSTOR would refuse them.
fn keep_features(area: &mut [u8], features: u64) {
    for (byte, known) in area.iter_mut().skip(XFEATURES.start).zip(features.to_le_bytes()) {
        *byte &= known;
    }
}
