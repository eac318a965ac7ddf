//! Page tables of four levels (Intel SDM volume 3, section 4.5).
#![expect(unsafe_code, reason = "page tables are memory that the processor reads")]

use core::sync::atomic::{AtomicU64, Ordering};

use litebox_host::memory::Protection;

use crate::frames::{Frame, view};

/// A page is there for the processor.
const PRESENT: u64 = 1;
const WRITE: u64 = 1 << 1;
const USER: u64 = 1 << 2;
const LARGE: u64 = 1 << 7;
/// Ours: the frame is copied before it is written.
const COPY: u64 = 1 << 9;
/// Ours: there is a frame, which nobody may touch at the moment.
const KEPT: u64 = 1 << 10;
const NO_EXECUTE: u64 = 1 << 63;
const ADDRESS: u64 = 0x000f_ffff_ffff_f000;

/// Entries of a table.
const ENTRIES: u64 = 512;
/// The first entry of the top table that is the kernel's.
const KERNEL_HALF: u64 = 256;
const TOP_LEVEL: u32 = 3;

/// What a page's entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// The bytes.
    pub(crate) frame: Frame,
    /// What guest code may do.
    pub(crate) protection: Protection,
    /// Whether a store needs a copy first.
    pub(crate) is_copied_on_write: bool,
}

impl Mapping {
    fn decode(entry: u64) -> Option<Self> {
        if entry & (PRESENT | KEPT) == 0 {
            return None;
        }
        let mut protection = Protection::empty();
        if entry & PRESENT != 0 {
            protection |= Protection::READ;
            protection.set(Protection::WRITE, entry & WRITE != 0);
            protection.set(Protection::EXECUTE, entry & NO_EXECUTE == 0);
        }
        Some(Self { frame: Frame(entry & ADDRESS), protection, is_copied_on_write: entry & COPY != 0 })
    }

    fn encode(self) -> u64 {
        let mut entry = self.frame.0;
        if self.is_copied_on_write {
            entry |= COPY;
        }
        if self.protection.is_empty() {
            return entry | KEPT;
        }
        entry |= PRESENT | USER;
        if self.protection.contains(Protection::WRITE) && !self.is_copied_on_write {
            entry |= WRITE;
        }
        if !self.protection.contains(Protection::EXECUTE) {
            entry |= NO_EXECUTE;
        }
        entry
    }
}

/// The tables of one address space.
#[derive(Debug)]
pub(crate) struct Tables {
    root: Frame,
}

/// The entry `index` of the table in `frame`.
fn entry(frame: Frame, index: u64) -> &'static AtomicU64 {
    let entry = view(frame.0).cast::<AtomicU64>().wrapping_add((index % ENTRIES) as usize);
    // SAFETY: a table is a whole frame, and `index` is below 512. Tables are only changed through such references, and
    // freed when nobody uses their address space.
    unsafe { &*entry }
}

/// Which entry of a table of `level` leads to `address`.
fn index_at(address: u64, level: u32) -> u64 {
    address >> (12 + 9 * level) & (ENTRIES - 1)
}

impl Tables {
    /// Tables with nothing in the lower half; `None` without memory.
    pub(crate) fn new() -> Option<Self> {
        let tables = Self { root: Frame::zeroed()? };
        let current = current_root();
        for index in KERNEL_HALF..ENTRIES {
            let shared = entry(current, index).load(Ordering::Relaxed);
            entry(tables.root, index).store(shared, Ordering::Relaxed);
        }
        Some(tables)
    }

    /// The physical address for CR3.
    pub(crate) fn root(&self) -> u64 {
        self.root.0
    }

