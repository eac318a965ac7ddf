//! The body of a fuzz target over everything here that reads bytes.

use crate::relative::four_bytes;
use crate::{
    Entry, Patch, SLOT_SIZE, Slot, SlotBytes, Targets, Trampolines, Window, classify, following,
    mov_immediate, patch,
};

/// Reads, patches and reads back the site that `data` describes.
///
/// Bytes 0-7 are the address of the code, 8-11 the distance of the trampolines, 12-15 rax, 16 where the `syscall`
/// is; the rest is the code.
///
/// # Panics
/// When a patch does not lead back to its site: a bug of this crate.
pub fn fuzz_patch(data: &[u8]) {
    let Some((head, code)) = data.split_first_chunk::<17>() else { return };
    let [a, b, c, d, e, f, g, h, .., at] = *head;
    let address = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let field = |at| four_bytes(head, at).map_or(0, u32::from_le_bytes);
    let distance = i64::from(field(8).cast_signed());
    let window = Window { address, code };
    let Some(entry) = Entry::new(field(12)) else { return };
    let Some(mut area) = Trampolines::new(address.wrapping_add_signed(distance) & !63, crate::AREA_SIZE)
    else {
        return;
    };
    let _ = classify(code, at.into(), None);
    if let Ok(patch) = patch(window, at.into(), Some(field(12).into()), &mut area, entry) {
        check(&patch, &area);
    }
    if let Ok(site) = following(code, at.into(), Targets::Absent)
        && let Ok(patch) = Patch::instead_of_syscall(window, &site, &mut area, entry)
    {
        check(&patch, &area);
    }
    if let Ok(site) = mov_immediate(code, at.into(), None)
        && let Ok(patch) = Patch::instead_of_mov(window, &site, &mut area, entry)
    {
        check(&patch, &area);
    }
    if let Some(bytes) = code.first_chunk::<SLOT_SIZE>() {
        hostile_slot(address, bytes);
    }
}

/// Every address of the trampoline means an address at the site, and every resumption comes back to where it was.
fn check(patch: &Patch, area: &Trampolines) {
    let read = |address: u64, out: &mut [u8]| {
        let from = |base: u64, bytes: &[u8], out: &mut [u8]| {
            let start = usize::try_from(address.wrapping_sub(base)).ok();
            let found = start.and_then(|start| bytes.get(start..)?.get(..out.len()));
            found.map(|found| out.copy_from_slice(found)).is_some()
        };
        from(patch.site, &patch.new, out) || from(patch.slot, &patch.trampoline, out)
    };
    for rip in patch.slot..patch.slot.saturating_add(52) {
        let original = area.original(rip, read);
        let distance = original.map(|original| original.rip.wrapping_sub(patch.site));
        assert!(distance.is_some_and(|distance| distance <= 32), "a trampoline address means nothing");
    }
    for rip in patch.site..patch.site.saturating_add(5) {
        if let Some(resumed) = area.resume(rip, read) {
            assert_eq!(
                area.original(resumed, read).map(|original| original.rip),
                Some(rip),
                "resumed elsewhere"
            );
        }
    }
}

/// A program may write anything into its own trampolines.
fn hostile_slot(address: u64, bytes: &SlotBytes) {
    let Some(slot) = Slot::decode(address, bytes) else { return };
    for offset in 0..=SLOT_SIZE as u64 {
        let _ = slot.original(address.wrapping_add(offset));
        let _ = slot.resume(slot.site().wrapping_add(offset));
    }
}
