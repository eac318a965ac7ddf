//! The code and bookkeeping of one trampoline.
//!
//! Layout of a slot, offsets in bytes. Instead of a `mov`:
//!
//! ```text
//!  0  mov  $number, %eax
//!  5  lea  AFTER(%rip), %rcx      AFTER: the address after the syscall
//! 12  jmp  *%gs:ENTRY
//! ```
//!
//! Instead of a `syscall` and what follows it:
//!
//! ```text
//!  0  lea  15(%rip), %rcx         the return address is inside the slot
//!  7  jmp  *%gs:ENTRY
//! 15  lea  AFTER(%rip), %rcx      rcx as the program expects it
//! 22  the moved instructions
//!  ?  jmp  back                   unless they end in a jump or return
//! ```
//!
//! None of it touches the stack, a flag, or a register that `syscall` keeps. The last twelve bytes are never
//! executed: they say which site the slot serves and where its moved instructions came from, so that the slot
//! alone tells what an instruction pointer in it means.

use crate::relative::{displacement, four_bytes, target};
use crate::site::SYSCALL_LENGTH;
use crate::{Copied, Following, Form, JUMP_LENGTH, MovImmediate, Reason};

/// Size in bytes of a slot: one cache line.
pub const SLOT_SIZE: usize = 64;

/// The bytes of a slot.
pub type SlotBytes = [u8; SLOT_SIZE];

/// Where the bookkeeping starts: site (4, relative), kind, length, three pairs of offsets.
const RECORD: usize = 52;
const MOV: u8 = 1;
const SYSCALL: u8 = 2;

/// Where a call returns to in a slot that replaces a `syscall`.
const RETURN: u8 = 15;
/// Where its moved instructions start.
const MOVED: u8 = 22;

const LEA_RCX: [u8; 3] = [0x48, 0x8d, 0x0d];
const JMP_GS: [u8; 4] = [0x65, 0xff, 0x24, 0x25];
const INT3: u8 = 0xcc;

/// Where the trampolines find the common entry: the offset, from the GS base, of an 8-byte word that holds its
/// address.
///
/// The entry is jumped to, not called, with rcx = the address to return to and every other register, the flags
/// and the stack as the program left them. It may overwrite r11, as a `syscall` does (it puts the flags there),
/// and returns by jumping to the address in rcx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry(i32);

impl Entry {
    /// The entry whose address is at `gs_offset`; `None` above 2 GiB, which the encoding cannot express.
    #[must_use]
    pub fn new(gs_offset: u32) -> Option<Self> {
        i32::try_from(gs_offset).ok().map(Self)
    }
}

/// A state of the unpatched program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original {
    /// The instruction pointer.
    pub rip: u64,
    /// What rcx must hold there, where the trampoline holds something else.
    pub rcx: Option<u64>,
}

/// What a slot is for, read from its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    address: u64,
    site: u64,
    kind: u8,
    length: u8,
    /// Per moved instruction, its distance from the site and from the slot; zeros when there is none.
    moved: [(u8, u8); 3],
}

impl Slot {
    /// Reads the slot at `address`; `None` when the bytes are not those of a slot. The program can overwrite its
    /// trampolines, so what is read is no more trusted than the program.
    #[must_use]
    pub fn decode(address: u64, bytes: &SlotBytes) -> Option<Self> {
        let (_, record) = bytes.split_at_checked(RECORD)?;
        let [_, _, _, _, kind, length, a, b, c, d, e, f] = *record else { return None };
        let site = target(address, i32::from_le_bytes(four_bytes(record, 0)?));
        matches!(kind, MOV | SYSCALL).then_some(())?;
        Some(Self { address, site, kind, length, moved: [(a, b), (c, d), (e, f)] })
    }

    /// The address of the first replaced byte.
    #[must_use]
    pub fn site(&self) -> u64 {
        self.site
    }

    /// What `rip`, an instruction pointer in this slot, means in the unpatched program.
    #[must_use]
    pub fn original(&self, rip: u64) -> Option<Original> {
        let offset = u8::try_from(rip.checked_sub(self.address)?).ok()?;
        if usize::from(offset) >= RECORD {
            return None;
        }
        let at = |distance: u8| Original { rip: self.site.wrapping_add(u64::from(distance)), rcx: None };
        if self.kind == MOV {
            // From the `lea` on, the number is loaded and rcx is the only difference; `syscall` overwrites it.
            return Some(at(if offset == 0 { 0 } else { JUMP_LENGTH as u8 }));
        }
        if offset < RETURN {
            return Some(at(0));
        }
        let after = at(SYSCALL_LENGTH as u8);
        if offset == RETURN {
            return Some(Original { rcx: Some(after.rip), ..after });
        }
        let moved = self.moved.iter().find(|&&(_, slot)| slot == offset && slot != 0);
        Some(at(moved.map_or(self.length, |&(site, _)| site)))
    }

    /// Where to go on instead of at `rip`, inside the replaced bytes; `None` for other addresses.
    #[must_use]
    pub fn resume(&self, rip: u64) -> Option<u64> {
        let distance = u8::try_from(rip.checked_sub(self.site)?).ok()?;
        let &(_, offset) = self.moved.iter().find(|&&(site, slot)| slot != 0 && site == distance)?;
        self.address.checked_add(u64::from(offset))
    }
}

