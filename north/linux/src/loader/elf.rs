//! ELF headers, parsed and checked (`elf(5)`).

use alloc::vec::Vec;
use core::ops::Range;

use elf::abi;
use elf::endian::LittleEndian;
use elf::file::{Class, FileHeader, parse_ident};
use elf::segment::{ProgramHeader, SegmentTable};
use litebox_host::memory::{PAGE_SIZE, Protection};

use super::program::Program;
use crate::abi::memory::PATH_MAX;
use crate::error::{Errno, Result};

/// Bytes of an ELF64 header.
pub(super) const HEADER: usize = 64;
/// Bytes of an ELF64 program header.
pub(super) const PROGRAM_HEADER: usize = 56;
/// The most bytes that a program's headers may take, as in Linux.
const MAX_PROGRAM_HEADERS: usize = 65536;

/// One run of pages to be loaded. All numbers are checked: ends do not wrap, the file part is not longer than the
/// whole, and the address and the offset lie at the same place of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The first byte, before the image is moved to its place.
    pub(super) start: usize,
    /// Where the first byte is in the file.
    pub(super) offset: u64,
    /// Bytes from the file.
    pub(super) file_size: usize,
    /// Bytes in memory; those after the file's are zeros.
    pub(super) memory_size: usize,
    pub(super) protection: Protection,
}

impl Segment {
    /// The pages that the segment touches.
    pub(super) fn pages(&self) -> Range<usize> {
        let end = self.start.saturating_add(self.memory_size);
        self.start - self.start % PAGE_SIZE..end.next_multiple_of(PAGE_SIZE)
    }
}

/// What a file's headers say.
#[derive(Clone, Debug)]
pub(super) struct Image {
    /// Whether the image can be anywhere.
    pub(super) is_movable: bool,
    /// The first instruction, before the image is moved.
    pub(super) entry: usize,
    /// Where the program headers will be in memory, before the image is moved; 0 if they are not loaded.
    pub(super) headers: usize,
    /// How many there are.
    pub(super) header_count: usize,
    /// What to load, in the file's order.
    pub(super) segments: Vec<Segment>,
    /// The pages of all segments, before the image is moved.
    pub(super) span: Range<usize>,
    /// A power of two that the image's place must be a multiple of.
    pub(super) alignment: usize,
    /// The interpreter's path, if the program asks for one.
    pub(super) interpreter: Option<Vec<u8>>,
    /// Whether the stack is to be executable.
    pub(super) executable_stack: bool,
}

impl Image {
    /// Read and check the headers of `program`.
    ///
    /// # Errors
    /// `ENOEXEC` for what is no program for this machine; `ENOMEM`; the file's own.
    pub(super) fn read(program: &Program) -> Result<Self> {
        let mut bytes = [0; HEADER];
        let count = program.read(0, &mut bytes)?;
        let header = bytes.get(..count).and_then(file_header).ok_or(Errno::ENOEXEC)?;
        let table = program_headers(program, &header)?;
        let mut image = Self {
            is_movable: header.e_type == abi::ET_DYN,
            entry: usize::try_from(header.e_entry).map_err(|_| Errno::ENOEXEC)?,
            headers: 0,
            header_count: usize::from(header.e_phnum),
            segments: Vec::new(),
            span: 0..0,
            alignment: PAGE_SIZE,
            interpreter: None,
            executable_stack: false,
        };
        for segment in SegmentTable::new(LittleEndian, Class::ELF64, &table).iter() {
            image.take(program, &header, &segment)?;
        }
        if image.segments.is_empty() { Err(Errno::ENOEXEC) } else { Ok(image) }
    }

    /// Whether there is room for the image in `bounds`.
    ///
    /// # Errors
    /// `ENOMEM` if not.
    pub(super) fn check_room(&self, bounds: &Range<usize>) -> Result<()> {
        let fits = if self.is_movable {
            let length = self.span.end.saturating_sub(self.span.start).saturating_add(self.alignment);
            // The other half is for the stack, the interpreter and all else.
            length <= bounds.end.saturating_sub(bounds.start) / 2
        } else {
            bounds.start <= self.span.start && self.span.end <= bounds.end
        };
        if fits { Ok(()) } else { Err(Errno::ENOMEM) }
    }

