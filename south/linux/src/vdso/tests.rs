//! The guest's image as C libraries and Go's runtime read it, called in this process.
#![expect(unsafe_code, reason = "the image is loaded and its functions called")]

extern crate std;

use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::io::Write as _;
use std::os::fd::AsRawFd as _;
use std::vec::Vec;

use elf::ElfBytes;
use elf::endian::LittleEndian;

use super::functions::{FUNCTIONS, GETCPU, PREFIX};
use super::guest::image;
use super::host::{HostVdso, find, functions};
use super::layout::{elf_hash, gnu_hash};

// SAFETY: the signatures are those of dlfcn.h, sys/auxv.h and sys/mman.h.
unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlvsym(handle: *mut c_void, name: *const c_char, version: *const c_char) -> *mut c_void;
    fn getauxval(key: u64) -> u64;
    fn memfd_create(name: *const c_char, flags: u32) -> c_int;
}

/// `struct timespec`, and long enough for what the other functions write.
type Time = [c_long; 2];

/// The vDSO of this process.
fn own() -> HostVdso {
    const SYSINFO_EHDR: u64 = 33;
    // SAFETY: it reads what the kernel gave this process, whatever the key is.
    let base = unsafe { getauxval(SYSINFO_EHDR) } as usize;
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let line = maps.lines().find(|line| line.ends_with("[vdso]")).unwrap();
    let end = line.split(['-', ' ']).nth(1).unwrap();
    // SAFETY: the range is that of the kernel's vDSO.
    unsafe { find(base..usize::from_str_radix(end, 16).unwrap()) }
}

#[test]
fn the_kernels_functions_are_found() {
    let vdso = own();
    assert!(vdso.addresses().iter().all(|address| vdso.range().contains(address)), "{vdso:x?}");
}

#[test]
fn a_broken_image_of_the_kernel_does_no_harm() {
    let good = image(&HostVdso::default());
    assert_eq!(functions(&good).unwrap().iter().flatten().count(), FUNCTIONS.len());
    for at in 0..good.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut broken = good;
            broken[at] = value;
            let _ = functions(&broken);
        }
        let _ = functions(&good[..at]);
    }
}

#[test]
fn the_image_is_a_shared_object() {
    let image = image(&HostVdso::default());
    let file = ElfBytes::<LittleEndian>::minimal_parse(&image).unwrap();
    assert_eq!((file.ehdr.e_type, file.ehdr.e_machine), (elf::abi::ET_DYN, elf::abi::EM_X86_64));
    let segments: Vec<_> = file.segments().unwrap().iter().collect();
    let kinds = [elf::abi::PT_LOAD, elf::abi::PT_DYNAMIC, elf::abi::PT_GNU_STACK];
    assert_eq!(segments.iter().map(|segment| segment.p_type).collect::<Vec<_>>(), kinds);
    assert_eq!(segments[0].p_flags, elf::abi::PF_R | elf::abi::PF_X);
    assert_eq!((segments[0].p_vaddr, segments[0].p_memsz), (0, image.len() as u64));
    // The numbers that Go's runtime holds.
    let name = b"__vdso_clock_gettime";
    assert_eq!((elf_hash(name), gnu_hash(name)), (0xd35_ec75, 0x6e43_a318));
}

/// The image as Go's `runtime/vdso_linux.go` sees it: numbers read at offsets from the dynamic section.
struct Reader<'a> {
    image: &'a [u8],
    entries: Vec<(u64, u64)>,
}

impl Reader<'_> {
    fn new(image: &[u8]) -> Reader<'_> {
        let file = ElfBytes::<LittleEndian>::minimal_parse(image).unwrap();
        let entries = file.dynamic().unwrap().unwrap().iter();
        Reader { image, entries: entries.map(|entry| (entry.d_tag as u64, entry.d_val())).collect() }
    }

    fn tag(&self, tag: u64) -> usize {
        self.entries.iter().find(|entry| entry.0 == tag).unwrap().1 as usize
    }

    fn half(&self, at: usize) -> usize {
        usize::from(u16::from_le_bytes(*self.image[at..].first_chunk().unwrap()))
    }

    fn word(&self, at: usize) -> usize {
        u32::from_le_bytes(*self.image[at..].first_chunk().unwrap()) as usize
    }

    fn string(&self, offset: usize) -> &str {
        CStr::from_bytes_until_nul(&self.image[self.tag(5) + offset..]).unwrap().to_str().unwrap()
    }

    /// The number of the version `LINUX_2.6`.
    fn version(&self) -> usize {
        let mut at = self.tag(0x6fff_fffc);
        loop {
            let name = self.word(at + self.word(at + 12));
            let is_base = self.half(at + 2) & 1 != 0;
            if !is_base && self.word(at + 8) == 61_765_110 && self.string(name) == "LINUX_2.6" {
                return self.half(at + 4);
            }
            let next = self.word(at + 16);
            assert_ne!(next, 0, "the version is missing");
            at += next;
        }
    }

    /// Whether a symbol is the function wanted.
    fn matches(&self, symbol: usize, name: &str, version: usize) -> bool {
        let at = self.tag(6) + 24 * symbol;
        let information = self.image[at + 4];
        let is_function =
            information & 15 == 2 && matches!(information >> 4, 1 | 2) && self.half(at + 6) != 0;
        is_function
            && self.string(self.word(at)) == name
            && self.half(self.tag(0x6fff_fff0) + 2 * symbol) & 0x7fff == version
    }

    fn by_hash(&self, name: &str) -> Option<usize> {
        let (table, version) = (self.tag(4), self.version());
        let (buckets, chain) = (self.word(table), table + 8 + 4 * self.word(table));
        let mut symbol = self.word(table + 8 + 4 * (elf_hash(name.as_bytes()) as usize % buckets));
        while symbol != 0 {
            if self.matches(symbol, name, version) {
                return Some(symbol);
            }
            symbol = self.word(chain + 4 * symbol);
        }
        None
    }

    fn by_gnu_hash(&self, name: &str) -> Option<usize> {
        let (table, version) = (self.tag(0x6fff_fef5), self.version());
        let hash = gnu_hash(name.as_bytes()) as usize;
        let [buckets, first, bloom] = [0, 4, 8].map(|offset| self.word(table + offset));
        let bucket = table + 16 + 8 * bloom;
        let mut symbol = self.word(bucket + 4 * (hash % buckets));
        loop {
            let found = self.word(bucket + 4 * buckets + 4 * symbol.checked_sub(first)?);
            if found | 1 == hash | 1 && self.matches(symbol, name, version) {
                return Some(symbol);
            }
            if found & 1 == 1 {
                return None;
            }
            symbol += 1;
        }
    }
}

