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

/// One aligned 8-byte write that makes the whole change: a compare-and-exchange from `old` to `new`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Store {
    /// A multiple of eight.
    pub address: u64,
    /// The eight bytes that must stand there.
    pub old: [u8; 8],
    /// The eight bytes to write.
    pub new: [u8; 8],
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

    /// The aligned write that makes this change, in memory that `window` shows; `None` when it crosses an 8-byte
    /// boundary or leaves the window.
    #[must_use]
    pub fn store(&self, window: Window<'_>) -> Option<Store> {
        let within = usize::try_from(self.site & 7).ok()?;
        let address = self.site & !7;
        let start = usize::try_from(address.checked_sub(window.address)?).ok()?;
        let old: [u8; 8] = *window.code.get(start..)?.first_chunk()?;
        let mut new = old;
        let place = new.get_mut(within..)?.first_chunk_mut::<JUMP_LENGTH>()?;
        if *place != self.old {
            return None;
        }
        *place = self.new;
        Some(Store { address, old, new })
    }
}

/// Patches the `syscall` at `syscall_at` in `window`, for a change that becomes visible all at once: a page that is
/// patched before it is mapped, or a patched copy that replaces the page under a running program (the kernel then
/// stops every thread that uses the mapping, between two instructions). `rax` as for [`crate::classify`].
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
    first_that(window, syscall_at, rax, area, entry, Ok)
}

/// Patches the `syscall` at `syscall_at` in `window`, which trapped with `rax`, in place in a program that is
/// running: by whichever pattern has its five bytes in one aligned eight. Where the `mov` has not, the `syscall`
/// may. Write the slot, then the store.
///
/// # Errors
/// Why neither pattern serves, `Crosses` above all. The area is unchanged then.
pub fn live(
    window: Window<'_>,
    syscall_at: usize,
    rax: u64,
    area: &mut Trampolines,
    entry: Entry,
) -> Result<(Patch, Store), Reason> {
    let stored = |patch: Patch| patch.store(window).map(|store| (patch, store)).ok_or(Reason::Crosses);
    first_that(window, syscall_at, Some(rax), area, entry, stored)
}

/// What `accept` makes of the first patch that it accepts.
fn first_that<T>(
    window: Window<'_>,
    syscall_at: usize,
    rax: Option<u64>,
    area: &mut Trampolines,
    entry: Entry,
    accept: impl Fn(Patch) -> Result<T, Reason>,
) -> Result<T, Reason> {
    let keep = |patch: Result<Patch, Reason>, area: &mut Trampolines| {
        let patch = patch?;
        let slot = patch.slot;
        accept(patch).inspect_err(|_| area.release(slot))
    };
    let first = mov_immediate(window.code, syscall_at, rax)
        .and_then(|site| keep(Patch::instead_of_mov(window, &site, area, entry), area));
    first.or_else(|first| {
        let second = following(window.code, syscall_at, Targets::Unknown)
            .and_then(|site| keep(Patch::instead_of_syscall(window, &site, area, entry), area));
        // Where the `mov` is there, what kept it from being patched says more.
        let is_found = matches!(first, Reason::Crosses | Reason::Full | Reason::Reach);
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
