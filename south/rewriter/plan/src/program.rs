//! What an ELF file says about its code.

use crate::frames;
use alloc::vec::Vec;
use core::{error, fmt};
use elf::abi::{EM_X86_64, PF_X, PT_GNU_EH_FRAME, PT_LOAD, PT_NOTE, STT_FUNC, STT_GNU_IFUNC};
use elf::{ElfBytes, endian::LittleEndian, file::Class, note::Note, segment::ProgramHeader};

/// More executable segments than this are refused; linkers make one or two.
const SEGMENTS: usize = 16;

/// Why a file has no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is not an ELF file, or its headers are damaged.
    NotElf,
    /// It is for another architecture, or 32-bit.
    NotX86_64,
    /// It has more than 16 executable segments.
    TooManySegments,
    /// Memory ran out.
    Memory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotElf => "not an ELF file",
            Self::NotX86_64 => "not a 64-bit x86-64 program",
            Self::TooManySegments => "too many executable segments",
            Self::Memory => "out of memory",
        })
    }
}

impl error::Error for Error {}

/// An executable segment, as far as the file backs it.
pub(crate) struct Segment<'a> {
    /// Its address as linked.
    pub(crate) address: u64,
    /// Where it starts in the file.
    pub(crate) offset: u64,
    pub(crate) code: &'a [u8],
}

/// An address where an instruction starts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Start {
    pub(crate) address: u64,
    /// Length of the function, 0 when not known.
    pub(crate) length: u64,
}

/// A program's code and where to begin decoding it.
pub(crate) struct Program<'a> {
    pub(crate) segments: Vec<Segment<'a>>,
    /// Sorted by address.
    pub(crate) starts: Vec<Start>,
    /// Empty when the file has none.
    pub(crate) build_id: Vec<u8>,
}

type Elf<'a> = ElfBytes<'a, LittleEndian>;

impl<'a> Program<'a> {
    /// Reads the headers of `file`. Damaged symbols, notes and frame tables are passed over; only the program
    /// headers must be sound.
    pub(crate) fn parse(file: &'a [u8]) -> Result<Self, Error> {
        let elf = Elf::minimal_parse(file).map_err(|_| Error::NotElf)?;
        if elf.ehdr.class != Class::ELF64 || elf.ehdr.e_machine != EM_X86_64 {
            return Err(Error::NotX86_64);
        }
        let headers = elf.segments().ok_or(Error::NotElf)?;
        let mut segments = Vec::new();
        let mut starts = Vec::new();
        let mut build_id = Vec::new();
        push(&mut starts, Start { address: elf.ehdr.e_entry, length: 0 })?;
        for header in headers.iter() {
            match header.p_type {
                PT_LOAD if header.p_flags & PF_X != 0 => {
                    let code = elf.segment_data(&header).map_err(|_| Error::NotElf)?;
                    push(&mut segments, Segment { address: header.p_vaddr, offset: header.p_offset, code })?;
                }
                PT_NOTE if build_id.is_empty() => build_id = read_build_id(&elf, &header),
                PT_GNU_EH_FRAME => frames::read(file, &header, &mut starts)?,
                _ => {}
            }
            if segments.len() > SEGMENTS {
                return Err(Error::TooManySegments);
            }
        }
        symbols(&elf, &mut starts)?;
        // The longest of several at one address comes last, and is the one that `dedup` must keep: reversed.
        starts.sort_unstable_by(|a, b| b.cmp(a));
        starts.dedup_by_key(|start| start.address);
        starts.reverse();
        Ok(Self { segments, starts, build_id })
    }
}

/// Appends to `list`, or reports that memory ran out.
pub(crate) fn push<T>(list: &mut Vec<T>, item: T) -> Result<(), Error> {
    list.try_reserve(1).map_err(|_| Error::Memory)?;
    list.push(item);
    Ok(())
}

fn read_build_id(elf: &Elf<'_>, header: &ProgramHeader) -> Vec<u8> {
    let Ok(mut notes) = elf.segment_data_as_notes(header) else { return Vec::new() };
    let found = notes.find_map(|note| match note {
        // 64 bytes is longer than any digest linkers use.
        Note::GnuBuildId(id) if id.0.len() <= 64 => Some(id.0.to_vec()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn symbols(elf: &Elf<'_>, starts: &mut Vec<Start>) -> Result<(), Error> {
    let tables = [elf.symbol_table(), elf.dynamic_symbol_table()];
    for (table, _) in tables.into_iter().flatten().flatten() {
        for symbol in table.iter() {
            if matches!(symbol.st_symtype(), STT_FUNC | STT_GNU_IFUNC) && symbol.st_value != 0 {
                push(starts, Start { address: symbol.st_value, length: symbol.st_size })?;
            }
        }
    }
    Ok(())
}
