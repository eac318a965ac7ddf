//! What surrounds a `syscall` instruction, and how it may be patched.
//!
//! Everything here starts from a *known* instruction boundary: the rip of a trap, or a plan made by decoding.
//! Bytes that merely look like a `syscall` are never a site.

use crate::{Form, Instruction, Reason, relative::four_bytes};

/// Length of the `jmp rel32` that a patch writes.
pub const JUMP_LENGTH: usize = 5;

/// Length of a `syscall` instruction, `0f 05`.
pub(crate) const SYSCALL_LENGTH: usize = 2;

/// No system call number reaches this. A wider immediate is not a number, and its bytes could be other
/// instructions; below it, the last two bytes of the immediate are zero.
const NUMBER_LIMIT: u32 = 1024;

/// The longest instruction the architecture allows.
const LONGEST: usize = 15;

/// `mov $number, %eax` directly before the `syscall`.
///
/// Only the `mov` is replaced, by one instruction of the same length: there is no boundary inside, so no jump
/// and no interrupted thread can be. A jump to the `syscall` itself still traps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovImmediate {
    /// Where in the window the `mov` starts.
    pub start: usize,
    /// The system call number it loads.
    pub number: u32,
}

/// One instruction after a `syscall` that moves to the trampoline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Distance from the `syscall`, 2 to 4.
    pub offset: u8,
    /// The instruction.
    pub instruction: Instruction,
}

/// The `syscall` and the whole instructions after it, up to five bytes or more in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    /// Where in the window the `syscall` starts.
    pub start: usize,
    /// Bytes replaced or left dead, the `syscall` included: where the trampoline jumps back to.
    pub length: u8,
    /// The instructions that move, in order.
    pub copied: [Option<Copied>; 3],
}

impl Following {
    /// Whether every instruction boundary inside the replaced bytes is directly after the `syscall`. A patch
    /// makes that one boundary an invalid opcode, so nothing need be known about jump targets.
    #[must_use]
    pub fn is_single(&self) -> bool {
        matches!(self.copied, [Some(copied), None, None]
            if usize::from(copied.instruction.length) >= JUMP_LENGTH.saturating_sub(SYSCALL_LENGTH))
    }
}

/// What is known about jumps to the bytes after a `syscall`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// Nothing. Only [`Following::is_single`] patterns are accepted.
    Unknown,
    /// A plan found no jump target among them, and no thread has run this code yet.
    Absent,
}

/// How a site may be patched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteKind {
    /// Replace the `mov` before the `syscall`.
    MovImmediate(MovImmediate),
    /// Replace the `syscall` and the instructions after it.
    Following(Following),
    /// Keep trapping.
    None(Reason),
}

/// Classifies the `syscall` at `syscall_at` in `code`, a window of bytes around it, by what can be told from
/// the window alone. `rax_at_trap` is the register's value when the `syscall` trapped, if it did.
#[must_use]
pub fn classify(code: &[u8], syscall_at: usize, rax_at_trap: Option<u64>) -> SiteKind {
    match (mov_immediate(code, syscall_at, rax_at_trap), following(code, syscall_at, Targets::Unknown)) {
        (Ok(site), _) => SiteKind::MovImmediate(site),
        (_, Ok(site)) => SiteKind::Following(site),
        (_, Err(reason)) => SiteKind::None(reason),
    }
}

/// Looks for `mov $number, %eax` directly before the `syscall`.
///
/// The boundary of the `syscall` is known, that of the `mov` is inferred: decoding backwards is ambiguous. The
/// rule refuses every encoding in which those five bytes could be the tail of a longer instruction that a
/// compiler emits, and compares rax.
///
/// # Errors
/// `Window`, `NotMov`, `Prefix`, `LookAlike`, `Number` or `RaxDiffers`.
pub fn mov_immediate(
    code: &[u8],
    syscall_at: usize,
    rax_at_trap: Option<u64>,
) -> Result<MovImmediate, Reason> {
    check_syscall(code, syscall_at)?;
    let start = syscall_at.checked_sub(JUMP_LENGTH).ok_or(Reason::Window)?;
    if code.get(start) != Some(&0xb8) {
        return Err(Reason::NotMov);
    }
    let number = u32::from_le_bytes(four_bytes(code, start.saturating_add(1)).ok_or(Reason::Window)?);
    check_before(code.get(..start).ok_or(Reason::Window)?)?;
    if number >= NUMBER_LIMIT {
        return Err(Reason::Number);
    }
    match rax_at_trap {
        Some(rax) if rax != u64::from(number) => Err(Reason::RaxDiffers),
        _ => Ok(MovImmediate { start, number }),
    }
}

