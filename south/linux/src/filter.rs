//! The filter: the seccomp program that the rows of [`crate::calls`] say.
//!
//! It admits a host call if it comes from the gate and matches a row, and traps everything else: a trap is how a
//! guest's system call reaches the library OS, and how an attempt to reach past it ends.

use crate::calls::{Condition, HostCall, Relation};

/// One BPF instruction: `struct sock_filter`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instruction {
    /// Operation.
    pub code: u16,
    /// Instructions to skip if a comparison holds.
    pub if_true: u8,
    /// Instructions to skip if it does not.
    pub if_false: u8,
    /// Operand.
    pub operand: u32,
}

/// Longest program that the kernel takes is 4096; ours fits a fixed array.
pub const CAPACITY: usize = 512;

/// A program under construction.
pub struct Program {
    instructions: [Instruction; CAPACITY],
    length: usize,
}

/// Why a table cannot be made into a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// More instructions than [`CAPACITY`].
    TooLong,
    /// A jump that BPF's eight bits cannot hold.
    JumpTooFar,
}

const LOAD: u16 = 0x20;
const AND: u16 = 0x54;
const JUMP_EQUAL: u16 = 0x15;
const JUMP_GREATER: u16 = 0x25;
const RETURN: u16 = 0x06;

const ALLOW: u32 = 0x7fff_0000;
const TRAP: u32 = 0x0003_0000;

/// Offsets in `struct seccomp_data` (`seccomp(2)`).
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const POINTER_LOW: u32 = 8;
const POINTER_HIGH: u32 = 12;
const ARGUMENTS: u32 = 16;

/// `AUDIT_ARCH_X86_64`.
const X86_64: u32 = 0xc000_003e;

impl Program {
    /// The program that admits `calls` from instructions that end in `(gate, gate + size]`.
    ///
    /// # Errors
    /// A table too long for the program's bounds.
    pub fn new(calls: &[HostCall], gate: usize, size: usize) -> Result<Self, FilterError> {
        let mut program = Self { instructions: [Instruction::default(); CAPACITY], length: 0 };
        program.check_caller(gate, size)?;
        program.push(LOAD, 0, 0, NUMBER)?;
        for call in calls {
            program.push_call(call)?;
        }
        program.push(RETURN, 0, 0, TRAP)?;
        Ok(program)
    }

    /// The instructions.
    pub fn instructions(&self) -> &[Instruction] {
        self.instructions.get(..self.length).unwrap_or_default()
    }

    /// Trap unless the architecture is ours and the instruction pointer, which seccomp sees after the
    /// instruction, is the gate's.
    fn check_caller(&mut self, gate: usize, size: usize) -> Result<(), FilterError> {
        let (high, low) = halves(gate as u64);
        let (_, last) = halves((gate + size) as u64);
        self.push(LOAD, 0, 0, ARCHITECTURE)?;
        self.push(JUMP_EQUAL, 1, 0, X86_64)?;
        self.push(RETURN, 0, 0, TRAP)?;
        self.push(LOAD, 0, 0, POINTER_HIGH)?;
        self.push(JUMP_EQUAL, 1, 0, high)?;
        self.push(RETURN, 0, 0, TRAP)?;
        self.push(LOAD, 0, 0, POINTER_LOW)?;
        self.push(JUMP_GREATER, 1, 0, low)?;
        self.push(RETURN, 0, 0, TRAP)?;
        self.push(JUMP_GREATER, 0, 1, last)?;
        self.push(RETURN, 0, 0, TRAP)
    }

    /// On entry the number is loaded; it still is when control falls through to the next row.
    fn push_call(&mut self, call: &HostCall) -> Result<(), FilterError> {
        if call.rules.is_empty() {
            self.push(JUMP_EQUAL, 0, 1, call.number)?;
            return self.push(RETURN, 0, 0, ALLOW);
        }
        let start = self.length;
        self.push(JUMP_EQUAL, 0, 0, call.number)?;
        for rule in call.rules {
            self.push_rule(rule)?;
        }
        self.push(RETURN, 0, 0, TRAP)?;
        let skipped = jump(self.length - start - 1)?;
        if let Some(instruction) = self.instructions.get_mut(start) {
            instruction.if_false = skipped;
        }
        Ok(())
    }

    /// Allow if every condition holds; else fall through.
    fn push_rule(&mut self, rule: &[Condition]) -> Result<(), FilterError> {
        let mut left: usize = rule.iter().map(length).sum();
        for condition in rule {
            left -= length(condition);
            self.push_condition(condition, left + 1)?;
        }
        self.push(RETURN, 0, 0, ALLOW)
    }

    /// Go on if the condition holds, else skip `otherwise` instructions beyond its own.
    fn push_condition(&mut self, condition: &Condition, otherwise: usize) -> Result<(), FilterError> {
        let (mask_high, mask_low) = halves(condition.mask);
        let (value_high, value_low) = halves(condition.value);
        let at = ARGUMENTS + 8 * u32::from(condition.argument);
        let halves = [(at, mask_low, value_low), (at + 4, mask_high, value_high)];
        let mut left = length(condition);
        for (offset, mask, value) in halves {
            if mask == 0 {
                continue;
            }
            self.push(LOAD, 0, 0, offset)?;
            self.push(AND, 0, 0, mask)?;
            left -= 3;
            match condition.relation {
                Relation::Equal => self.push(JUMP_EQUAL, 0, jump(left + otherwise)?, value)?,
                // One differing half is enough; the last half that is equal fails the condition.
                Relation::Differs if left > 0 => self.push(JUMP_EQUAL, 0, jump(left)?, value)?,
                Relation::Differs => self.push(JUMP_EQUAL, jump(otherwise)?, 0, value)?,
            }
        }
        Ok(())
    }

    fn push(&mut self, code: u16, if_true: u8, if_false: u8, operand: u32) -> Result<(), FilterError> {
        let slot = self.instructions.get_mut(self.length).ok_or(FilterError::TooLong)?;
        *slot = Instruction { code, if_true, if_false, operand };
        self.length += 1;
        Ok(())
    }
}

/// Instructions that a condition takes: three for each half that its mask touches.
fn length(condition: &Condition) -> usize {
    let (high, low) = halves(condition.mask);
    3 * (usize::from(high != 0) + usize::from(low != 0))
}

fn jump(distance: usize) -> Result<u8, FilterError> {
    u8::try_from(distance).map_err(|_| FilterError::JumpTooFar)
}

#[expect(clippy::cast_possible_truncation, reason = "halves are what is asked for")]
const fn halves(value: u64) -> (u32, u32) {
    ((value >> 32) as u32, value as u32)
}
