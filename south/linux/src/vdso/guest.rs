//! The guest's vDSO: one page with a small ELF shared object, laid out without a linker.
//!
//! C libraries and Go's runtime find the functions as in the kernel's own: by a hash table, a symbol and its version
//! `LINUX_2.6`. The image refers to nothing by absolute address, so it may lie anywhere. Its last bytes are words, one
//! a function: the address that the function jumps to, or 0 for the system call. One page, words included, because
//! every program that starts pays for each page of it.

use litebox_host::memory::PAGE_SIZE;

use super::HostVdso;
use super::code;
use super::functions::{COUNT, FUNCTIONS, GETCPU, PREFIX};
use super::layout::{Page, elf_hash, gnu_hash, narrow};

/// Where the words are.
const WORDS: usize = PAGE_SIZE - COUNT * size_of::<usize>();

/// Symbols: the null symbol, then every function by both its names.
const SYMBOLS: usize = 1 + 2 * COUNT;

/// Sizes of an ELF header, a program header and a symbol (`elf(5)`).
const HEADER: usize = 64;
const PROGRAM_HEADER: usize = 56;
const SYMBOL: usize = 24;
const PROGRAM_HEADERS: usize = 3;

/// The one version of all functions, and the image's own name.
const VERSION: &[u8] = b"LINUX_2.6";
const NAME: &[u8] = b"linux-vdso.so.1";

/// Numbers of the two version definitions: the image itself, and [`VERSION`].
const BASE_VERSION: usize = 1;
const FUNCTION_VERSION: usize = 2;

/// Tags of the dynamic section.
mod tag {
    pub(super) const NULL: usize = 0;
    pub(super) const HASH: usize = 4;
    pub(super) const STRTAB: usize = 5;
    pub(super) const SYMTAB: usize = 6;
    pub(super) const STRSZ: usize = 10;
    pub(super) const SYMENT: usize = 11;
    pub(super) const SONAME: usize = 14;
    pub(super) const GNU_HASH: usize = 0x6fff_fef5;
    pub(super) const VERSYM: usize = 0x6fff_fff0;
    pub(super) const VERDEF: usize = 0x6fff_fffc;
    pub(super) const VERDEFNUM: usize = 0x6fff_fffd;
}

/// The image with all words 0.
const TEMPLATE: [u8; PAGE_SIZE] = build();

/// The image for guests on a host with the vDSO `host`.
pub(crate) fn image(host: &HostVdso) -> [u8; PAGE_SIZE] {
    let mut image = TEMPLATE;
    let words = image[WORDS..].chunks_exact_mut(size_of::<usize>());
    for (index, (word, address)) in words.zip(host.addresses()).enumerate() {
        // Which processors a thread keeps to, only the system call knows (`sched_setaffinity(2)`).
        if index != GETCPU {
            word.copy_from_slice(&address.to_le_bytes());
        }
    }
    image
}

/// Where the tables are.
#[derive(Clone, Copy)]
struct Tables {
    hash: usize,
    gnu_hash: usize,
    strings: Strings,
    symbols: usize,
    versions: usize,
    definitions: usize,
}

/// Where the strings are: names from the start of the table.
#[derive(Clone, Copy)]
struct Strings {
    start: usize,
    length: usize,
    name: usize,
    version: usize,
    functions: [usize; COUNT],
}

const fn build() -> [u8; PAGE_SIZE] {
    let mut page = Page::new();
    page.at = HEADER + PROGRAM_HEADERS * PROGRAM_HEADER;
    let strings = put_strings(&mut page);
    let hash = put_hash(&mut page);
    let gnu_hash = put_gnu_hash(&mut page);
    let symbols = page.align(8);
    page.at += SYMBOLS * SYMBOL;
    let versions = put_versions(&mut page);
    let definitions = put_definitions(&mut page, &strings);
    let tables = Tables { hash, gnu_hash, strings, symbols, versions, definitions };
    let dynamic = page.align(8);
    put_dynamic(&mut page, &tables);
    let dynamic_length = page.at - dynamic;
    put_functions(&mut page, &tables);
    assert!(page.at <= WORDS);
    put_headers(&mut page, dynamic, dynamic_length);
    page.bytes
}

