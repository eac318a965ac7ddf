//! The constructors and destructors of the images of a TA.
//!
//! The loader writes into [`__elf_phdr_info`] where the program headers are, one record an image with the main image
//! first; the arrays are found through each image's dynamic section, as the System V ABI defines it.
#![expect(unsafe_code, reason = "tables that the loader made are read, and functions in them called")]

/// Size of a `dl_phdr_info`, as the loader writes them.
const RECORD: u64 = 64;
/// Size of an ELF program header.
const HEADER: u64 = 56;
const PT_DYNAMIC: u64 = 2;

/// Tags of the dynamic section: where an array is, and its size in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Tags {
    address: u64,
    size: u64,
}

/// `DT_INIT_ARRAY` and `DT_INIT_ARRAYSZ`.
pub(crate) const INIT: Tags = Tags { address: 25, size: 27 };
/// `DT_FINI_ARRAY` and `DT_FINI_ARRAYSZ`.
pub(crate) const FINI: Tags = Tags { address: 26, size: 28 };

/// What the loader fills in: how many records, and where the first is.
#[repr(C)]
struct HeaderInformation {
    reserved: u32,
    count: u16,
    reserved_byte: u8,
    zero: u8,
    first: u64,
}

/// Found by the loader by its name in the dynamic symbols.
#[unsafe(no_mangle)]
static mut __elf_phdr_info: HeaderInformation =
    HeaderInformation { reserved: 0, count: 0, reserved_byte: 0, zero: 0, first: 0 };

/// Runs the constructors: those of libraries before those of the image that uses them.
pub(crate) fn construct() {
    let information = information();
    for image in (0..u64::from(information.count)).rev() {
        for_each(&read, record(&information, image), INIT, Order::Forward, call);
    }
}

/// Runs the destructors, in the reverse order.
pub(crate) fn destruct() {
    let information = information();
    for image in 0..u64::from(information.count) {
        for_each(&read, record(&information, image), FINI, Order::Backward, call);
    }
}

fn information() -> HeaderInformation {
    let place = &raw const __elf_phdr_info;
    // SAFETY: the static is ours. The loader wrote it before the first entry, which the compiler cannot see.
    unsafe { place.read_volatile() }
}

fn record(information: &HeaderInformation, image: u64) -> u64 {
    information.first + image * RECORD
}

fn read(address: u64) -> u64 {
    // SAFETY: the address lies in the loader's records, a program header or a dynamic section that these name, all of
    // which the loader keeps mapped and in place.
    unsafe { core::ptr::with_exposed_provenance::<u64>(address as usize).read_unaligned() }
}

fn call(address: u64) {
    let address = core::ptr::with_exposed_provenance::<()>(address as usize);
    // SAFETY: an entry of an initialisation array is the relocated address of a function of this type.
    let function = unsafe { core::mem::transmute::<*const (), extern "C" fn()>(address) };
    function();
}

/// The direction in which an array is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Forward,
    Backward,
}

/// Calls `visit` with each function of one array of one image. 0 and -1 mark absent entries.
fn for_each(read: &impl Fn(u64) -> u64, record: u64, tags: Tags, order: Order, visit: impl Fn(u64)) {
    let base = read(record);
    let Some(dynamic) = dynamic_section(read, record) else { return };
    let (Some(array), Some(size)) = (entry(read, dynamic, tags.address), entry(read, dynamic, tags.size))
    else {
        return;
    };
    let count = size / 8;
    for step in 0..count {
        let index = if order == Order::Forward { step } else { count - 1 - step };
        let function = read(base + array + index * 8);
        if !matches!(function, 0 | u64::MAX) {
            visit(function);
        }
    }
}

fn dynamic_section(read: &impl Fn(u64) -> u64, record: u64) -> Option<u64> {
    let base = read(record);
    let headers = read(record + 16);
    let count = read(record + 24) & 0xFFFF;
    let mut all = (0..count).map(|index| headers + index * HEADER);
    let found = all.find(|header| read(*header) & 0xFFFF_FFFF == PT_DYNAMIC)?;
    Some(base + read(found + 16))
}

/// The value of a tag, before the end mark.
fn entry(read: &impl Fn(u64) -> u64, dynamic: u64, tag: u64) -> Option<u64> {
    let mut at = dynamic;
    loop {
        match read(at) {
            0 => return None,
            found if found == tag => return Some(read(at + 8)),
            _ => at += 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use core::cell::RefCell;
    use std::collections::BTreeMap;
    use std::vec::Vec;

    use super::{FINI, INIT, Order, Tags, for_each};

    /// An image at 0x10000: record at 0x100, headers at 0x200, dynamic section at base + 0x300, arrays behind it.
    fn memory() -> BTreeMap<u64, u64> {
        let headers = [(0x200, 1), (0x238, 2 | 6 << 32), (0x238 + 16, 0x300)];
        let dynamic = [(0x300, 25), (0x308, 0x400), (0x310, 27), (0x318, 32), (0x320, 26), (0x328, 0x400)];
        let more = [(0x330, 28), (0x338, 32), (0x340, 0)];
        let array = [(0x400, 0xA), (0x408, 0), (0x410, u64::MAX), (0x418, 0xB)];
        let record = [(0x100, 0x10000), (0x110, 0x200), (0x118, 0xFFFF_0002)];
        let moved = dynamic.iter().chain(&more).chain(&array).map(|(at, word)| (at + 0x10000, *word));
        record.into_iter().chain(headers).chain(moved).collect()
    }

    fn run(tags: Tags, order: Order) -> Vec<u64> {
        let (memory, called) = (memory(), RefCell::new(Vec::new()));
        let read = |address: u64| memory.get(&address).copied().unwrap_or_default();
        for_each(&read, 0x100, tags, order, |function| called.borrow_mut().push(function));
        called.into_inner()
    }

    #[test]
    fn constructors_run_forwards_and_destructors_backwards_without_marks() {
        assert_eq!(run(INIT, Order::Forward), [0xA, 0xB]);
        assert_eq!(run(FINI, Order::Backward), [0xB, 0xA]);
    }

    #[test]
    fn an_image_without_the_array_runs_nothing() {
        assert_eq!(run(Tags { address: 99, size: 100 }, Order::Forward), Vec::<u64>::new());
    }
}
