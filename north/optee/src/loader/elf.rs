//! An application's file, parsed and checked (`elf(5)`; the rules are those of OP-TEE's loader).

use alloc::vec::Vec;
use core::ops::Range;

use elf::abi;
use elf::endian::LittleEndian;
use elf::file::{Class, FileHeader, parse_ident};
use elf::segment::{ProgramHeader, SegmentTable};
use litebox_host::memory::{PAGE_SIZE, Protection};
use litebox_libos::memory::buffer;
use zerocopy::FromBytes;

use super::relocation::{Relocation, relocations};
use super::symbol::find_symbol;
use crate::abi::process::{ApplicationFlags, Head};
use crate::error::{Result, TeeError};

/// Bytes of an ELF64 header.
const HEADER: usize = 64;
/// Bytes of an ELF64 program header.
const PROGRAM_HEADER: usize = 56;
/// Addresses of an image end below this, before it is moved.
const MAX_SPAN: usize = 1 << 32;
/// The longest file.
pub const MAX_FILE: usize = 64 << 20;
/// The most program headers: those and what else an application is told lie in one page.
pub(super) const MAX_PROGRAM_HEADERS: usize = 64;
/// The symbol where an application looks for its program headers.
const INFORMATION_SYMBOL: &[u8] = b"__elf_phdr_info";

/// One run of pages to be loaded. All numbers are checked: the file part lies in the file and is not longer than the
/// whole, and the end does not wrap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The first byte, before the image is moved to its place.
    pub(super) start: usize,
    /// Where its bytes are in the file.
    pub(super) file: Range<usize>,
    /// Bytes in memory; those after the file's are zeros.
    pub(super) size: usize,
    pub(super) protection: Protection,
}

impl Segment {
    /// The pages that the segment touches.
    pub(super) fn pages(&self) -> Range<usize> {
        let end = self.start.saturating_add(self.size);
        self.start - self.start % PAGE_SIZE..end.next_multiple_of(PAGE_SIZE)
    }
}

/// An application that can be loaded.
#[derive(Debug)]
pub struct Image {
    /// The file.
    pub(super) bytes: Vec<u8>,
    /// What it says of itself.
    pub head: Head,
    /// The same, decoded.
    pub flags: ApplicationFlags,
    /// The first instruction, before the image is moved.
    pub(super) entry: usize,
    /// Where the program headers are in the file.
    pub(super) headers: Range<usize>,
    /// What to load, by address.
    pub(super) segments: Vec<Segment>,
    /// What to add the image's place to.
    pub(super) relocations: Vec<Relocation>,
    /// Where the application wants to be told of its program headers.
    pub(super) information: Option<usize>,
}

impl Image {
    /// Check `bytes`, a whole file.
    ///
    /// # Errors
    /// `BAD_FORMAT` for what is no application for this machine, or a damaged one; `NOT_SUPPORTED` for one that needs
    /// what is not there: shared libraries, thread-local storage; `OUT_OF_MEMORY`.
    pub fn parse(bytes: Vec<u8>) -> Result<Self> {
        let header = file_header(&bytes).ok_or(TeeError::BAD_FORMAT)?;
        let headers = program_headers(&header)?;
        let table = bytes.get(headers.clone()).ok_or(TeeError::BAD_FORMAT)?;
        let mut segments: Vec<Segment> = Vec::new();
        let mut dynamic = None;
        for segment in SegmentTable::new(LittleEndian, Class::ELF64, table).iter() {
            match segment.p_type {
                abi::PT_LOAD if segment.p_memsz > 0 => {
                    let segment = load_segment(&segment, &bytes)?;
                    // In the order of addresses, as elf(5) says, and without a page in two of them.
                    if segments.last().is_some_and(|last| last.pages().end > segment.pages().start) {
                        return Err(TeeError::BAD_FORMAT);
                    }
                    segments.try_reserve(1).map_err(|_| TeeError::OUT_OF_MEMORY)?;
                    segments.push(segment);
                }
                abi::PT_DYNAMIC => dynamic = Some(part(segment.p_offset, segment.p_filesz, &bytes)?),
                abi::PT_INTERP | abi::PT_TLS => return Err(TeeError::NOT_SUPPORTED),
                _ => {}
            }
        }
        let (head, flags) = head(&segments, &bytes)?;
        let entry = usize::try_from(header.e_entry).map_err(|_| TeeError::BAD_FORMAT)?;
        let is_code = |segment: &Segment| {
            segment.protection.contains(Protection::EXECUTE)
                && (segment.start..segment.start + segment.file.len()).contains(&entry)
        };
        if !segments.iter().any(is_code) {
            return Err(TeeError::BAD_FORMAT);
        }
        let mut image =
            Self { bytes, head, flags, entry, headers, segments, relocations: Vec::new(), information: None };
        if let Some(dynamic) = dynamic {
            image.relocations = relocations(&image, dynamic.clone())?;
            image.information = find_symbol(&image, dynamic, INFORMATION_SYMBOL)?;
        }
        Ok(image)
    }

