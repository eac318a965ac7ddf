//! The loader: what it accepts, what it refuses, and what an application finds.

use alloc::vec::Vec;

use litebox_host::memory::{Memory, Protection, UserAccess};
use litebox_host_fake::FakeHost;
use litebox_libos::memory::{AddressSpace, Limits};

use super::fuzz::{DATA, INFORMATION, MOVED, RELOCATION, SMALLEST, smallest_application};
use super::{Image, Loaded, commit};
use crate::abi::process::ApplicationFlags;
use crate::error::TeeError;

fn parse(change: impl FnOnce(&mut Vec<u8>)) -> Result<Image, TeeError> {
    let mut file = smallest_application();
    change(&mut file);
    Image::parse(file)
}

fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> TeeError {
    parse(change).expect_err("it is refused")
}

fn set(file: &mut [u8], at: u64, bytes: &[u8]) {
    let at = usize::try_from(at).expect("it is in the file");
    file.get_mut(at..at + bytes.len()).expect("it is in the file").copy_from_slice(bytes);
}

/// Offsets of the program headers.
const TEXT: u64 = 64;
const WRITABLE: u64 = 64 + 56;

#[test]
fn a_good_application_is_understood() {
    let image = parse(|_| ()).expect("it is good");
    assert_eq!(image.head.uuid, SMALLEST);
    assert!(image.flags.contains(ApplicationFlags::SINGLE_INSTANCE));
    assert_eq!((image.entry, image.segments.len(), image.relocations.len()), (0x20, 2, 1));
    assert_eq!(image.information, Some(usize::try_from(DATA + INFORMATION).expect("it fits")));
    assert_eq!(image.size(), 0x4000);
}

#[test]
fn other_files_are_refused() {
    assert_eq!(Image::parse(Vec::new()).err(), Some(TeeError::BAD_FORMAT));
    assert_eq!(refusal(|file| set(file, 0, b"#!/b")), TeeError::BAD_FORMAT);
    assert_eq!(refusal(|file| set(file, 4, &[1])), TeeError::BAD_FORMAT, "32-bit");
    assert_eq!(refusal(|file| set(file, 16, &[2])), TeeError::BAD_FORMAT, "not movable");
    assert_eq!(refusal(|file| set(file, 18, &[0xb7])), TeeError::BAD_FORMAT, "another machine");
    assert_eq!(refusal(|file| set(file, 54, &[57])), TeeError::BAD_FORMAT, "odd program headers");
    assert_eq!(
        refusal(|file| set(file, 33, &[0x10])),
        TeeError::NOT_SUPPORTED,
        "headers beyond the first page"
    );
    assert_eq!(refusal(|file| file.truncate(0x1010)), TeeError::BAD_FORMAT);
}

#[test]
fn segments_are_checked() {
    assert_eq!(refusal(|file| set(file, TEXT + 4, &[7])), TeeError::BAD_FORMAT, "written and run");
    assert_eq!(refusal(|file| set(file, TEXT + 4, &[1])), TeeError::BAD_FORMAT, "the entry is no code");
    assert_eq!(refusal(|file| set(file, WRITABLE + 4, &[2])), TeeError::BAD_FORMAT, "cannot be read");
    assert_eq!(
        refusal(|file| set(file, WRITABLE + 16, &[0; 8])),
        TeeError::BAD_FORMAT,
        "pages in two segments"
    );
    assert_eq!(refusal(|file| set(file, WRITABLE + 16, &[0xff; 8])), TeeError::BAD_FORMAT, "no address");
    assert_eq!(
        refusal(|file| set(file, WRITABLE + 32, &[0xff; 8])),
        TeeError::BAD_FORMAT,
        "longer than the file"
    );
    assert_eq!(
        refusal(|file| set(file, WRITABLE + 40, &[1, 0])),
        TeeError::BAD_FORMAT,
        "shorter than its bytes"
    );
    assert_eq!(refusal(|file| set(file, WRITABLE, &[3])), TeeError::NOT_SUPPORTED, "an interpreter");
    assert_eq!(refusal(|file| set(file, 24, &[0x30])), TeeError::BAD_FORMAT, "the entry is beyond the code");
}

