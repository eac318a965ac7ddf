//! The address space on the fake host: single rules, then random operations against a model of single pages.
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::file::{Attributes, FileKind, Timestamp};
use litebox_host::memory::{Memory, PAGE_SIZE, Protection, UserAccess};
use litebox_host_fake::FakeHost;

use super::{
    AddressSpace, Advice, AreaFlags, Backing, Layout, Limits, MapRequest, Old, Placement, Remap, Span,
    Target, Usage,
};
use crate::error::{ErrorKind, Result};
use crate::file::File;
use crate::user::Destination;

const RW: Protection = Protection::READ.union(Protection::WRITE);
const BASE: usize = 0x10_0000;

fn space() -> (FakeHost, AddressSpace<FakeHost>) {
    let host = FakeHost::new();
    (host.clone(), AddressSpace::new(host, Limits::default()))
}

fn page(index: usize) -> usize {
    BASE + index * PAGE_SIZE
}

fn anonymous(placement: Placement, pages: usize) -> MapRequest {
    MapRequest {
        placement,
        length: pages * PAGE_SIZE,
        protection: RW,
        flags: AreaFlags::empty(),
        backing: Backing::Anonymous,
        label: None,
    }
}

fn kind<T>(result: Result<T>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind)
}

fn ranges(space: &AddressSpace<FakeHost>) -> Vec<Range<usize>> {
    let areas = space.areas().unwrap();
    areas
        .iter()
        .map(|area| (area.range.start - BASE) / PAGE_SIZE..(area.range.end - BASE) / PAGE_SIZE)
        .collect()
}

fn byte(host: &FakeHost, address: usize) -> Option<u8> {
    let mut byte = [0];
    host.read(address, &mut byte).ok().map(|()| byte[0])
}

#[test]
fn neighbours_join_and_cuts_part() {
    let (_host, space) = space();
    space.map(anonymous(Placement::Exact(page(0)), 2)).unwrap();
    space.map(anonymous(Placement::Exact(page(2)), 2)).unwrap();
    assert_eq!(ranges(&space), vec![(0..4)]);
    space.protect(page(1), PAGE_SIZE, Protection::READ, Span::Exact).unwrap();
    assert_eq!(ranges(&space), [0..1, 1..2, 2..4]);
    space.unmap(page(0), 1).unwrap();
    space.unmap(page(2), PAGE_SIZE + 1).unwrap();
    assert_eq!(ranges(&space), vec![(1..2)]);
    space.unmap(page(0), 100 * PAGE_SIZE).unwrap();
    assert_eq!(space.usage(), Usage::default());
}

#[test]
fn holes_are_met_as_linux_meets_them() {
    let (host, space) = space();
    space.map(anonymous(Placement::Exact(page(0)), 5)).unwrap();
    host.write(page(4), &[7]).unwrap();
    space.unmap(page(2), PAGE_SIZE).unwrap();
    let length = 5 * PAGE_SIZE;
    assert_eq!(
        kind(space.protect(page(0), length, Protection::READ, Span::Exact)),
        Some(ErrorKind::NoMemory)
    );
    assert_eq!(host.write(page(1), &[1]).map_err(|fault| fault.copied), Err(0));
    assert_eq!(host.write(page(3), &[1]), Ok(()));
    // Advice goes beyond the hole.
    assert_eq!(kind(space.advise(page(0), length, Advice::DontNeed)), Some(ErrorKind::NoMemory));
    assert_eq!(byte(&host, page(4)), Some(0));
    assert_eq!(space.resident(page(0), length), Ok(2));
    assert!(!space.is_mapped(page(0), length));
    assert_eq!(space.protect(page(2), 0, RW, Span::Exact), Ok(()));
}

