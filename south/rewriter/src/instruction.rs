//! A decoder for the few instructions that may be moved into a trampoline.
//!
//! It is a whitelist. What it does not name is refused, and the site goes on trapping, so the list errs to the
//! short side: integer moves, arithmetic without implicit operands that could surprise, SSE moves, jumps and
//! `ret`. `call` is not in it: the pushed return address would lie in the trampoline, and unwinders read it.
//! Encodings: Intel SDM volume 2, appendix A.

use crate::{Reason, relative::four_bytes};

/// One instruction that may be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Length in bytes, 1 to 15.
    pub length: u8,
    /// What must be done to move it.
    pub form: Form,
}

/// What moving an instruction takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its bytes mean the same anywhere.
    Plain,
    /// It does nothing; compilers also use it to pad.
    Nop,
    /// It has a memory operand relative to rip.
    RipRelative {
        /// Where in the instruction the 32-bit displacement stands.
        displacement_at: u8,
    },
    /// A conditional jump.
    Branch {
        /// Condition code 0 to 15, the low half of the opcode.
        condition: u8,
        /// Distance in bytes from the end of the instruction.
        displacement: i32,
    },
    /// An unconditional jump.
    Jump {
        /// Distance in bytes from the end of the instruction.
        displacement: i32,
    },
    /// A near return.
    Return,
}

impl Form {
    /// Whether the next instruction is never reached from this one.
    #[must_use]
    pub fn ends_flow(self) -> bool {
        matches!(self, Self::Jump { .. } | Self::Return)
    }
}

impl Instruction {
    /// Decodes the instruction at the start of `code`.
    ///
    /// # Errors
    /// `Window` when `code` ends inside the instruction, `Instruction` when it is not in the whitelist.
    pub fn decode(code: &[u8]) -> Result<Self, Reason> {
        let mut cursor = Cursor { code, at: 0 };
        let prefixes = cursor.prefixes()?;
        let opcode = cursor.byte()?;
        let form = match opcode {
            0x0f => cursor.two_byte(prefixes)?,
            0x70..=0x7f | 0xeb | 0xe9 | 0xc3 if prefixes.any() => return Err(Reason::Instruction),
            0x70..=0x7f => Form::Branch {
                condition: opcode & 0xf,
                displacement: i32::from(cursor.byte()?.cast_signed()),
            },
            0xeb => Form::Jump { displacement: i32::from(cursor.byte()?.cast_signed()) },
            0xe9 => Form::Jump { displacement: cursor.displacement()? },
            0xc3 => Form::Return,
            _ if prefixes.hint => return Err(Reason::Instruction),
            _ => cursor.one_byte(opcode, prefixes)?,
        };
        let length = u8::try_from(cursor.at).map_err(|_| Reason::Instruction)?;
        if length > 15 { Err(Reason::Instruction) } else { Ok(Self { length, form }) }
    }
}

/// The prefixes of an instruction.
#[derive(Clone, Copy, Default)]
struct Prefixes {
    /// 66: 16-bit operands.
    narrow: bool,
    /// 64: the guest's thread pointer, which a trampoline shares.
    fs: bool,
    /// 2e: taken before `nop` only.
    hint: bool,
    /// REX, if any.
    rex: Option<u8>,
}

impl Prefixes {
    fn any(self) -> bool {
        self.narrow || self.fs || self.hint || self.rex.is_some()
    }

    fn wide(self) -> bool {
        self.rex.is_some_and(|rex| rex & 8 != 0)
    }

    /// Length of an immediate that follows the operand size but is never 64 bits.
    fn immediate(self) -> usize {
        if self.narrow && !self.wide() { 2 } else { 4 }
    }
}

/// The ModRM byte and what belongs to it.
struct Operand {
    register_form: bool,
    /// The middle field: a register, or more opcode.
    extension: u8,
    form: Form,
}