    /// The entry of the page at `address`, if there are tables down to it.
    fn leaf(&self, address: u64) -> Option<&'static AtomicU64> {
        let mut table = self.root;
        for level in (1..=TOP_LEVEL).rev() {
            let next = entry(table, index_at(address, level)).load(Ordering::Relaxed);
            if next & PRESENT == 0 {
                return None;
            }
            table = Frame(next & ADDRESS);
        }
        Some(entry(table, index_at(address, 0)))
    }

    fn leaf_made(&self, address: u64) -> Option<&'static AtomicU64> {
        let mut table = self.root;
        for level in (1..=TOP_LEVEL).rev() {
            let place = entry(table, index_at(address, level));
            let next = place.load(Ordering::Relaxed);
            table = if next & PRESENT == 0 {
                let made = Frame::zeroed()?;
                place.store(made.0 | PRESENT | WRITE | USER, Ordering::Relaxed);
                made
            } else {
                Frame(next & ADDRESS)
            };
        }
        Some(entry(table, index_at(address, 0)))
    }

    /// What is at the page at `address`.
    pub(crate) fn get(&self, address: u64) -> Option<Mapping> {
        Mapping::decode(self.leaf(address)?.load(Ordering::Relaxed))
    }

    /// Put `mapping` at the page at `address`; `None` without memory for tables.
    pub(crate) fn set(&self, address: u64, mapping: Mapping) -> Option<()> {
        self.leaf_made(address)?.store(mapping.encode(), Ordering::Relaxed);
        self.flush(address);
        Some(())
    }

    /// Take away what is at the page at `address`.
    pub(crate) fn take(&self, address: u64) -> Option<Mapping> {
        let old = Mapping::decode(self.leaf(address)?.swap(0, Ordering::Relaxed));
        if old.is_some() {
            self.flush(address);
        }
        old
    }

    /// Have the processor forget what it knows of the page at `address`.
    fn flush(&self, address: u64) {
        if current_root() == self.root {
            x86_64::instructions::tlb::flush(x86_64::VirtAddr::new_truncate(address));
        }
    }

    /// Every page with a mapping that lies in `range`, in order. The mappings may be changed by `act`.
    pub(crate) fn each(&self, range: core::ops::Range<u64>, act: &mut dyn FnMut(u64, Mapping)) {
        self.each_below(self.root, TOP_LEVEL, 0, &range, act);
    }

    fn each_below(
        &self,
        table: Frame,
        level: u32,
        base: u64,
        range: &core::ops::Range<u64>,
        act: &mut dyn FnMut(u64, Mapping),
    ) {
        let span = 1_u64 << (12 + 9 * level);
        let entries = if level == TOP_LEVEL { KERNEL_HALF } else { ENTRIES };
        let first = range.start.saturating_sub(base) / span;
        let end = range.end.saturating_sub(base).div_ceil(span).min(entries);
        for index in first..end {
            let start = base + index * span;
            let value = entry(table, index).load(Ordering::Relaxed);
            if level == 0 {
                if let Some(mapping) = Mapping::decode(value) {
                    act(start, mapping);
                }
            } else if value & PRESENT != 0 {
                self.each_below(Frame(value & ADDRESS), level - 1, start, range, act);
            }
        }
    }

    fn free_below(table: Frame, level: u32) {
        let entries = if level == TOP_LEVEL { KERNEL_HALF } else { ENTRIES };
        for index in 0..entries {
            let value = entry(table, index).load(Ordering::Relaxed);
            if level == 0 {
                if let Some(mapping) = Mapping::decode(value) {
                    mapping.frame.release();
                }
            } else if value & PRESENT != 0 {
                Self::free_below(Frame(value & ADDRESS), level - 1);
            }
        }
        table.release();
    }
}

impl Drop for Tables {
    /// Whoever drops the tables runs in others.
    fn drop(&mut self) {
        Self::free_below(self.root, TOP_LEVEL);
    }
}

/// The tables that the processor uses.
pub(crate) fn current_root() -> Frame {
    let (frame, _) = x86_64::registers::control::Cr3::read();
    Frame(frame.start_address().as_u64())
}

/// The address of the last page fault.
pub(crate) fn fault_address() -> u64 {
    x86_64::registers::control::Cr2::read_raw()
}

/// Use the tables at `root`, whose upper half is the kernel's.
pub(crate) fn use_root(root: u64) {
    let frame =
        x86_64::structures::paging::PhysFrame::containing_address(x86_64::PhysAddr::new_truncate(root));
    // SAFETY: every root has the kernel's upper half, where this code and its stack lie.
    unsafe {
        x86_64::registers::control::Cr3::write(frame, x86_64::registers::control::Cr3Flags::empty());
    }
}

/// Extend the kernel's view of physical memory from the first gigabyte up to `end`, and give up the identity mapping.
/// `make` gives zeroed frames; the heap need not work yet.
pub(crate) fn map_physical(end: u64, mut make: impl FnMut() -> Frame) {
    const GIGABYTE: u64 = 1 << 30;
    const LARGE_PAGE: u64 = 2 << 20;
    let root = current_root();
    let low = Frame(entry(root, KERNEL_HALF).load(Ordering::Relaxed) & ADDRESS);
    for gigabyte in 1..end.div_ceil(GIGABYTE).min(ENTRIES) {
        let pages = make();
        for index in 0..ENTRIES {
            let address = gigabyte * GIGABYTE + index * LARGE_PAGE;
            entry(pages, index).store(address | PRESENT | WRITE | LARGE | NO_EXECUTE, Ordering::Relaxed);
        }
        entry(low, gigabyte).store(pages.0 | PRESENT | WRITE, Ordering::Relaxed);
    }
    entry(root, 0).store(0, Ordering::Relaxed);
    use_root(root.0);
}