#[test]
fn places_are_found_and_refused() {
    let (_host, space) = space();
    space.reset(Layout { top: page(100), heap: page(200) }).unwrap();
    assert_eq!(space.map(anonymous(Placement::Near(0), 2)), Ok(page(98)));
    assert_eq!(space.map(anonymous(Placement::Near(page(50) + 5), 1)), Ok(page(50)));
    assert_eq!(space.map(anonymous(Placement::Near(page(50)), 1)), Ok(page(97)));
    assert_eq!(space.map(anonymous(Placement::Near(0), 50)), Ok(page(0)));
    assert_eq!(kind(space.map(anonymous(Placement::Empty(page(97)), 1))), Some(ErrorKind::Exists));
    assert_eq!(kind(space.map(anonymous(Placement::Exact(1), 1))), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(space.map(anonymous(Placement::Exact(0x1000), 1))), Some(ErrorKind::NotPermitted));
    let end = space.bounds().end;
    assert_eq!(kind(space.map(anonymous(Placement::Exact(end), 1))), Some(ErrorKind::NoMemory));
    let huge = MapRequest { length: usize::MAX, ..anonymous(Placement::Near(0), 1) };
    assert_eq!(kind(space.map(huge)), Some(ErrorKind::NoMemory));
    assert_eq!(kind(space.map(anonymous(Placement::Near(0), 0))), Some(ErrorKind::InvalidArgument));
    let low = space.map(anonymous(Placement::Low, 1)).unwrap();
    assert_eq!(low, 0x8000_0000 - PAGE_SIZE);
    assert_eq!(kind(space.unmap(page(0) + 1, 1)), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(space.unmap(page(0), 0)), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(space.unmap(page(0), usize::MAX - PAGE_SIZE)), Some(ErrorKind::InvalidArgument));
    assert_eq!(space.unmap(0, PAGE_SIZE), Ok(()));
}

#[test]
fn the_heap_grows_until_it_meets_something() {
    let (host, space) = space();
    space.set_heap_start(page(0));
    assert_eq!(space.set_heap_end(0), page(0));
    assert_eq!(space.set_heap_end(page(2) + 1), page(2) + 1);
    host.write(page(2), &[9]).unwrap();
    space.map(anonymous(Placement::Exact(page(6)), 1)).unwrap();
    assert_eq!(space.set_heap_end(page(6)), page(2) + 1);
    assert_eq!(space.set_heap_end(page(5)), page(5));
    assert_eq!(space.set_heap_end(page(1)), page(1));
    assert_eq!(space.set_heap_end(page(3)), page(3));
    assert_eq!(byte(&host, page(2)), Some(0));
    assert_eq!(space.set_heap_end(usize::MAX), page(3));
}

#[test]
fn limits_refuse_growth_and_nothing_else() {
    let (_host, space) = space();
    space.set_limits(|limits| limits.committed = 4 * PAGE_SIZE);
    space.map(anonymous(Placement::Exact(page(0)), 3)).unwrap();
    assert_eq!(kind(space.map(anonymous(Placement::Near(0), 2))), Some(ErrorKind::NoMemory));
    let reserve = MapRequest { protection: Protection::empty(), ..anonymous(Placement::Exact(page(8)), 8) };
    space.map(reserve).unwrap();
    assert_eq!(kind(space.protect(page(8), 2 * PAGE_SIZE, RW, Span::Exact)), Some(ErrorKind::NoMemory));
    space.protect(page(8), PAGE_SIZE, RW, Span::Exact).unwrap();
    // Replacing needs no more than there is.
    space.map(anonymous(Placement::Exact(page(0)), 3)).unwrap();
    space.set_limits(|limits| limits.committed = 0);
    space.unmap(page(1), PAGE_SIZE).unwrap();
    space.set_limits(|limits| {
        *limits = Limits { address_space: 20 * PAGE_SIZE, locked: 2 * PAGE_SIZE, ..Limits::default() };
    });
    assert_eq!(kind(space.map(anonymous(Placement::Near(0), 11))), Some(ErrorKind::NoMemory));
    assert_eq!(kind(space.lock(page(8), 3 * PAGE_SIZE)), Some(ErrorKind::NoMemory));
    space.lock(page(8) + 5, PAGE_SIZE).unwrap();
    assert_eq!(space.usage().locked, 2 * PAGE_SIZE);
    assert_eq!(kind(space.advise(page(8), PAGE_SIZE, Advice::DontNeed)), Some(ErrorKind::InvalidArgument));
    space.unlock_all();
    assert_eq!(space.usage().locked, 0);
    space.lock_new();
    assert_eq!(kind(space.map(anonymous(Placement::Near(0), 3))), Some(ErrorKind::WouldBlock));
}

#[test]
fn the_number_of_areas_is_limited() {
    // The map alone: a fake page for each would be much memory.
    let mut map = super::map::AreaMap::default();
    let mut made = 0;
    loop {
        let range = page(2 * made)..page(2 * made + 1);
        if map.reserve(&range, 1, &mut Vec::new()).is_err() {
            break;
        }
        map.insert(super::Area {
            range,
            protection: RW,
            flags: AreaFlags::empty(),
            backing: Backing::Anonymous,
            label: None,
        });
        made += 1;
    }
    assert_eq!(made, super::MAX_AREAS);
}