/// Opcodes that take a ModRM operand and a 32-bit immediate.
const IMMEDIATE_32: [u8; 4] = [0x69, 0x81, 0xc7, 0xf7];

/// Opcodes that take a ModRM operand and an 8-bit immediate for which zero means something.
const IMMEDIATE_8: [u8; 3] = [0x80, 0x83, 0xc6];

/// ModRM with a 32-bit displacement and no SIB byte.
fn is_long(modrm: u8) -> bool {
    (modrm & 0xc0 == 0x80 && modrm & 7 != 4) || modrm & 0xc7 == 5
}

/// ModRM and SIB with a 32-bit displacement.
fn is_long_sib(modrm: u8, sib: u8) -> bool {
    modrm & 0xc7 == 0x84 || (modrm & 0xc7 == 4 && sib & 7 == 5)
}

/// Refuses a `b8` that may continue an instruction begun in `before`, the bytes up to it.
///
/// The `b8` and the four bytes after it end at a known boundary, and the last two of the four are zero, so they
/// hold no short instruction of their own (`00 00` is `add %al, (%rax)`): either they are the `mov`, or the tail
/// of one longer instruction. The cases are all tails that x86-64 has, but for two kinds that no program has: those
/// with rax as base register (rax would be both the number and a pointer), and those whose immediate of zero makes
/// the instruction do nothing (a shift by zero, a test against zero). Runs of several prefixes are not looked for.
fn check_before(before: &[u8]) -> Result<(), Reason> {
    let [.., p7, p6, p5, p4, p3, p2, p1] = *before else { return Err(Reason::Window) };
    // Operand size, REX, or the payload of REX2.
    if p1 == 0x66 || p1 & 0xf0 == 0x40 || p2 == 0xd5 {
        return Err(Reason::Prefix);
    }
    let is_look_alike = [
        before_immediate_32([p7, p6, p5, p4, p3, p2, p1]),
        before_immediate_8([p7, p6, p5, p4, p3, p2, p1]),
        is_extended_operand([p5, p4, p3, p2, p1]),
        // A SIB byte, before a 32-bit displacement or immediate.
        p1 & 0xc7 == 0x84 || (p1 & 0xc7 == 4 && IMMEDIATE_32.contains(&p2)),
        // Inside a 64-bit immediate or absolute address.
        (matches!(p4, 0xb8..=0xbf) && p5 & 0xf8 == 0x48) || matches!(p4, 0xa0..=0xa3),
    ];
    if is_look_alike.contains(&true) { Err(Reason::LookAlike) } else { Ok(()) }
}

/// Whether the `b8` may be in a displacement before an immediate of 32 bits, such as `movl $1, -0x48(%rsp)`, or 16.
fn before_immediate_32([p7, p6, p5, p4, p3, p2, p1]: [u8; 7]) -> bool {
    let opcode = |byte| IMMEDIATE_32.contains(&byte);
    let short = (opcode(p2) && p1 & 0xc0 == 0x40) || (opcode(p3) && p2 & 0xc7 == 0x44);
    let last = (opcode(p5) && is_long(p4)) || (opcode(p6) && is_long_sib(p5, p4));
    let second = (opcode(p3) && is_long(p2)) || (opcode(p4) && is_long_sib(p3, p2));
    short || last || (second && [p4, p5, p6, p7].contains(&0x66))
}