const fn put_headers(page: &mut Page, dynamic: usize, dynamic_length: usize) {
    const SHARED_OBJECT: usize = 3;
    const X86_64: usize = 62;
    const SECTION_HEADER: usize = 64;
    const LOAD: u32 = 1;
    const DYNAMIC: u32 = 2;
    const STACK: u32 = 0x6474_e551;
    const EXECUTE: u32 = 1;
    const WRITE: u32 = 2;
    const READ: u32 = 4;
    page.at = 0;
    // 64 bits, little-endian, version 1, System V.
    page.put(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    page.put_u16(SHARED_OBJECT);
    page.put_u16(X86_64);
    page.put_u32(1);
    page.put_u64(0);
    page.put_u64(HEADER);
    page.put_u64(0);
    page.put_u32(0);
    page.put_u16(HEADER);
    page.put_u16(PROGRAM_HEADER);
    page.put_u16(PROGRAM_HEADERS);
    page.put_u16(SECTION_HEADER);
    page.put_u16(0);
    page.put_u16(0);
    assert!(page.at == HEADER);
    put_program_header(page, [LOAD, READ | EXECUTE], [0, PAGE_SIZE, PAGE_SIZE]);
    put_program_header(page, [DYNAMIC, READ], [dynamic, dynamic_length, 8]);
    put_program_header(page, [STACK, READ | WRITE], [0, 0, 16]);
}

/// Append a program header: kind and flags, then place, length and alignment.
const fn put_program_header(page: &mut Page, [kind, flags]: [u32; 2], [at, length, alignment]: [usize; 3]) {
    page.put_u32(kind);
    page.put_u32(flags);
    page.put_u64(at);
    page.put_u64(at);
    page.put_u64(at);
    page.put_u64(length);
    page.put_u64(length);
    page.put_u64(alignment);
}

const fn put_strings(page: &mut Page) -> Strings {
    let start = page.put_string(b"");
    let name = page.put_string(NAME) - start;
    let version = page.put_string(VERSION) - start;
    let mut functions = [0; COUNT];
    let mut index = 0;
    while index < COUNT {
        functions[index] = page.put_string(FUNCTIONS[index].name.to_bytes()) - start;
        index += 1;
    }
    Strings { start, length: page.at - start, name, version, functions }
}

/// Append `DT_HASH`: one bucket, whose chain holds every symbol.
const fn put_hash(page: &mut Page) -> usize {
    let start = page.align(8);
    page.put_u32(1);
    page.put_u32(SYMBOLS as u32);
    page.put_u32(1);
    page.put_u32(0);
    let mut symbol = 1;
    while symbol < SYMBOLS {
        page.put_u32(((symbol + 1) % SYMBOLS) as u32);
        symbol += 1;
    }
    start
}

/// Append `DT_GNU_HASH`: one bucket again, and a Bloom filter that lets everything pass.
const fn put_gnu_hash(page: &mut Page) -> usize {
    const BLOOM_SHIFT: u32 = 6;
    let start = page.align(8);
    page.put_u32(1);
    page.put_u32(1);
    page.put_u32(1);
    page.put_u32(BLOOM_SHIFT);
    page.put_u64(usize::MAX);
    page.put_u32(1);
    let mut symbol = 1;
    while symbol < SYMBOLS {
        // The lowest bit marks the end of a chain.
        let is_last = (symbol + 1 == SYMBOLS) as u32;
        page.put_u32(gnu_hash(symbol_name(symbol)) & !1 | is_last);
        symbol += 1;
    }
    start
}

/// The name of a symbol: first the strong names in order, then the weak ones.
const fn symbol_name(symbol: usize) -> &'static [u8] {
    let name = FUNCTIONS[(symbol - 1) % COUNT].name.to_bytes();
    if is_weak(symbol) { name.split_at(PREFIX).1 } else { name }
}