#[test]
fn stacks_grow_down_to_their_limit_and_keep_a_gap() {
    let (host, space) = space();
    let top = 0x4000_0000;
    let stack =
        MapRequest { flags: AreaFlags::GROWS_DOWN, ..anonymous(Placement::Exact(top - PAGE_SIZE), 1) };
    space.map(stack).unwrap();
    assert!(space.fault(top - 3 * PAGE_SIZE + 9));
    assert_eq!(byte(&host, top - 3 * PAGE_SIZE), Some(0));
    assert!(!space.fault(top - (8 << 20) - 1));
    assert!(!space.fault(top + 1));
    // What is placed keeps its distance; what was placed close by stops the growth.
    space.map(anonymous(Placement::Exact(top - 16 * PAGE_SIZE), 1)).unwrap();
    assert!(!space.fault(top - 4 * PAGE_SIZE));
    space.unmap(top - 16 * PAGE_SIZE, PAGE_SIZE).unwrap();
    space.protect(top - PAGE_SIZE, PAGE_SIZE, RW | Protection::EXECUTE, Span::WholeStack).unwrap();
    let area = space.find(top - 3 * PAGE_SIZE).unwrap();
    assert!(area.protection.contains(Protection::EXECUTE) && area.length() == 3 * PAGE_SIZE);
}

#[test]
fn mappings_grow_move_and_shrink() {
    let (host, space) = space();
    let remap = |at: usize, old: usize, new: usize, target: Target, kept: Old| {
        let [old_length, new_length] = [old * PAGE_SIZE, new * PAGE_SIZE];
        space.remap(Remap { address: page(at), old_length, new_length, target, old: kept })
    };
    space.map(anonymous(Placement::Exact(page(10)), 2)).unwrap();
    host.write(page(11), b"x").unwrap();
    assert_eq!(remap(10, 2, 3, Target::InPlace, Old::Free), Ok(page(10)));
    space.map(anonymous(Placement::Exact(page(13)), 1)).unwrap();
    space.protect(page(13), PAGE_SIZE, Protection::READ, Span::Exact).unwrap();
    assert_eq!(kind(remap(10, 3, 4, Target::InPlace, Old::Free)), Some(ErrorKind::NoMemory));
    assert_eq!(kind(remap(10, 4, 5, Target::Anywhere, Old::Free)), Some(ErrorKind::BadAddress));
    let moved = remap(10, 3, 5, Target::Anywhere, Old::Free).unwrap();
    assert_eq!(byte(&host, moved + PAGE_SIZE), Some(b'x'));
    assert_eq!(byte(&host, page(11)), None);
    let at = (moved - BASE) / PAGE_SIZE;
    assert_eq!(remap(at, 5, 2, Target::Exact(page(20)), Old::Free), Ok(page(20)));
    assert_eq!(byte(&host, page(21)), Some(b'x'));
    assert_eq!(ranges(&space), [13..14, 20..22]);
    assert_eq!(kind(remap(20, 2, 2, Target::Exact(page(21)), Old::Free)), Some(ErrorKind::InvalidArgument));
    assert_eq!(remap(20, 2, 2, Target::Exact(page(12)), Old::Fresh), Ok(page(12)));
    assert_eq!(byte(&host, page(13)), Some(b'x'));
    assert_eq!(byte(&host, page(21)), Some(0));
    assert_eq!(ranges(&space), [12..14, 20..22]);
    assert_eq!(kind(remap(12, 0, 1, Target::Anywhere, Old::Free)), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(remap(12, 1, 0, Target::Anywhere, Old::Free)), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(remap(50, 1, 1, Target::Anywhere, Old::Free)), Some(ErrorKind::BadAddress));
}

/// A file whose bytes the host does not have: each byte is the number of its page, plus one.
struct Numbers(u64);

impl File for Numbers {
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let position = position.unwrap_or(0);
        let count = self.0.saturating_sub(position).min(1000).min(to.remaining() as u64);
        let bytes: Vec<u8> =
            (position..position + count).map(|at| (at / PAGE_SIZE as u64) as u8 + 1).collect();
        to.put(&bytes)
    }

    fn attributes(&self) -> Result<Attributes> {
        let never = Timestamp::default();
        Ok(Attributes {
            kind: FileKind::Regular,
            mode: 0o644,
            uid: 0,
            gid: 0,
            links: 1,
            inode: 1,
            device: 1,
            special: 0,
            size: self.0,
            blocks: 0,
            block_size: 4096,
            accessed: never,
            modified: never,
            changed: never,
            born: never,
        })
    }
}

