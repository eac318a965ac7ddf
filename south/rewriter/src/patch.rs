//! Patches: which bytes change at a site, and how they are stored.

use crate::relative::{displacement, target};
use crate::site::SYSCALL_LENGTH;
use crate::{
    Entry, Following, JUMP_LENGTH, MovImmediate, Reason, SlotBytes, Targets, Trampolines, following,
    mov_immediate, slot,
};

/// A copy of program code.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// The address of the first byte.
    pub address: u64,
    /// The bytes. Twenty on either side of a `syscall` are always enough.
    pub code: &'a [u8],
}

/// A change of five bytes at a site, and the trampoline that goes with it. The slot must be written before the
/// site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The address of the first changed byte.
    pub site: u64,
    /// What stands there, to be compared before the change.
    pub old: [u8; JUMP_LENGTH],
    /// A `jmp` to the slot.
    pub new: [u8; JUMP_LENGTH],
    /// The address of the trampoline's slot.
    pub slot: u64,
    /// The bytes of the slot.
    pub trampoline: SlotBytes,
}

impl Patch {
    /// Replaces the `mov` found by [`mov_immediate`] in `window`.
    ///
    /// # Errors
    /// `Window`, `Reach`, `Full`. The area is unchanged then.
    pub fn instead_of_mov(
        window: Window<'_>,
        site: &MovImmediate,
        area: &mut Trampolines,
        entry: Entry,
    ) -> Result<Self, Reason> {
        let start = window.address.wrapping_add(site.start as u64);
        let after = start.wrapping_add((JUMP_LENGTH + SYSCALL_LENGTH) as u64);
        Self::new(window, site.start, area, false, |slot| slot::instead_of_mov(slot, after, site, entry))
    }

    /// Replaces the `syscall` and what follows it, as found by [`following`] in `window`. The address after the
    /// `syscall` becomes an invalid opcode, see [`Trampolines::resume`].
    ///
    /// # Errors
    /// `Window`, `Instruction`, `Reach`, `Full`. The area is unchanged then.
    pub fn instead_of_syscall(
        window: Window<'_>,
        site: &Following,
        area: &mut Trampolines,
        entry: Entry,
    ) -> Result<Self, Reason> {
        let at = window.address.wrapping_add(site.start as u64);
        let code = window.code.get(site.start..).ok_or(Reason::Window)?;
        Self::new(window, site.start, area, true, |slot| {
            slot::instead_of_syscall(slot, at, code, site, entry)
        })
    }

    fn new(
        window: Window<'_>,
        start: usize,
        area: &mut Trampolines,
        interior: bool,
        build: impl FnOnce(u64) -> Result<SlotBytes, Reason>,
    ) -> Result<Self, Reason> {
        let old =
            window.code.get(start..).and_then(|rest| rest.first_chunk()).copied().ok_or(Reason::Window)?;
        let site = window.address.wrapping_add(start as u64);
        let end = site.wrapping_add(JUMP_LENGTH as u64);
        let slot = area.reserve(end, interior).ok_or(Reason::Full)?;
        let made = build(slot).and_then(|bytes| Ok((bytes, jump(end, slot).ok_or(Reason::Reach)?)));
        match made {
            Ok((trampoline, new)) => Ok(Self { site, old, new, slot, trampoline }),
            Err(reason) => {
                area.release(slot);
                Err(reason)
            }
        }
    }

    /// Makes this change in `code`, a copy of the program's bytes at `address`; `false`, and nothing changed, when
    /// they are not the expected ones.
    #[must_use]
    pub fn apply(&self, address: u64, code: &mut [u8]) -> bool {
        let start = usize::try_from(self.site.wrapping_sub(address)).ok();
        let place = start.and_then(|start| code.get_mut(start..)?.first_chunk_mut::<JUMP_LENGTH>());
        let Some(place) = place.filter(|place| **place == self.old) else { return false };
        *place = self.new;
        true
    }
}

/// Patches the `syscall` at `syscall_at` in `window`. The change must become visible all at once: in a page that is not
/// mapped yet, or that no thread can run meanwhile (the kernel then stops every thread that is in it, between two
/// instructions). `rax` as for [`crate::classify`]. Write the slot, then the site.
///
/// # Errors
/// Why neither pattern serves. The area is unchanged then.
pub fn patch(
    window: Window<'_>,
    syscall_at: usize,
    rax: Option<u64>,
    area: &mut Trampolines,
    entry: Entry,
) -> Result<Patch, Reason> {
    let first = mov_immediate(window.code, syscall_at, rax)
        .and_then(|site| Patch::instead_of_mov(window, &site, area, entry));
    first.or_else(|first| {
        let second = following(window.code, syscall_at, Targets::Unknown)
            .and_then(|site| Patch::instead_of_syscall(window, &site, area, entry));
        // Where the `mov` is there, what kept it from being patched says more.
        let is_found = matches!(first, Reason::Full | Reason::Reach);
        second.map_err(|second| if is_found { first } else { second })
    })
}

/// The jump that ends at `end` and leads to `to`.
fn jump(end: u64, to: u64) -> Option<[u8; JUMP_LENGTH]> {
    let [a, b, c, d] = displacement(end, to)?.to_le_bytes();
    Some([0xe9, a, b, c, d])
}

/// Where the `jmp rel32` at `site` leads; `None` when `bytes` are another instruction.
pub(crate) fn jump_target(site: u64, bytes: [u8; JUMP_LENGTH]) -> Option<u64> {
    let [0xe9, a, b, c, d] = bytes else { return None };
    Some(target(site.wrapping_add(JUMP_LENGTH as u64), i32::from_le_bytes([a, b, c, d])))
}
