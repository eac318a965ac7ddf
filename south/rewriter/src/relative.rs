//! Distances between addresses, as x86-64 encodes them.

/// The 32-bit displacement that leads from `end` (the address after an instruction) to `target`, or `None`
/// when they are 2 GiB or more apart.
pub(crate) fn displacement(end: u64, target: u64) -> Option<i32> {
    i32::try_from(target.wrapping_sub(end).cast_signed()).ok()
}

/// The address that `displacement` leads to from `end` (the address after an instruction).
pub(crate) fn target(end: u64, displacement: i32) -> u64 {
    end.wrapping_add_signed(i64::from(displacement))
}

/// The four bytes at `at`.
pub(crate) fn four_bytes(code: &[u8], at: usize) -> Option<[u8; 4]> {
    code.get(at..)?.first_chunk().copied()
}