const fn is_weak(symbol: usize) -> bool {
    symbol > COUNT
}

/// Append the version of every symbol.
const fn put_versions(page: &mut Page) -> usize {
    let start = page.align(8);
    page.put_u16(0);
    let mut symbol = 1;
    while symbol < SYMBOLS {
        page.put_u16(FUNCTION_VERSION);
        symbol += 1;
    }
    start
}

/// Append the two version definitions, each with its name.
const fn put_definitions(page: &mut Page, strings: &Strings) -> usize {
    const BASE: usize = 1;
    const DEFINITION: u32 = 20;
    const LENGTH: u32 = 28;
    let start = page.align(8);
    let mut number = BASE_VERSION;
    while number <= FUNCTION_VERSION {
        let is_base = number == BASE_VERSION;
        page.put_u16(1);
        page.put_u16(if is_base { BASE } else { 0 });
        page.put_u16(number);
        page.put_u16(1);
        page.put_u32(elf_hash(if is_base { NAME } else { VERSION }));
        page.put_u32(DEFINITION);
        page.put_u32(if is_base { LENGTH } else { 0 });
        page.put_u32(narrow(if is_base { strings.name } else { strings.version }));
        page.put_u32(0);
        number += 1;
    }
    start
}

const fn put_dynamic(page: &mut Page, tables: &Tables) {
    let entries = [
        [tag::SONAME, tables.strings.name],
        [tag::HASH, tables.hash],
        [tag::GNU_HASH, tables.gnu_hash],
        [tag::STRTAB, tables.strings.start],
        [tag::STRSZ, tables.strings.length],
        [tag::SYMTAB, tables.symbols],
        [tag::SYMENT, SYMBOL],
        [tag::VERSYM, tables.versions],
        [tag::VERDEF, tables.definitions],
        [tag::VERDEFNUM, FUNCTION_VERSION],
        [tag::NULL, 0],
    ];
    let mut index = 0;
    while index < entries.len() {
        page.put_u64(entries[index][0]);
        page.put_u64(entries[index][1]);
        index += 1;
    }
}

/// Append the functions, and fill in the symbols by their places.
const fn put_functions(page: &mut Page, tables: &Tables) {
    let mut places = [[0; 2]; COUNT];
    let mut index = 0;
    while index < COUNT {
        let start = code::put(page, &FUNCTIONS[index], WORDS + index * size_of::<usize>());
        places[index] = [start, page.at - start];
        index += 1;
    }
    let end = page.at;
    // The first symbol is null.
    page.at = tables.symbols + SYMBOL;
    let mut symbol = 1;
    while symbol < SYMBOLS {
        put_symbol(page, tables, symbol, places[(symbol - 1) % COUNT]);
        symbol += 1;
    }
    page.at = end;
}

const fn put_symbol(page: &mut Page, tables: &Tables, symbol: usize, [start, length]: [usize; 2]) {
    const GLOBAL_FUNCTION: u8 = 0x12;
    const WEAK_FUNCTION: u8 = 0x22;
    const DEFAULT_VISIBILITY: u8 = 0;
    /// Any section will do, but none means an undefined symbol.
    const SECTION: usize = 1;
    let name = tables.strings.functions[(symbol - 1) % COUNT];
    page.put_u32(narrow(if is_weak(symbol) { name + PREFIX } else { name }));
    page.put(&[if is_weak(symbol) { WEAK_FUNCTION } else { GLOBAL_FUNCTION }, DEFAULT_VISIBILITY]);
    page.put_u16(SECTION);
    page.put_u64(start);
    page.put_u64(length);
}
