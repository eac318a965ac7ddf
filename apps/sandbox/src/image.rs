//! The file that is executed for an image: a loader of one page, or a copy of the image.
//!
//! An image that lies in this process's executable need not be copied: the loader maps it from there, so that every
//! sandbox shares its pages and none is made for it. An executable that runs cannot be written to (`ETXTBSY`,
//! execve(2)), so the image is as safe from changes as a sealed copy of it.

use crate::native;
use rustix::fd::OwnedFd;
use rustix::fs::{MemfdFlags, SealFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Result, Write};
use std::os::unix::fs::FileExt;

/// The name of the image's process.
pub(crate) const NAME: &std::ffi::CStr = c"litebox-sandbox";

/// The loader's descriptor of the file that the image lies in.
pub(crate) const SOURCE: i32 = 4;

/// What is executed.
pub(crate) struct Executable {
    /// A file without a name that cannot be changed.
    pub(crate) file: OwnedFd,
    /// What it finds as descriptor [`SOURCE`].
    pub(crate) source: Option<OwnedFd>,
}

impl Executable {
    pub(crate) fn of(image: &'static [u8]) -> Result<Self> {
        let found = find(image).and_then(|(source, offset)| Some((source, loader(image, offset)?)));
        match found {
            Some((source, loader)) => Ok(Self { file: sealed(&loader)?, source: Some(source.into()) }),
            None => Ok(Self { file: sealed(image)?, source: None }),
        }
    }
}

fn sealed(bytes: &[u8]) -> Result<OwnedFd> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let made = match rustix::fs::memfd_create(NAME, flags | MemfdFlags::EXEC) {
        // Before Linux 6.3.
        Err(Errno::INVAL) => rustix::fs::memfd_create(NAME, flags),
        made => made,
    };
    let mut file = File::from(made?);
    file.write_all(bytes)?;
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    rustix::fs::fcntl_add_seals(&file, seals)?;
    Ok(file.into())
}

const PAGE: u64 = 4096;

/// Kinds of segments and their access (elf(5)).
const LOAD: u32 = 1;
const HEADERS: u32 = 6;
const READ_ONLY_LATER: u32 = 0x6474_e552;
const WRITE: u32 = 2;
const EXECUTE: u32 = 1;

/// A program header.
struct Segment {
    kind: u32,
    access: u32,
    offset: u64,
    address: u64,
    file_size: u64,
    memory_size: u64,
}

impl Segment {
    fn file_end(&self) -> Option<u64> {
        self.address.checked_add(self.file_size)
    }

    fn end(&self) -> Option<u64> {
        self.address.checked_add(self.memory_size)
    }
}

/// The `N` bytes at `offset`.
fn bytes<const N: usize>(all: &[u8], offset: u64) -> Option<[u8; N]> {
    let start = usize::try_from(offset).ok()?;
    all.get(start..start.checked_add(N)?)?.try_into().ok()
}

fn word(all: &[u8], offset: u64) -> Option<u64> {
    bytes(all, offset).map(u64::from_le_bytes)
}

fn half(all: &[u8], offset: u64) -> Option<u32> {
    bytes(all, offset).map(u32::from_le_bytes)
}

/// The segments of the 64-bit program that starts with `start`.
fn segments(start: &[u8]) -> Option<Vec<Segment>> {
    const SIZE: u64 = 56;
    const MAGIC: &[u8] = b"\x7fELF\x02\x01";
    let (table, count) = (word(start, 32)?, u16::from_le_bytes(bytes(start, 56)?));
    let is_known = start.starts_with(MAGIC) && u64::from(u16::from_le_bytes(bytes(start, 54)?)) == SIZE;
    let segment = |index: u16| {
        let at = table.checked_add(u64::from(index) * SIZE)?;
        Some(Segment {
            kind: half(start, at)?,
            access: half(start, at + 4)?,
            offset: word(start, at + 8)?,
            address: word(start, at + 16)?,
            file_size: word(start, at + 32)?,
            memory_size: word(start, at + 40)?,
        })
    };
    is_known.then(|| (0..count).map(segment).collect()).flatten()
}

/// This process's executable, and where in it `image` lies, if it does at the start of a page.
fn find(image: &'static [u8]) -> Option<(File, u64)> {
    let file = File::open("/proc/self/exe").ok()?;
    let start = first_page(&file, 0)?;
    let segments = segments(&start)?;
    let headers = segments.iter().find(|segment| segment.kind == HEADERS)?;
    // How far from its written addresses the executable was loaded.
    let slide = u64::try_from(native::program_headers()?).ok()?.checked_sub(headers.address)?;
    let address = u64::try_from(image.as_ptr().addr()).ok()?.checked_sub(slide)?;
    let end = address.checked_add(u64::try_from(image.len()).ok()?)?;
    let holds = |segment: &&Segment| {
        let is_constant = segment.kind == LOAD && segment.access & WRITE == 0;
        is_constant && segment.address <= address && segment.file_end().is_some_and(|at| end <= at)
    };
    let segment = segments.iter().find(holds)?;
    let offset = segment.offset.checked_add(address - segment.address)?;
    // What is executed may be an interpreter of this program.
    let is_same = image.get(..start.len()) == Some(first_page(&file, offset)?.as_slice());
    (is_same && offset % PAGE == 0).then_some((file, offset))
}

