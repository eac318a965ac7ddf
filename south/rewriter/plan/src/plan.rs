//! The plan: every site of a program and how to patch it.

use crate::Error;
use crate::decode::{Decoded, decode};
use crate::program::{Program, push};
use alloc::vec::Vec;
use litebox_rewriter::{Following, JUMP_LENGTH, MovImmediate, Reason, Targets, following};

/// Every `syscall` instruction of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The GNU build-id, empty when the file has none. It is the name a plan is cached under.
    pub build_id: Vec<u8>,
    /// The sites, in the order of the file.
    pub sites: Vec<PlannedSite>,
}

/// One `syscall` instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedSite {
    /// Where the `syscall` stands in the file.
    pub offset: u64,
    /// What to do about it.
    pub kind: PlannedKind,
}

/// How a site can be patched before its code first runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedKind {
    /// Replace the `mov $number, %eax` before it.
    MovImmediate {
        /// The system call number.
        number: u32,
    },
    /// Replace it and the instructions after it: `litebox_rewriter::following` with [`Targets::Absent`].
    Following,
    /// Let it trap.
    Trap(Reason),
}

/// Decodes `file`, an ELF program or library, and plans its sites.
///
/// # Errors
/// When the file is not a sound x86-64 ELF file, or memory runs out. Damage in its symbols or frame table costs
/// sites, not the plan.
pub fn plan(file: &[u8]) -> Result<Plan, Error> {
    let program = Program::parse(file)?;
    let mut sites = Vec::new();
    for decoded in decode(&program)? {
        for &at in &decoded.syscalls {
            let offset = decoded.segment.offset.saturating_add(at as u64);
            push(&mut sites, PlannedSite { offset, kind: kind(&decoded, at) })?;
        }
    }
    sites.sort_unstable_by_key(|site| site.offset);
    sites.dedup_by_key(|site| site.offset);
    Ok(Plan { build_id: program.build_id, sites })
}

/// What to do about the `syscall` at `at`.
pub(crate) fn kind(decoded: &Decoded<'_>, at: usize) -> PlannedKind {
    match (proven_mov(decoded, at), proven_following(decoded, at)) {
        (Ok(site), _) => PlannedKind::MovImmediate { number: site.number },
        (_, Ok(_)) => PlannedKind::Following,
        (_, Err(reason)) => PlannedKind::Trap(reason),
    }
}

/// The `mov` before the `syscall` at `at`, if decoding shows that it is one.
pub(crate) fn proven_mov(decoded: &Decoded<'_>, at: usize) -> Result<MovImmediate, Reason> {
    let start = at.checked_sub(JUMP_LENGTH).ok_or(Reason::Window)?;
    let bytes = decoded.segment.code.get(start..).and_then(|code| code.first_chunk::<JUMP_LENGTH>());
    let Some(&[0xb8, a, b, c, d]) = bytes else { return Err(Reason::NotMov) };
    if !decoded.is_boundary(start) {
        return Err(Reason::Undecoded);
    }
    if !decoded.is_boundary(at)
        || (1..JUMP_LENGTH).any(|inside| decoded.is_first(start.saturating_add(inside)))
    {
        return Err(Reason::LookAlike);
    }
    if decoded.has_target_inside(start, JUMP_LENGTH) {
        return Err(Reason::JumpTarget);
    }
    Ok(MovImmediate { start, number: u32::from_le_bytes([a, b, c, d]) })
}

/// The instructions after the `syscall` at `at`, if no jump arrives among them.
pub(crate) fn proven_following(decoded: &Decoded<'_>, at: usize) -> Result<Following, Reason> {
    let site = following(decoded.segment.code, at, Targets::Absent)?;
    if !decoded.is_boundary(at) {
        return Err(Reason::LookAlike);
    }
    if decoded.has_target_inside(at, JUMP_LENGTH) {
        return Err(Reason::JumpTarget);
    }
    if !site.is_single() && decoded.has_indirect_jump(at) {
        return Err(Reason::IndirectJump);
    }
    Ok(site)
}

/// The body of a fuzz target over all of this crate: whatever the bytes, it returns.
pub fn fuzz_plan(data: &[u8]) {
    if let Ok(plan) = plan(data) {
        for site in &plan.sites {
            let at = usize::try_from(site.offset).ok();
            let bytes = at.and_then(|at| data.get(at..)).and_then(|bytes| bytes.get(..2));
            assert_eq!(bytes, Some([0x0f, 0x05].as_slice()), "a site is not a syscall");
        }
    }
    let _ = crate::report(data);
}