/// Whether the `b8` may be the first byte of a displacement before an 8-bit immediate: `movb $0, 0x1b8(%rbx)`.
fn before_immediate_8([p7, p6, p5, p4, p3, p2, p1]: [u8; 7]) -> bool {
    // The opcode and the bytes before it: 0f maps, VEX, XOP, EVEX.
    let opcode = |[d, c, b, a, opcode]: [u8; 5]| {
        IMMEDIATE_8.contains(&opcode)
            || a == 0x0f
            || (b == 0x0f && matches!(a, 0x38 | 0x3a))
            || b == 0xc5
            || matches!(c, 0xc4 | 0x8f)
            || d == 0x62
    };
    (is_long(p1) && opcode([p6, p5, p4, p3, p2])) || (is_long_sib(p2, p1) && opcode([p7, p6, p5, p4, p3]))
}

/// Whether the `b8` may be a ModRM byte whose base register is r8, by REX, REX2, VEX, XOP or EVEX:
/// `mov 0x90(%r8), %edi`.
fn is_extended_operand([p5, p4, p3, p2, p1]: [u8; 5]) -> bool {
    let rex = |byte: u8| byte & 0xf1 == 0x41;
    (rex(p2) && !matches!(p1, 0x50..=0x5f))
        || (rex(p3) && p2 == 0x0f)
        || (rex(p4) && p3 == 0x0f && matches!(p2, 0x38 | 0x3a))
        || p3 == 0xd5
        || (matches!(p4, 0xc4 | 0x8f) && p3 & 0x20 == 0)
        || (p5 == 0x62 && p4 & 0x20 == 0)
}

/// Looks at the whole instructions after the `syscall`, until the jump that replaces them fits.
///
/// # Errors
/// `Window`, `Prefix`, `Instruction`, `NotPadding`, or `Interior` when more than [`Following::is_single`] needs to be
/// known and `targets` is unknown.
pub fn following(code: &[u8], syscall_at: usize, targets: Targets) -> Result<Following, Reason> {
    check_syscall(code, syscall_at)?;
    // A prefix of the `syscall` would become the jump's, and AMD's processors cut the target of a jump with an operand
    // size of 16 bits (AMD APM volume 3, `JMP`). Other prefixes mean nothing to a near jump.
    if syscall_at.checked_sub(1).and_then(|before| code.get(before)) == Some(&0x66) {
        return Err(Reason::Prefix);
    }
    let mut length = SYSCALL_LENGTH;
    let mut copied = [None; 3];
    let mut slots = copied.iter_mut();
    let mut ended = false;
    while length < JUMP_LENGTH {
        if length > SYSCALL_LENGTH && targets == Targets::Unknown {
            return Err(Reason::Interior);
        }
        let rest = code.get(syscall_at.saturating_add(length)..).ok_or(Reason::Window)?;
        let rest = rest.get(..LONGEST).unwrap_or(rest);
        let size = if ended {
            padding(rest)?
        } else {
            let instruction = Instruction::decode(rest)?;
            let offset = u8::try_from(length).map_err(|_| Reason::Instruction)?;
            *slots.next().ok_or(Reason::Instruction)? = Some(Copied { offset, instruction });
            ended = instruction.form.ends_flow();
            usize::from(instruction.length)
        };
        length = length.saturating_add(size);
    }
    let length = u8::try_from(length).map_err(|_| Reason::Instruction)?;
    Ok(Following { start: syscall_at, length, copied })
}

/// The length of one instruction that only pads.
fn padding(code: &[u8]) -> Result<usize, Reason> {
    if code.first() == Some(&0xcc) {
        return Ok(1);
    }
    match Instruction::decode(code) {
        Ok(Instruction { length, form: Form::Nop }) => Ok(usize::from(length)),
        Err(Reason::Window) => Err(Reason::Window),
        _ => Err(Reason::NotPadding),
    }
}

fn check_syscall(code: &[u8], at: usize) -> Result<(), Reason> {
    let bytes = code.get(at..).and_then(|rest| rest.first_chunk::<SYSCALL_LENGTH>());
    if bytes == Some(&[0x0f, 0x05]) { Ok(()) } else { Err(Reason::Window) }
}