fn first_page(file: &File, offset: u64) -> Option<Vec<u8>> {
    let mut page = vec![0; usize::try_from(PAGE).ok()?];
    file.read_exact_at(&mut page, offset).ok()?;
    Some(page)
}

/// Maps what the table after it says and goes to the image's start, with the stack as the kernel left it. A line of the
/// table is address, length, access and offset; the last is 0 and the start.
const CODE: [u8; 80] = [
    0x48, 0x8d, 0x1d, 0x49, 0, 0, 0, //    lea rbx, [rip + 73]: the table
    0x48, 0x8b, 0x3b, // next:             mov rdi, [rbx]
    0x48, 0x85, 0xff, //                   test rdi, rdi
    0x74, 0x2a, //                         jz done
    0x48, 0x8b, 0x73, 8, //                mov rsi, [rbx + 8]
    0x48, 0x8b, 0x53, 16, //               mov rdx, [rbx + 16]
    0x4c, 0x8b, 0x4b, 24, //               mov r9, [rbx + 24]
    0x41, 0xba, 2, 0, 0x10, 0, //          mov r10d, MAP_PRIVATE | MAP_FIXED_NOREPLACE
    0x41, 0xb8, 4, 0, 0, 0, //             mov r8d, SOURCE
    0xb8, 9, 0, 0, 0, //                   mov eax, mmap
    0x0f, 0x05, //                         syscall
    0x48, 0x3b, 0x03, //                   cmp rax, [rbx]
    0x75, 9, //                            jne fail
    0x48, 0x83, 0xc3, 32, //               add rbx, 32
    0xeb, 0xce, //                         jmp next
    0xff, 0x63, 8, // done:                jmp [rbx + 8]
    0xbf, 125, 0, 0, 0, // fail:           mov edi, 125
    0xb8, 231, 0, 0, 0, //                 mov eax, exit_group
    0x0f, 0x05, //                         syscall
    0x0f, 0x0b, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, // ud2; nothing comes here
];

/// The loader's place, from the image's: `LOADER` of south/linux/src/layout.rs.
const DISTANCE: u64 = 0x2000_0000;

/// A program of one page that maps `image` from `offset` on in its file. None for an image that a mapping alone does not
/// make: one with memory that is not in the file.
fn loader(image: &[u8], offset: u64) -> Option<Vec<u8>> {
    const HEADERS_END: u64 = 64 + 2 * 56;
    let segments = segments(image)?;
    let base = segments.iter().filter(|segment| segment.kind == LOAD).map(|segment| segment.address).min()?;
    let place = base.checked_add(DISTANCE)?;
    let mut code = CODE.to_vec();
    for segment in segments.iter().filter(|segment| segment.kind == LOAD) {
        line(segment, &segments, offset)?.iter().for_each(|word| code.extend(word.to_le_bytes()));
    }
    [0, word(image, 24)?].iter().for_each(|word| code.extend(word.to_le_bytes()));
    let size = HEADERS_END + u64::try_from(code.len()).ok()?;
    let mut program = b"\x7fELF\x02\x01\x01".to_vec();
    program.resize(16, 0);
    // An executable for x86-64: version, start, program headers, no sections, no flags.
    program.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    for word in [place.checked_add(HEADERS_END)?, 64, 0] {
        program.extend(word.to_le_bytes());
    }
    // Sizes of the headers, of one program header, and their number.
    program.extend([0, 0, 0, 0, 64, 0, 56, 0, 2, 0, 64, 0, 0, 0, 0, 0]);
    program.extend(header(LOAD, 5, place, size));
    program.extend(header(0x6474_e551, 6, 0, 0));
    program.extend(code);
    (size <= PAGE).then_some(program)
}

/// A program header for the start of the file; without size, the one that says how the stack may be used.
fn header(kind: u32, access: u32, address: u64, size: u64) -> Vec<u8> {
    let mut header = [kind.to_le_bytes(), access.to_le_bytes()].concat();
    for word in [0, address, address, size, size, PAGE] {
        header.extend(u64::to_le_bytes(word));
    }
    header
}

/// The line of the loader's table for a segment of an image that lies at `offset`.
fn line(segment: &Segment, all: &[Segment], offset: u64) -> Option<[u64; 4]> {
    let (start, end) = (segment.address & !(PAGE - 1), segment.end()?);
    // Nothing of the image is moved, so what is read-only once a linker is done is read-only at once.
    let is_constant = all.iter().any(|other| {
        other.kind == READ_ONLY_LATER
            && other.address <= segment.address
            && other.end().is_some_and(|other| end <= other)
    });
    let length = segment.file_end()?.checked_next_multiple_of(PAGE)?.checked_sub(start)?;
    let is_padded = is_constant && end.checked_next_multiple_of(PAGE)? == start.checked_add(length)?;
    if segment.memory_size != segment.file_size && !is_padded {
        return None;
    }
    let is_writable = segment.access & WRITE != 0 && !is_constant;
    // PROT_READ, PROT_WRITE, PROT_EXEC (mmap(2)).
    let access = 1 | u64::from(is_writable) << 1 | u64::from(segment.access & EXECUTE != 0) << 2;
    let from = offset.checked_add(segment.offset)?.checked_sub(segment.address - start)?;
    (from % PAGE == 0).then_some([start, length, access, from])
}

#[cfg(test)]
mod tests;