#[test]
fn every_way_of_looking_up_finds_every_name() {
    let image = image(&HostVdso::default());
    let reader = Reader::new(&image);
    assert_eq!(reader.string(reader.tag(14)), "linux-vdso.so.1");
    let mut places = Vec::new();
    for name in FUNCTIONS.iter().flat_map(|function| {
        let name = function.name.to_str().unwrap();
        [name, &name[PREFIX..]]
    }) {
        let symbol = reader.by_hash(name).unwrap();
        assert_eq!(reader.by_gnu_hash(name), Some(symbol), "{name}");
        places.push(reader.word(reader.tag(6) + 24 * symbol + 8));
    }
    assert!(places.chunks(2).all(|pair| pair[0] == pair[1]), "the weak names are the same functions");
    assert_eq!([reader.by_hash("__vdso_getrandom"), reader.by_gnu_hash("__vdso_getrandom")], [None, None]);
}

/// The functions of an image as the C library's loader finds them, in the order of [`FUNCTIONS`].
fn load(image: &[u8]) -> [*mut c_void; FUNCTIONS.len()] {
    const NOW: c_int = 2;
    // SAFETY: makes a file, which nothing else uses.
    let file = unsafe { memfd_create(c"vdso".as_ptr(), 0) };
    // SAFETY: the descriptor is fresh.
    let mut file: std::fs::File = unsafe { std::os::fd::FromRawFd::from_raw_fd(file) };
    file.write_all(image).unwrap();
    let mut path = std::format!("/proc/self/fd/{}", file.as_raw_fd());
    path.push('\0');
    // SAFETY: the path ends with a zero; the object has no constructors.
    let handle = unsafe { dlopen(path.as_ptr().cast(), NOW) };
    assert!(!handle.is_null(), "not taken as a shared object");
    // The file stays open: the loader knows an object by its file, whose number may be given to another.
    core::mem::forget(file);
    FUNCTIONS.map(|function| {
        // SAFETY: the handle is good, the strings end with a zero.
        let address = unsafe { dlvsym(handle, function.name.as_ptr(), c"LINUX_2.6".as_ptr()) };
        assert!(!address.is_null(), "{:?}", function.name);
        address
    })
}

/// Call a function with a clock and a place, or two places.
fn call(function: *mut c_void, first: usize, second: &mut Time) -> i64 {
    // SAFETY: all functions take integers and pointers only; those passed are good for what they write.
    let function: extern "C" fn(usize, *mut Time, usize) -> i64 = unsafe { core::mem::transmute(function) };
    function(first, second, 0)
}

#[test]
fn functions_answer_through_the_kernel_or_by_system_call() {
    let wall = || std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64;
    for host in [own(), HostVdso::default()] {
        let [clock_gettime, gettimeofday, time, clock_getres, getcpu] = load(&image(&host));
        let mut answer = [0; 2];
        for clock in [0, 1, 2, 3, 4, 5, 6, 7, 11] {
            answer = [0; 2];
            assert_eq!(call(clock_gettime, clock, &mut answer) as i32, 0, "clock {clock}");
            assert!(answer != [0; 2] && (0..1_000_000_000).contains(&answer[1]), "clock {clock}");
            assert_eq!(call(clock_getres, clock, &mut answer) as i32, 0, "clock {clock}");
            assert!(answer[0] == 0 && answer[1] > 0, "clock {clock}");
        }
        // -2 is the processor-time clock of process 0, which is the caller; the other two are nobody's.
        for (clock, result) in [(31, -22), (u32::MAX as usize - 1, 0), (1 << 31 | 7, -22)] {
            assert_eq!(call(clock_gettime, clock, &mut answer) as i32, result, "clock {clock}");
        }
        let mut now = [0; 2];
        assert_eq!(call(gettimeofday, (&raw mut now).addr(), &mut answer) as i32, 0);
        assert!((wall() - now[0]).abs() < 5, "{now:?}");
        assert!((wall() - call(time, 0, &mut answer)).abs() < 5);
        let mut processor = [-1_i64; 2];
        assert_eq!(call(getcpu, (&raw mut processor).addr(), &mut answer) as i32, 0);
        assert!((processor[0] & 0xffff_ffff) < 8192, "on processor {}", processor[0]);
    }
}

#[test]
fn the_words_hold_the_kernels_addresses_but_that_of_getcpu() {
    let host = own();
    let image = image(&host);
    let words: Vec<usize> = image[image.len() - 40..]
        .chunks(8)
        .map(|word| usize::from_le_bytes(word.try_into().unwrap()))
        .collect();
    let mut wanted = *host.addresses();
    wanted[GETCPU] = 0;
    assert_eq!(words, wanted);
}
