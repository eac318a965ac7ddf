//! Where trampolines lie.
//!
//! One area belongs to one executable mapping and lies within 2 GiB of all of it. It holds slots of a fixed
//! size, so any address inside leads to its slot. The struct is plain data without pointers: it may lie in
//! shared memory, be copied at fork, and outlive the process that made it.

use crate::relative::displacement;
use crate::{Original, SLOT_SIZE, Slot, SlotBytes};

/// Size in bytes of the address range an area should cover.
///
/// A patch of a `syscall` needs a slot in one of 14 windows of 256 bytes in every 64 KiB (those that make the jump's
/// third byte an invalid opcode), so a smaller area leaves some sites without a slot.
pub const AREA_SIZE: u64 = 0x1_0000;

const SLOT: u64 = SLOT_SIZE as u64;
const WORDS: usize = 16;
const _: () = assert!(WORDS as u64 * 64 * SLOT == AREA_SIZE);

/// Opcode bytes that raise an invalid-opcode exception in 64-bit mode, whatever follows them: pushes and pops of
/// segment registers, BCD adjustments, `pusha`, `popa`, `into` (Intel SDM volume 2, opcode map, "i64").
const TRAPPING: [u8; 14] =
    [0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0xce];

/// The slots of one area, used and free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trampolines {
    base: u64,
    slots: u64,
    used: [u64; WORDS],
}

impl Trampolines {
    /// An empty area of `size` bytes at `base`; what exceeds [`AREA_SIZE`] is not used. `None` unless `base` is a
    /// multiple of [`SLOT_SIZE`], at least one slot fits, and the area ends below the top of the address space.
    #[must_use]
    pub fn new(base: u64, size: u64) -> Option<Self> {
        let slots = size.min(AREA_SIZE).checked_div(SLOT)?;
        base.checked_add(AREA_SIZE)?;
        (base.is_multiple_of(SLOT) && slots > 0).then_some(Self { base, slots, used: [0; WORDS] })
    }

    /// Where the area starts.
    #[must_use]
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Takes the lowest free slot that a jump from before `jump_end` reaches, in a page with other used slots if there is
    /// one. With `interior` set, the slot is such that the jump's third byte, where the instruction after the `syscall`
    /// stood, is an invalid opcode.
    pub(crate) fn reserve(&mut self, jump_end: u64, interior: bool) -> Option<u64> {
        let fits = |&(_, address): &(u64, u64)| {
            displacement(jump_end, address).is_some_and(|distance| {
                let [_, second, ..] = distance.to_le_bytes();
                !interior || TRAPPING.contains(&second)
            })
        };
        let free = |index: u64| if self.is_used(index) { None } else { Some((index, self.address(index)?)) };
        let is_begun = |index: &u64| self.used_word(*index) != Some(0);
        let begun = (0..self.slots).filter(is_begun).filter_map(free).find(fits);
        let (index, address) = begun.or_else(|| (0..self.slots).filter_map(free).find(fits))?;
        *self.word(index)? |= bit(index);
        Some(address)
    }

    /// Gives a slot back, because its patch was not stored. A slot whose patch was ever visible must not be given
    /// back: a thread may be in it.
    pub fn release(&mut self, slot: u64) {
        let Some(index) = slot.checked_sub(self.base).and_then(|offset| offset.checked_div(SLOT)) else {
            return;
        };
        if let Some(word) = self.word(index) {
            *word &= !bit(index);
        }
    }

    /// The address of the used slot that holds `rip`.
    #[must_use]
    pub fn slot_at(&self, rip: u64) -> Option<u64> {
        let index = rip.checked_sub(self.base)?.checked_div(SLOT)?;
        if index < self.slots && self.is_used(index) { self.address(index) } else { None }
    }

    /// The state a program would be in without the patch, for a thread stopped at `rip`; `None` when `rip` is in
    /// no trampoline. `read` copies program memory and tells whether it could.
    pub fn original(&self, rip: u64, mut read: impl FnMut(u64, &mut [u8]) -> bool) -> Option<Original> {
        self.slot(self.slot_at(rip)?, &mut read)?.original(rip)
    }

    /// Where a thread goes on that is to run from `rip`, when `rip` is inside the replaced bytes of a site: it was
    /// interrupted there before the patch, or jumps there (an invalid-opcode exception then reports it). `None`
    /// when `rip` is in no replaced bytes of this area.
    pub fn resume(&self, rip: u64, mut read: impl FnMut(u64, &mut [u8]) -> bool) -> Option<u64> {
        (2..=4).find_map(|distance| {
            let site = rip.checked_sub(distance)?;
            let mut jump = [0; crate::JUMP_LENGTH];
            if !read(site, &mut jump) {
                return None;
            }
            let target = crate::patch::jump_target(site, jump)?;
            let slot = self.slot_at(target).filter(|&slot| slot == target)?;
            self.slot(slot, &mut read).filter(|slot| slot.site() == site)?.resume(rip)
        })
    }

    fn slot(&self, address: u64, read: &mut impl FnMut(u64, &mut [u8]) -> bool) -> Option<Slot> {
        let mut bytes: SlotBytes = [0; SLOT_SIZE];
        if read(address, &mut bytes) { Slot::decode(address, &bytes) } else { None }
    }

    fn address(&self, index: u64) -> Option<u64> {
        self.base.checked_add(index.checked_mul(SLOT)?)
    }

    fn is_used(&self, index: u64) -> bool {
        self.used_word(index).is_none_or(|word| word & bit(index) != 0)
    }

    /// The used slots of the page with the slot: 64 slots of 64 bytes.
    fn used_word(&self, index: u64) -> Option<u64> {
        usize::try_from(index >> 6).ok().and_then(|word| self.used.get(word)).copied()
    }

    fn word(&mut self, index: u64) -> Option<&mut u64> {
        self.used.get_mut(usize::try_from(index >> 6).ok()?)
    }
}

fn bit(index: u64) -> u64 {
    1 << (index & 63)
}