struct Cursor<'a> {
    code: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn byte(&mut self) -> Result<u8, Reason> {
        let byte = *self.code.get(self.at).ok_or(Reason::Window)?;
        self.at = self.at.saturating_add(1);
        Ok(byte)
    }

    fn skip(&mut self, count: usize) -> Result<(), Reason> {
        (0..count).try_for_each(|_| self.byte().map(drop))
    }

    fn displacement(&mut self) -> Result<i32, Reason> {
        let bytes = four_bytes(self.code, self.at).ok_or(Reason::Window)?;
        self.skip(4)?;
        Ok(i32::from_le_bytes(bytes))
    }

    fn prefixes(&mut self) -> Result<Prefixes, Reason> {
        let mut prefixes = Prefixes::default();
        loop {
            match *self.code.get(self.at).ok_or(Reason::Window)? {
                0x66 => prefixes.narrow = true,
                0x64 => prefixes.fs = true,
                0x2e => prefixes.hint = true,
                rex @ 0x40..=0x4f => {
                    prefixes.rex = Some(rex);
                    self.skip(1)?;
                    return Ok(prefixes);
                }
                _ => return Ok(prefixes),
            }
            self.skip(1)?;
        }
    }

    /// The operand that ModRM describes, its SIB byte and displacement skipped.
    fn operand(&mut self) -> Result<Operand, Reason> {
        let modrm = self.byte()?;
        let (mode, extension, base) = (modrm >> 6, modrm >> 3 & 7, modrm & 7);
        let mut form = Form::Plain;
        if mode == 3 {
            return Ok(Operand { register_form: true, extension, form });
        }
        let base = if base == 4 { self.byte()? & 7 | 8 } else { base };
        match (mode, base) {
            (0, 5) => {
                let displacement_at = u8::try_from(self.at).map_err(|_| Reason::Instruction)?;
                form = Form::RipRelative { displacement_at };
                self.skip(4)?;
            }
            (0, 13) | (2, _) => self.skip(4)?,
            (1, _) => self.skip(1)?,
            _ => {}
        }
        Ok(Operand { register_form: false, extension, form })
    }

    /// An operand with an immediate of `length` bytes, refused unless its extension is in `allowed`.
    fn extended(&mut self, allowed: u8, length: usize) -> Result<Form, Reason> {
        let operand = self.operand()?;
        if allowed >> operand.extension & 1 == 0 {
            return Err(Reason::Instruction);
        }
        self.skip(length)?;
        Ok(operand.form)
    }

    fn plain(&mut self, immediate: usize) -> Result<Form, Reason> {
        self.skip(immediate).map(|()| Form::Plain)
    }

    fn one_byte(&mut self, opcode: u8, prefixes: Prefixes) -> Result<Form, Reason> {
        const ALL: u8 = 0xff;
        let full = prefixes.immediate();
        match opcode {
            // add, or, adc, sbb, and, sub, xor, cmp in their six operand forms.
            0x00..=0x3f => match opcode & 7 {
                0..=3 => self.extended(ALL, 0),
                4 => self.plain(1),
                5 => self.plain(full),
                _ => Err(Reason::Instruction),
            },
            // push and pop of a register: a trampoline uses the guest's own stack pointer.
            0x50..=0x5f => self.plain(0),
            // movslq; test, mov with a ModRM operand.
            0x63 | 0x84 | 0x85 | 0x88..=0x8b => self.extended(ALL, 0),
            // imul by an immediate.
            0x69 => self.extended(ALL, full),
            0x6b | 0x80 | 0x83 | 0xc0 | 0xc1 => self.extended(ALL, 1),
            0x81 => self.extended(ALL, full),
            0x8d => {
                let operand = self.operand()?;
                if operand.register_form { Err(Reason::Instruction) } else { Ok(operand.form) }
            }
            0x90 => self.plain(0).map(|_| if prefixes.rex.is_none() { Form::Nop } else { Form::Plain }),
            // cltq, cqto and their narrower forms.
            0x98 | 0x99 => self.plain(0),
            0xa8 | 0xb0..=0xb7 => self.plain(1),
            0xa9 => self.plain(full),
            0xb8..=0xbf => self.plain(if prefixes.wide() { 8 } else { full }),
            0xc6 => self.extended(1, 1),
            0xc7 => self.extended(1, full),
            0xd0..=0xd3 => self.extended(ALL, 0),
            0xf6 | 0xf7 => self.unary(if opcode == 0xf6 { 1 } else { full }),
            // inc and dec.
            0xfe | 0xff => self.extended(0b11, 0),
            _ => Err(Reason::Instruction),
        }
    }

    /// Opcodes f6 and f7: `test` with an immediate, `not` and `neg` without; no `mul` or `div`.
    fn unary(&mut self, immediate: usize) -> Result<Form, Reason> {
        let operand = self.operand()?;
        match operand.extension {
            0 => self.skip(immediate)?,
            2 | 3 => {}
            _ => return Err(Reason::Instruction),
        }
        Ok(operand.form)
    }

    fn two_byte(&mut self, prefixes: Prefixes) -> Result<Form, Reason> {
        let opcode = self.byte()?;
        match opcode {
            // The long nops. A rip-relative operand of a nop is never accessed.
            0x1f => self.extended(1, 0).map(|_| Form::Nop),
            _ if prefixes.hint => Err(Reason::Instruction),
            0x80..=0x8f if prefixes.any() => Err(Reason::Instruction),
            0x80..=0x8f => Ok(Form::Branch { condition: opcode & 0xf, displacement: self.displacement()? }),
            // movups, movaps, xorps and the packed-double forms.
            0x10 | 0x11 | 0x28 | 0x29 | 0x57 => self.extended(0xff, 0),
            // movd, movdqa, pxor.
            0x6e | 0x6f | 0x7e | 0x7f | 0xef if prefixes.narrow => self.extended(0xff, 0),
            // cmovcc, setcc, imul, movzx, movsx.
            0x40..=0x4f | 0x90..=0x9f | 0xaf | 0xb6 | 0xb7 | 0xbe | 0xbf => self.extended(0xff, 0),
            _ => Err(Reason::Instruction),
        }
    }
}