#[test]
fn files_of_the_library_os_are_copied() {
    let (host, space) = space();
    let file: Arc<dyn File> = Arc::new(Numbers(2 * PAGE_SIZE as u64 + 10));
    let map = |offset: u64, placement: Placement| MapRequest {
        protection: Protection::READ,
        backing: Backing::from((file.clone(), offset)),
        ..anonymous(placement, 3)
    };
    space.map(map(0, Placement::Exact(page(0)))).unwrap();
    assert_eq!(byte(&host, page(1)), Some(2));
    assert_eq!(byte(&host, page(2) + 9), Some(3));
    assert_eq!(byte(&host, page(2) + 10), Some(0));
    assert!(host.write(page(0), &[1]).is_err());
    space.protect(page(0), PAGE_SIZE, RW, Span::Exact).unwrap();
    host.write(page(0), &[99]).unwrap();
    space.advise(page(0), PAGE_SIZE, Advice::DontNeed).unwrap();
    assert_eq!(byte(&host, page(0)), Some(1));
    space.unmap(page(2), PAGE_SIZE).unwrap();
    let address = page(1);
    let grow = Remap {
        address,
        old_length: PAGE_SIZE,
        new_length: 2 * PAGE_SIZE,
        target: Target::InPlace,
        old: Old::Free,
    };
    assert_eq!(space.remap(grow), Ok(address));
    assert_eq!(byte(&host, page(2)), Some(3));
    let offset = space.find(page(2)).map(|area| area.part(&(page(2)..page(3))).map(|part| part.backing));
    assert!(matches!(offset, Some(Some(Backing::File { offset: 8192, .. }))));
    assert_eq!(kind(space.map(map(5, Placement::Near(0)))), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(space.map(map(!4095, Placement::Near(0)))), Some(ErrorKind::Overflow));
    let forever =
        MapRequest { flags: AreaFlags::SHARED | AreaFlags::READ_ONLY, ..map(0, Placement::Exact(page(8))) };
    space.map(forever).unwrap();
    assert_eq!(kind(space.protect(page(8), 1, RW, Span::Exact)), Some(ErrorKind::AccessDenied));
    drop(space);
    drop(offset);
    assert_eq!(Arc::strong_count(&file), 1);
}

#[test]
fn a_child_gets_what_its_parent_allows() {
    let (host, space) = space();
    space.map(anonymous(Placement::Exact(page(0)), 4)).unwrap();
    for index in 0..4 {
        host.write(page(index), &[5]).unwrap();
    }
    space.advise(page(1), PAGE_SIZE, Advice::Set(AreaFlags::NO_FORK)).unwrap();
    space.advise(page(2), PAGE_SIZE, Advice::Set(AreaFlags::WIPE_ON_FORK)).unwrap();
    space.lock(page(3), PAGE_SIZE).unwrap();
    let child = space.fork(host.clone(), |child| child).unwrap();
    child.enter_child().unwrap();
    assert_eq!(ranges(&child), [0..1, 2..3, 3..4]);
    assert_eq!([byte(&host, page(0)), byte(&host, page(2))], [Some(5), Some(0)]);
    assert_eq!(child.usage().locked, 0);
}

/// What the model knows of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ModelPage {
    protection: Protection,
    byte: u8,
}

/// Random operations on a few pages, done to an address space and to a model of single pages.
struct Model {
    host: FakeHost,
    space: AddressSpace<FakeHost>,
    pages: BTreeMap<usize, ModelPage>,
    seed: u64,
}

const PAGES: usize = 24;