    fn take(
        &mut self,
        program: &Program,
        file: &FileHeader<LittleEndian>,
        header: &ProgramHeader,
    ) -> Result<()> {
        match header.p_type {
            abi::PT_LOAD if header.p_memsz > 0 => self.take_segment(file, header),
            abi::PT_INTERP if self.interpreter.is_none() => {
                self.interpreter = Some(interpreter(program, header)?);
                Ok(())
            }
            abi::PT_GNU_STACK => {
                self.executable_stack = header.p_flags & abi::PF_X != 0;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn take_segment(&mut self, file: &FileHeader<LittleEndian>, header: &ProgramHeader) -> Result<()> {
        let segment = segment(header).ok_or(Errno::ENOEXEC)?;
        let bytes = segment.start..segment.start.saturating_add(segment.memory_size);
        let overlaps = |other: &Segment| {
            other.start < bytes.end && bytes.start < other.start.saturating_add(other.memory_size)
        };
        if self.segments.iter().any(overlaps) {
            return Err(Errno::ENOEXEC);
        }
        if let Some(distance) = file.e_phoff.checked_sub(segment.offset)
            && let Ok(distance) = usize::try_from(distance)
            && distance < segment.file_size
        {
            self.headers = segment.start.saturating_add(distance);
        }
        let pages = segment.pages();
        self.span = if self.segments.is_empty() {
            pages
        } else {
            self.span.start.min(pages.start)..self.span.end.max(pages.end)
        };
        if let Ok(alignment) = usize::try_from(header.p_align)
            && alignment.is_power_of_two()
        {
            self.alignment = self.alignment.max(alignment);
        }
        self.segments.try_reserve(1).map_err(|_| Errno::ENOMEM)?;
        self.segments.push(segment);
        Ok(())
    }
}

/// The header of a program for this machine.
fn file_header(bytes: &[u8]) -> Option<FileHeader<LittleEndian>> {
    let (ident, tail) = bytes.split_at_checked(abi::EI_NIDENT)?;
    let ident = parse_ident::<LittleEndian>(ident).ok()?;
    let header = FileHeader::parse_tail(ident, tail.get(..HEADER - abi::EI_NIDENT)?).ok()?;
    let fits = matches!(header.e_type, abi::ET_EXEC | abi::ET_DYN)
        && header.class == Class::ELF64
        && header.e_machine == abi::EM_X86_64
        && usize::from(header.e_phentsize) == PROGRAM_HEADER
        && header.e_phnum > 0
        && usize::from(header.e_phnum) * PROGRAM_HEADER <= MAX_PROGRAM_HEADERS;
    fits.then_some(header)
}

fn program_headers(program: &Program, header: &FileHeader<LittleEndian>) -> Result<Vec<u8>> {
    let length = usize::from(header.e_phnum).saturating_mul(PROGRAM_HEADER);
    i64::try_from(header.e_phoff).map_err(|_| Errno::ENOEXEC)?;
    program.read_exactly(header.e_phoff, length)?.ok_or(Errno::ENOEXEC)
}

/// The path in a `PT_INTERP` segment: NUL-terminated, not empty.
fn interpreter(program: &Program, header: &ProgramHeader) -> Result<Vec<u8>> {
    let length = usize::try_from(header.p_filesz).map_err(|_| Errno::ENOEXEC)?;
    if !(2..=PATH_MAX).contains(&length) {
        return Err(Errno::ENOEXEC);
    }
    let mut path = program.read_exactly(header.p_offset, length)?.ok_or(Errno::EIO)?;
    if path.pop() != Some(0) {
        return Err(Errno::ENOEXEC);
    }
    let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
    path.truncate(end);
    Ok(path)
}

/// A `PT_LOAD` segment, or `None` if its numbers make no sense.
fn segment(header: &ProgramHeader) -> Option<Segment> {
    let start = usize::try_from(header.p_vaddr).ok()?;
    let file_size = usize::try_from(header.p_filesz).ok()?;
    let memory_size = usize::try_from(header.p_memsz).ok()?;
    start.checked_add(memory_size)?.checked_next_multiple_of(PAGE_SIZE)?;
    i64::try_from(header.p_offset.checked_add(header.p_filesz)?).ok()?;
    let page = PAGE_SIZE as u64;
    if file_size > memory_size || (file_size > 0 && header.p_vaddr % page != header.p_offset % page) {
        return None;
    }
    let bit = |flag: u32, protection: Protection| {
        if header.p_flags & flag == 0 { Protection::empty() } else { protection }
    };
    let protection = bit(abi::PF_R, Protection::READ)
        | bit(abi::PF_W, Protection::WRITE)
        | bit(abi::PF_X, Protection::EXECUTE);
    Some(Segment { start, offset: header.p_offset, file_size, memory_size, protection })
}