#[test]
fn the_head_is_checked() {
    assert_eq!(refusal(|file| set(file, 0x1010, &[0; 4])), TeeError::BAD_FORMAT, "no stack");
    assert_eq!(refusal(|file| set(file, 0x1010, &[8, 16])), TeeError::BAD_FORMAT, "a stack out of line");
    assert_eq!(refusal(|file| set(file, 0x1015, &[0x40])), TeeError::BAD_FORMAT, "an unknown flag");
    assert_eq!(refusal(|file| set(file, 0x1015, &[1])), TeeError::BAD_FORMAT, "concurrent");
    assert_eq!(refusal(|file| set(file, 0x1018, &[0; 8])), TeeError::BAD_FORMAT, "an older entry");
}

#[test]
fn relocations_are_checked() {
    let at = 0x2000 + RELOCATION;
    assert_eq!(refusal(|file| set(file, at + 8, &[1])), TeeError::NOT_SUPPORTED, "against a symbol");
    assert_eq!(refusal(|file| set(file, at, &[0; 8])), TeeError::BAD_FORMAT, "of code");
    assert_eq!(refusal(|file| set(file, at, &[0xff; 8])), TeeError::BAD_FORMAT, "of nothing");
    assert!(parse(|file| set(file, at + 8, &[0])).is_ok_and(|image| image.relocations.is_empty()));
}

fn load(host: &FakeHost, memory: &AddressSpace<FakeHost>) -> (usize, Loaded) {
    let image = parse(|_| ()).expect("it is good");
    let loaded = commit(host, memory, &image).expect("there is room");
    (loaded.entry - 0x20, loaded)
}

fn long(host: &FakeHost, at: usize) -> u64 {
    let mut bytes = [0; 8];
    UserAccess::read(host, at, &mut bytes).expect("it is mapped");
    u64::from_le_bytes(bytes)
}

#[test]
fn an_instance_finds_what_the_sheet_says() {
    let host = FakeHost::new();
    let memory = AddressSpace::new(host.clone(), Limits::default());
    let (base, loaded) = load(&host, &memory);
    let data = base + usize::try_from(DATA).expect("it fits");
    let place = |offset: u64| data + usize::try_from(offset).expect("it fits");
    assert_eq!(long(&host, place(MOVED)), base as u64 + 0x20, "the relocation");
    let told = usize::try_from(loaded.thread_pointer).expect("it is an address");
    assert_ne!(long(&host, told + 0x28), 0, "the canary");
    assert_eq!(long(&host, place(INFORMATION)), 1 << 32, "reserved, one module");
    let module = usize::try_from(long(&host, place(INFORMATION + 8))).expect("it is an address");
    assert_eq!((long(&host, module), long(&host, module + 24)), (base as u64, 3), "place and headers");
    let headers = usize::try_from(long(&host, module + 16)).expect("it is an address");
    assert_eq!(long(&host, headers), 5 << 32 | 1, "a loaded segment that is read and run");
    let protection = |at| memory.find(at).map(|area| area.protection);
    assert_eq!(protection(base), Some(Protection::READ | Protection::EXECUTE));
    assert_eq!(protection(data), Some(Protection::READ | Protection::WRITE));
    assert_eq!(protection(told), Some(Protection::READ));
    assert_eq!(protection(loaded.stack - 1), Some(Protection::READ | Protection::WRITE));
    assert_eq!(protection(loaded.stack - 4097), Some(Protection::empty()), "the guard page");
}

#[test]
fn instances_lie_at_random_places_and_leave_nothing_behind() {
    let host = FakeHost::new();
    let memory = AddressSpace::new(host.clone(), Limits::default());
    let (first, loaded) = load(&host, &memory);
    let canary = long(&host, usize::try_from(loaded.thread_pointer).expect("it is an address") + 0x28);
    let (second, loaded) = load(&host, &memory);
    assert_ne!(first, second);
    assert_ne!(canary, long(&host, usize::try_from(loaded.thread_pointer).expect("it is an address") + 0x28));
    assert!(memory.find(first).is_none() || (second..second + 0x4000).contains(&first));
    assert!(memory.bounds().end <= host.range().end);
}
