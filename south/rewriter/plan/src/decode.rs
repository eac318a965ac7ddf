//! Decoding from known boundaries: which bytes start instructions, and which of them jumps arrive at.

use crate::Error;
use crate::bits::Bits;
use crate::program::{Program, Segment, push};
use alloc::vec::Vec;
use iced_x86::{Code, Decoder, DecoderOptions, Instruction, Mnemonic};

/// Bytes of `0f 05`.
const SYSCALL_LENGTH: usize = 2;

/// One segment, decoded.
pub(crate) struct Decoded<'a> {
    pub(crate) segment: &'a Segment<'a>,
    /// First bytes of instructions.
    first: Bits,
    /// Their other bytes.
    rest: Bits,
    /// What a direct jump or call, or a rip-relative `lea`, names.
    targets: Bits,
    /// Offsets of `syscall` instructions, sorted.
    pub(crate) syscalls: Vec<usize>,
    /// Offsets of indirect jumps, sorted.
    indirect: Vec<usize>,
    /// Offsets of function starts, sorted.
    functions: Vec<usize>,
}

impl<'a> Decoded<'a> {
    fn new(segment: &'a Segment<'a>) -> Result<Self, Error> {
        let limit = segment.code.len();
        Ok(Self {
            segment,
            first: Bits::new(limit)?,
            rest: Bits::new(limit)?,
            targets: Bits::new(limit)?,
            syscalls: Vec::new(),
            indirect: Vec::new(),
            functions: Vec::new(),
        })
    }

    fn offset(&self, address: u64) -> Option<usize> {
        let offset = usize::try_from(address.checked_sub(self.segment.address)?).ok()?;
        (offset < self.segment.code.len()).then_some(offset)
    }

