//! The loader on arbitrary bytes, and a small application to begin with.

use alloc::vec;
use alloc::vec::Vec;

use elf::abi;
use zerocopy::IntoBytes;

use super::elf::Image;
use crate::abi::identity::Uuid;
use crate::abi::process::{ApplicationFlags, Head};

/// Check `data` as an application's file. Returns the image if it could be loaded. Must not panic, hang or grow beyond
/// some multiple of the size of `data`, whatever `data` is.
pub fn fuzz_application(data: &[u8]) -> Option<Image> {
    Image::copy_of(data).ok()
}

/// The name of [`smallest_application`].
pub const SMALLEST: Uuid = Uuid { low: 0x5a5a_0001, middle: 2, high: 3, rest: [0x80, 5, 6, 7, 8, 9, 10, 11] };

/// Where the second segment of [`smallest_application`] begins, and its parts in it.
pub(super) const DATA: u64 = 0x1000;
pub(super) const RELOCATION: u64 = 0x80;
pub(super) const MOVED: u64 = 0x40;
pub(super) const INFORMATION: u64 = 0x30;
const SYMBOLS: u64 = 0xa0;
const STRINGS: u64 = 0xd0;
const HASH: u64 = 0xe8;
const DYNAMIC: u64 = 0x100;
const DATA_SIZE: u64 = 0x200;

/// A file with a head, an instruction, a relocation and the symbol for program headers; one instance has all sessions.
pub fn smallest_application() -> Vec<u8> {
    let flags = ApplicationFlags::SINGLE_INSTANCE
        | ApplicationFlags::MULTI_SESSION
        | ApplicationFlags::INSTANCE_KEEP_ALIVE;
    let head = Head { uuid: SMALLEST, stack_size: 4096, flags: flags.bits(), deprecated_entry: u64::MAX };
    let mut file = vec![0; 0x2000 + usize::try_from(DATA_SIZE).unwrap_or_default()];
    put(&mut file, 0, &file_header());
    for (index, header) in program_headers().iter().enumerate() {
        put(&mut file, 64 + 56 * index, header);
    }
    put(&mut file, 0x1000, head.as_bytes());
    put(&mut file, 0x1020, &[0x0f, 0x05, 0xeb, 0xfc]);
    put_longs(&mut file, 0x2000 + RELOCATION, &[DATA + MOVED, abi::R_X86_64_RELATIVE.into(), 0x20]);
    // Its name is at 1; it is a global object of the first section.
    put_longs(&mut file, 0x2000 + SYMBOLS + 24, &[0x0001_0011 << 32 | 1, DATA + INFORMATION, 16]);
    put(&mut file, usize::try_from(0x2000 + STRINGS).unwrap_or_default(), b"\0__elf_phdr_info\0");
    put_longs(&mut file, 0x2000 + HASH, &[2 << 32 | 1, 1]);
    put_longs(&mut file, 0x2000 + DYNAMIC, &dynamic());
    file
}

fn dynamic() -> [u64; 14] {
    let tag = i64::cast_unsigned;
    [
        tag(abi::DT_RELA),
        DATA + RELOCATION,
        tag(abi::DT_RELASZ),
        24,
        tag(abi::DT_RELAENT),
        24,
        tag(abi::DT_SYMTAB),
        DATA + SYMBOLS,
        tag(abi::DT_STRTAB),
        DATA + STRINGS,
        tag(abi::DT_HASH),
        DATA + HASH,
        tag(abi::DT_NULL),
        0,
    ]
}

fn file_header() -> Vec<u8> {
    let mut header = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0".to_vec();
    for word in [0x20_u64, 64, 0] {
        header.extend_from_slice(&word.to_le_bytes());
    }
    header.extend_from_slice(b"\0\0\0\0\x40\0\x38\0\x03\0\x40\0\0\0\0\0");
    header
}

fn program_headers() -> [Vec<u8>; 3] {
    let header = |kind: u32, flags: u32, words: [u64; 6]| {
        let mut bytes = [kind.to_le_bytes(), flags.to_le_bytes()].concat();
        words.iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        bytes
    };
    let dynamic_size = 8 * dynamic().len() as u64;
    [
        header(abi::PT_LOAD, abi::PF_R | abi::PF_X, [0x1000, 0, 0, 0x24, 0x24, 0x1000]),
        header(abi::PT_LOAD, abi::PF_R | abi::PF_W, [0x2000, DATA, DATA, DATA_SIZE, 0x3000, 0x1000]),
        header(
            abi::PT_DYNAMIC,
            abi::PF_R | abi::PF_W,
            [0x2000 + DYNAMIC, DATA + DYNAMIC, DATA + DYNAMIC, dynamic_size, dynamic_size, 8],
        ),
    ]
}

fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    file.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = *from);
}

fn put_longs(file: &mut [u8], at: u64, words: &[u64]) {
    for (index, word) in words.iter().enumerate() {
        put(file, usize::try_from(at).unwrap_or_default() + 8 * index, &word.to_le_bytes());
    }
}