/// The slot at `address` for a `mov` whose `syscall` ends at `after`.
pub(crate) fn instead_of_mov(
    address: u64,
    after: u64,
    site: &MovImmediate,
    entry: Entry,
) -> Result<SlotBytes, Reason> {
    let mut code = Writer::new(address);
    code.put(&[0xb8]).put(&site.number.to_le_bytes());
    code.lea_rcx(after)?.put(&JMP_GS).put(&entry.0.to_le_bytes());
    let start = after.wrapping_sub((JUMP_LENGTH + SYSCALL_LENGTH) as u64);
    code.finish(start, MOV, JUMP_LENGTH as u8, [(0, 0); 3])
}

/// The slot at `address` for the `syscall` at `at` and what follows it; `code` starts with the `syscall`.
pub(crate) fn instead_of_syscall(
    address: u64,
    at: u64,
    code: &[u8],
    site: &Following,
    entry: Entry,
) -> Result<SlotBytes, Reason> {
    let mut out = Writer::new(address);
    out.lea_rcx(address.wrapping_add(u64::from(RETURN)))?.put(&JMP_GS).put(&entry.0.to_le_bytes());
    out.lea_rcx(at.wrapping_add(SYSCALL_LENGTH as u64))?;
    let mut moved = [(0, 0); 3];
    let mut flows = true;
    for (copied, place) in site.copied.iter().flatten().zip(&mut moved) {
        *place = (copied.offset, u8::try_from(out.at).map_err(|_| Reason::Instruction)?);
        out.instruction(at, code, copied)?;
        flows = !copied.instruction.form.ends_flow();
    }
    if flows {
        out.put(&[0xe9]).relative(at.wrapping_add(u64::from(site.length)))?;
    }
    debug_assert!(moved.first().is_some_and(|&(_, offset)| offset == MOVED), "the header has a fixed length");
    out.finish(at, SYSCALL, site.length, moved)
}

/// Writes a slot's code from its start.
struct Writer {
    address: u64,
    bytes: SlotBytes,
    at: usize,
}

impl Writer {
    fn new(address: u64) -> Self {
        Self { address, bytes: [INT3; SLOT_SIZE], at: 0 }
    }

    /// Appends `code`. What does not fit is noticed by `finish`.
    fn put(&mut self, code: &[u8]) -> &mut Self {
        for (place, byte) in self.bytes.iter_mut().skip(self.at).zip(code) {
            *place = *byte;
        }
        self.at = self.at.saturating_add(code.len());
        self
    }

    /// Appends the displacement that ends an instruction and leads to `to`.
    fn relative(&mut self, to: u64) -> Result<&mut Self, Reason> {
        let end = self.here().wrapping_add(4);
        let distance = displacement(end, to).ok_or(Reason::Reach)?;
        Ok(self.put(&distance.to_le_bytes()))
    }

    fn lea_rcx(&mut self, to: u64) -> Result<&mut Self, Reason> {
        self.put(&LEA_RCX).relative(to)
    }

    fn here(&self) -> u64 {
        self.address.wrapping_add(self.at as u64)
    }

    /// Appends the instruction that stood `copied.offset` bytes after `at`, where `code` starts.
    fn instruction(&mut self, at: u64, code: &[u8], copied: &Copied) -> Result<(), Reason> {
        let start = usize::from(copied.offset);
        let length = copied.instruction.length;
        let bytes =
            code.get(start..).and_then(|rest| rest.get(..usize::from(length))).ok_or(Reason::Window)?;
        let end = at.wrapping_add(u64::from(copied.offset)).wrapping_add(u64::from(length));
        match copied.instruction.form {
            Form::Plain | Form::Nop | Form::Return => drop(self.put(bytes)),
            Form::Branch { condition, displacement } => {
                self.put(&[0x0f, 0x80 | condition]).relative(target(end, displacement))?;
            }
            Form::Jump { displacement } => drop(self.put(&[0xe9]).relative(target(end, displacement))?),
            Form::RipRelative { displacement_at } => {
                let field = usize::from(displacement_at);
                let old = i32::from_le_bytes(four_bytes(bytes, field).ok_or(Reason::Window)?);
                let new_end = self.here().wrapping_add(u64::from(length));
                let new = displacement(new_end, target(end, old)).ok_or(Reason::Reach)?;
                self.put(bytes.get(..field).unwrap_or_default()).put(&new.to_le_bytes());
                self.put(bytes.get(field.saturating_add(4)..).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Adds the bookkeeping.
    fn finish(mut self, site: u64, kind: u8, length: u8, moved: [(u8, u8); 3]) -> Result<SlotBytes, Reason> {
        if self.at > RECORD {
            return Err(Reason::Instruction);
        }
        let distance = displacement(self.address, site).ok_or(Reason::Reach)?;
        self.at = RECORD;
        self.put(&distance.to_le_bytes()).put(&[kind, length]);
        for (from, to) in moved {
            self.put(&[from, to]);
        }
        Ok(self.bytes)
    }
}