    fn decoder(&self, offset: usize) -> Decoder<'a> {
        let code = self.segment.code.get(offset..).unwrap_or_default();
        let address = self.segment.address.wrapping_add(offset as u64);
        Decoder::with_ip(64, code, address, DecoderOptions::NONE)
    }

    /// Whether an instruction and nothing else starts at `offset`.
    pub(crate) fn is_boundary(&self, offset: usize) -> bool {
        self.first.has(offset) && !self.rest.has(offset)
    }

    /// Whether an instruction starts at `offset`, be it inside another one.
    pub(crate) fn is_first(&self, offset: usize) -> bool {
        self.first.has(offset)
    }

    /// Whether a jump is known to arrive after the first of the `length` bytes at `start`.
    pub(crate) fn has_target_inside(&self, start: usize, length: usize) -> bool {
        let end = start.saturating_add(length);
        (start.saturating_add(1)..end).any(|offset| self.targets.has(offset))
    }

    /// Whether the function that holds `offset` jumps through a register or a table.
    pub(crate) fn has_indirect_jump(&self, offset: usize) -> bool {
        let after = self.functions.partition_point(|&start| start <= offset);
        let start = after.checked_sub(1).and_then(|index| self.functions.get(index)).copied().unwrap_or(0);
        let end = self.functions.get(after).copied().unwrap_or(usize::MAX);
        let first = self.indirect.partition_point(|&jump| jump < start);
        self.indirect.get(first).is_some_and(|&jump| jump < end)
    }

    /// Whether decoding from `start` comes to exactly `end`.
    fn decodes(&self, start: usize, end: usize) -> bool {
        let mut decoder = self.decoder(start);
        let mut instruction = Instruction::default();
        let length = end.saturating_sub(start);
        while decoder.position() < length {
            decoder.decode_out(&mut instruction);
            if instruction.is_invalid() {
                return false;
            }
        }
        decoder.position() == length
    }

    /// Records the instruction at `offset`, and its target in `jumps` (an address).
    fn record(
        &mut self,
        offset: usize,
        instruction: &Instruction,
        jumps: &mut Vec<u64>,
    ) -> Result<(), Error> {
        let is_new = self.first.add(offset);
        for rest in 1..instruction.len() {
            self.rest.add(offset.saturating_add(rest));
        }
        if !is_new {
            return Ok(());
        }
        match instruction.mnemonic() {
            // Behind the prefixes, if it has any: what counts is where `0f 05` stands.
            Mnemonic::Syscall => {
                let prefixes = instruction.len().saturating_sub(SYSCALL_LENGTH);
                push(&mut self.syscalls, offset.saturating_add(prefixes))?;
            }
            Mnemonic::Jmp if instruction.near_branch_target() == 0 => push(&mut self.indirect, offset)?,
            Mnemonic::Lea if instruction.is_ip_rel_memory_operand() => {
                if let Some(target) = self.offset(instruction.ip_rel_memory_address()) {
                    self.targets.add(target);
                }
            }
            _ => {}
        }
        let target = instruction.near_branch_target();
        if target != 0 {
            push(jumps, target)?;
            if let (Mnemonic::Call, Some(function)) = (instruction.mnemonic(), self.offset(target)) {
                push(&mut self.functions, function)?;
            }
        }
        Ok(())
    }

    /// Decodes a function of known length from end to end; not at all unless it decodes cleanly.
    fn sweep(&mut self, start: usize, end: usize, jumps: &mut Vec<u64>) -> Result<(), Error> {
        if !self.decodes(start, end) {
            return Ok(());
        }
        let mut decoder = self.decoder(start);
        let mut instruction = Instruction::default();
        while start.saturating_add(decoder.position()) < end {
            let offset = start.saturating_add(decoder.position());
            decoder.decode_out(&mut instruction);
            self.record(offset, &instruction, jumps)?;
        }
        Ok(())
    }

    /// Decodes from `start` until control flow ends or joins what is decoded already.
    fn follow(&mut self, start: usize, jumps: &mut Vec<u64>) -> Result<(), Error> {
        let mut decoder = self.decoder(start);
        let mut instruction = Instruction::default();
        while decoder.can_decode() {
            let offset = start.saturating_add(decoder.position());
            if self.first.has(offset) {
                break;
            }
            decoder.decode_out(&mut instruction);
            if instruction.is_invalid() {
                break;
            }
            self.record(offset, &instruction, jumps)?;
            if ends_flow(&instruction) {
                break;
            }
        }
        Ok(())
    }

    fn sort(&mut self) {
        for list in [&mut self.syscalls, &mut self.indirect, &mut self.functions] {
            list.sort_unstable();
            list.dedup();
        }
    }
}

fn ends_flow(instruction: &Instruction) -> bool {
    use Mnemonic::{Hlt, Int3, Iretq, Jmp, Ret, Retf, Ud0, Ud1, Ud2};
    matches!(instruction.mnemonic(), Jmp | Ret | Retf | Iretq | Ud0 | Ud1 | Ud2 | Int3 | Hlt)
        || instruction.code() == Code::INVALID
}

/// Decodes every segment of `program`.
pub(crate) fn decode<'a>(program: &'a Program<'a>) -> Result<Vec<Decoded<'a>>, Error> {
    let mut segments = Vec::new();
    for segment in &program.segments {
        push(&mut segments, Decoded::new(segment)?)?;
    }
    let mut jumps = Vec::new();
    for segment in &mut segments {
        let mut swept = 0;
        for start in &program.starts {
            let Some(offset) = segment.offset(start.address) else { continue };
            push(&mut segment.functions, offset)?;
            push(&mut jumps, start.address)?;
            let end = usize::try_from(start.length).map_or(0, |length| offset.saturating_add(length));
            // Nested and overlapping functions are followed, not swept: the work stays linear.
            if offset >= swept && end > offset && end <= segment.segment.code.len() {
                segment.sweep(offset, end, &mut jumps)?;
                swept = end;
            }
        }
    }
    while let Some(address) = jumps.pop() {
        for segment in &mut segments {
            if let Some(offset) = segment.offset(address) {
                segment.targets.add(offset);
                segment.follow(offset, &mut jumps)?;
            }
        }
    }
    segments.iter_mut().for_each(Decoded::sort);
    Ok(segments)
}