impl Model {
    /// The next number below `limit` (xorshift64*).
    fn below(&mut self, limit: usize) -> usize {
        self.seed ^= self.seed >> 12;
        self.seed ^= self.seed << 25;
        self.seed ^= self.seed >> 27;
        (self.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn stretch(&mut self) -> Range<usize> {
        let start = self.below(PAGES);
        start..start + 1 + self.below(6)
    }

    fn protection(&mut self) -> Protection {
        [Protection::empty(), Protection::READ, RW, RW | Protection::EXECUTE][self.below(4)]
    }

    fn step(&mut self) {
        let range = self.stretch();
        let (address, length) = (page(range.start), range.len() * PAGE_SIZE);
        match self.below(6) {
            0 => {
                let protection = self.protection();
                let request = MapRequest { protection, ..anonymous(Placement::Exact(address), range.len()) };
                self.space.map(request).unwrap();
                self.pages.extend(range.map(|index| (index, ModelPage { protection, byte: 0 })));
            }
            1 => {
                self.space.unmap(address, length).unwrap();
                self.pages.retain(|index, _| !range.contains(index));
            }
            2 => {
                let protection = self.protection();
                let hole = range.clone().find(|index| !self.pages.contains_key(index));
                let outcome = self.space.protect(address, length, protection, Span::Exact);
                assert_eq!(outcome.is_err(), hole.is_some());
                for (_, page) in self.pages.range_mut(range.start..hole.unwrap_or(range.end)) {
                    page.protection = protection;
                }
            }
            3 => {
                let _ = self.space.advise(address, length, Advice::DontNeed);
                self.pages.range_mut(range).for_each(|(_, page)| page.byte = 0);
            }
            4 => self.remap(range),
            _ => {
                let byte = self.below(255) as u8;
                if self.host.write(address, &[byte]).is_ok() {
                    self.pages.get_mut(&range.start).unwrap().byte = byte;
                }
            }
        }
    }

    fn remap(&mut self, from: Range<usize>) {
        let to = self.stretch();
        let outcome = self.space.remap(Remap {
            address: page(from.start),
            old_length: from.len() * PAGE_SIZE,
            new_length: to.len() * PAGE_SIZE,
            target: Target::Exact(page(to.start)),
            old: Old::Free,
        });
        let overlap = from.start < to.end && to.start < from.end;
        let kept = from.start..from.end.min(from.start + to.len());
        let first = self.pages.get(&from.start).copied();
        if !overlap && first.is_some() && to.len() < from.len() {
            // What is cut off goes even if the rest cannot be moved.
            self.pages.retain(|index, _| !(kept.end..from.end).contains(index));
        }
        let alike = |index| self.pages.get(&index).map(|page| page.protection);
        let one_area = kept.clone().all(|index| alike(index).is_some() && alike(index) == alike(from.start));
        if overlap || !one_area {
            assert!(outcome.is_err());
            return;
        }
        // Equal protection may still be two areas, which differ in what was promised.
        if outcome.is_err() {
            return;
        }
        self.pages.retain(|index, _| !to.contains(index));
        for (offset, index) in to.enumerate() {
            let moved = (offset < kept.len()).then_some(from.start + offset);
            let old = moved.and_then(|index| self.pages.remove(&index));
            let protection = first.map_or(RW, |page| page.protection);
            self.pages.insert(index, old.unwrap_or(ModelPage { protection, byte: 0 }));
        }
    }

    fn check(&self) {
        let areas = self.space.areas().unwrap();
        for pair in areas.windows(2) {
            assert!(pair[0].range.end <= pair[1].range.start && !pair[0].is_continued_by(&pair[1]));
        }
        let usage = areas.iter().fold(Usage::default(), |sum, area| sum.plus(Usage::of(area)));
        assert_eq!(usage, self.space.usage());
        let mut mapped = BTreeMap::new();
        for area in &areas {
            for index in (area.range.start - BASE) / PAGE_SIZE..(area.range.end - BASE) / PAGE_SIZE {
                mapped.insert(index, area.protection);
            }
        }
        let expected: BTreeMap<_, _> =
            self.pages.iter().map(|(index, page)| (*index, page.protection)).collect();
        assert_eq!(mapped, expected);
        for index in 0..PAGES + 8 {
            let readable = self.pages.get(&index).filter(|page| page.protection.contains(Protection::READ));
            assert_eq!(byte(&self.host, page(index)), readable.map(|page| page.byte), "page {index}");
        }
    }
}

#[test]
fn random_operations_agree_with_single_pages() {
    for seed in 1..=20 {
        let (host, space) = space();
        let mut model = Model { host, space, pages: BTreeMap::new(), seed };
        for _ in 0..400 {
            model.step();
            model.check();
        }
    }
}

#[test]
fn a_reset_leaves_nothing() {
    let (host, space) = space();
    let addresses: Vec<usize> =
        vec![space.map(anonymous(Placement::Exact(page(0)), 1)), space.map(anonymous(Placement::Near(0), 1))]
            .into_iter()
            .map(Result::unwrap)
            .collect();
    space.reset(Layout { top: page(9), heap: page(3) }).unwrap();
    assert!(addresses.iter().all(|address| byte(&host, *address).is_none()));
    assert_eq!(space.usage(), Usage::default());
    assert_eq!(space.heap(), page(3)..page(3));
    assert!(host.range().contains(&page(0)));
}