    /// How many bytes of addresses it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.span().len()
    }

    /// The pages of all segments, before the image is moved.
    pub(super) fn span(&self) -> Range<usize> {
        match (self.segments.first(), self.segments.last()) {
            (Some(first), Some(last)) => first.pages().start..last.pages().end,
            _ => 0..0,
        }
    }

    /// The bytes of the file that will be at `address`, up to the end of those of their segment.
    pub(super) fn at(&self, address: usize) -> Option<&[u8]> {
        let segment = self
            .segments
            .iter()
            .find(|segment| (segment.start..segment.start + segment.file.len()).contains(&address))?;
        self.bytes.get(segment.file.start + (address - segment.start)..segment.file.end)
    }

    /// Whether `length` bytes at `address` are ones that the application may write.
    pub(super) fn is_writable(&self, address: usize, length: usize) -> bool {
        let Some(end) = address.checked_add(length) else { return false };
        self.segments.iter().any(|segment| {
            segment.protection.contains(Protection::WRITE)
                && segment.start <= address
                && end <= segment.start + segment.size
        })
    }
}

fn file_header(bytes: &[u8]) -> Option<FileHeader<LittleEndian>> {
    // The parser takes it for granted that there is an identification.
    let (ident, tail) = bytes.get(..HEADER)?.split_at_checked(abi::EI_NIDENT)?;
    let header = FileHeader::parse_tail(parse_ident::<LittleEndian>(ident).ok()?, tail).ok()?;
    let is_ours = header.class == Class::ELF64
        && header.e_machine == abi::EM_X86_64
        && header.e_type == abi::ET_DYN
        && header.version == u32::from(abi::EV_CURRENT)
        && usize::from(header.e_phentsize) == PROGRAM_HEADER;
    is_ours.then_some(header)
}

/// Where the program headers are: within the file's first page.
fn program_headers(header: &FileHeader<LittleEndian>) -> Result<Range<usize>> {
    let start = usize::try_from(header.e_phoff).map_err(|_| TeeError::BAD_FORMAT)?;
    let count = usize::from(header.e_phnum);
    let end = start.checked_add(count * PROGRAM_HEADER).ok_or(TeeError::BAD_FORMAT)?;
    if end > PAGE_SIZE || count > MAX_PROGRAM_HEADERS { Err(TeeError::NOT_SUPPORTED) } else { Ok(start..end) }
}

/// `length` bytes of the file from `offset` on.
fn part(offset: u64, length: u64, bytes: &[u8]) -> Result<Range<usize>> {
    let start = usize::try_from(offset).map_err(|_| TeeError::BAD_FORMAT)?;
    let length = usize::try_from(length).map_err(|_| TeeError::BAD_FORMAT)?;
    let end = start.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(TeeError::BAD_FORMAT)?;
    Ok(start..end)
}

fn load_segment(header: &ProgramHeader, bytes: &[u8]) -> Result<Segment> {
    let number = |value: u64| usize::try_from(value).ok().filter(|value| *value < MAX_SPAN);
    let start = number(header.p_vaddr).ok_or(TeeError::BAD_FORMAT)?;
    let size = number(header.p_memsz).ok_or(TeeError::BAD_FORMAT)?;
    let file = part(header.p_offset, header.p_filesz, bytes)?;
    let protection = protection(header.p_flags);
    let both = Protection::WRITE | Protection::EXECUTE;
    if start + size > MAX_SPAN
        || file.len() > size
        || !protection.contains(Protection::READ)
        || protection.contains(both)
    {
        return Err(TeeError::BAD_FORMAT);
    }
    Ok(Segment { start, file, size, protection })
}

fn protection(flags: u32) -> Protection {
    let mut protection = Protection::empty();
    protection.set(Protection::READ, flags & abi::PF_R != 0);
    protection.set(Protection::WRITE, flags & abi::PF_W != 0);
    protection.set(Protection::EXECUTE, flags & abi::PF_X != 0);
    protection
}

/// The head, which the first segment begins with.
fn head(segments: &[Segment], bytes: &[u8]) -> Result<(Head, ApplicationFlags)> {
    let file = segments.first().and_then(|segment| bytes.get(segment.file.clone()));
    let head = file.and_then(|bytes| Head::read_from_prefix(bytes).ok()).map(|(head, _)| head);
    let head = head.ok_or(TeeError::BAD_FORMAT)?;
    let flags = ApplicationFlags::from_bits(head.flags)
        .filter(|flags| !flags.contains(ApplicationFlags::CONCURRENT))
        .ok_or(TeeError::BAD_FORMAT)?;
    let stack_is_good = head.stack_size > 0 && head.stack_size.is_multiple_of(16);
    if !stack_is_good || head.deprecated_entry != u64::MAX {
        return Err(TeeError::BAD_FORMAT);
    }
    Ok((head, flags))
}

impl Image {
    /// Check a copy of `bytes`.
    ///
    /// # Errors
    /// As [`Image::parse`].
    pub fn copy_of(bytes: &[u8]) -> Result<Self> {
        Self::parse(buffer::copied(bytes)?)
    }
}
