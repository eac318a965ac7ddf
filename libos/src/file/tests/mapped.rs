//! Files mapped into address spaces: the same bytes for all, pages that come and go, and memory given back.

use alloc::sync::Arc;

use litebox_host::memory::{BLOCK_PAGES, PAGE_SIZE, Protection, UserAccess};
use litebox_host_fake::{FakeHost, Node};

use super::fixture::{LIMIT, Sandbox, read_all};
use crate::error::{ErrorKind, Result};
use crate::file::{Allocation, Create, File, FileStatus, MountMode, Seals};
use crate::memory::{
    AddressSpace, Advice, AreaFlags, Backing, Limits, MapRequest, Old, Placement, Remap, Target,
};

const BASE: usize = 0x10_0000;
const RW: FileStatus = FileStatus::READ.union(FileStatus::WRITE);
const SHARED: AreaFlags = AreaFlags::SHARED;
const PRIVATE: AreaFlags = AreaFlags::empty();

fn page(index: usize) -> usize {
    BASE + index * PAGE_SIZE
}

fn setting() -> (Sandbox, FakeHost, AddressSpace<FakeHost>, Arc<dyn File>) {
    let sandbox = Sandbox::overlay();
    let host = sandbox.host.fake.clone();
    let space = AddressSpace::new(host.clone(), Limits::default());
    let file = sandbox.open("/new", RW, Create::IfMissing).unwrap();
    (sandbox, host, space, file)
}

fn map(
    space: &AddressSpace<FakeHost>,
    file: &Arc<dyn File>,
    at: usize,
    pages: usize,
    flags: AreaFlags,
) -> Result<usize> {
    space.map(MapRequest {
        placement: Placement::Exact(page(at)),
        length: pages * PAGE_SIZE,
        protection: Protection::READ | Protection::WRITE,
        flags,
        backing: Backing::from((Arc::clone(file), 0)),
        label: None,
    })
}

fn set_size(file: &Arc<dyn File>, pages: usize) {
    file.regular().unwrap().set_size((pages * PAGE_SIZE) as u64).unwrap();
}

fn byte(host: &FakeHost, address: usize) -> Option<u8> {
    let mut byte = [0];
    host.read(address, &mut byte).ok().map(|()| byte[0])
}

fn in_file(file: &Arc<dyn File>, position: usize) -> u8 {
    let mut byte = [0];
    let mut room: &mut [u8] = &mut byte;
    assert_eq!(file.read(Some(position as u64), &mut room), Ok(1));
    byte[0]
}

#[test]
fn shared_mappings_and_the_file_are_the_same_bytes() {
    let (_sandbox, host, space, file) = setting();
    set_size(&file, 40);
    map(&space, &file, 0, 40, SHARED).unwrap();
    map(&space, &file, 64, 40, SHARED).unwrap();
    host.write(page(33) + 5, b"m").unwrap();
    assert_eq!(in_file(&file, 33 * PAGE_SIZE + 5), b'm');
    assert_eq!(byte(&host, page(64 + 33) + 5), Some(b'm'));
    file.write(Some(7), &mut &b"w"[..]).unwrap();
    assert_eq!([byte(&host, page(0) + 7), byte(&host, page(64) + 7)], [Some(b'w'); 2]);
    space.unmap(page(0), 40 * PAGE_SIZE).unwrap();
    assert_eq!(byte(&host, page(64 + 33) + 5), Some(b'm'));
}

#[test]
fn pages_go_and_come_with_the_size() {
    let (_sandbox, host, space, file) = setting();
    set_size(&file, 20);
    map(&space, &file, 0, 40, SHARED).unwrap();
    host.write(page(18), b"old").unwrap();
    assert_eq!(byte(&host, page(20)), None);
    set_size(&file, 17);
    assert_eq!([byte(&host, page(16)), byte(&host, page(17)), byte(&host, page(18))], [Some(0), None, None]);
    file.write(Some(30 * PAGE_SIZE as u64), &mut &b"far"[..]).unwrap();
    assert_eq!(byte(&host, page(18)), Some(0), "what was cut off is gone");
    assert_eq!([byte(&host, page(30)), byte(&host, page(31))], [Some(b'f'), None]);
    let hole = 0..PAGE_SIZE as u64;
    host.write(page(0), b"x").unwrap();
    file.regular().unwrap().allocate(hole, Allocation::Punch).unwrap();
    assert_eq!(byte(&host, page(0)), Some(0));
    host.write(page(1), b"x").unwrap();
    space.advise(page(1), PAGE_SIZE, Advice::Remove).unwrap();
    assert_eq!(in_file(&file, PAGE_SIZE), 0);
}

#[test]
fn memory_is_given_back_once_it_is_mapped_nowhere() {
    let (sandbox, host, space, file) = setting();
    let others = host.shared_blocks();
    let blocks = |pages: usize| others + pages.div_ceil(BLOCK_PAGES);
    set_size(&file, 40);
    assert_eq!(host.shared_blocks(), others);
    map(&space, &file, 0, 40, SHARED).unwrap();
    host.write(page(39), b"x").unwrap();
    assert_eq!(host.shared_blocks(), blocks(40));
    set_size(&file, 4);
    assert_eq!(host.shared_blocks(), blocks(4));
    // A child that has not come to its memory yet cannot be told.
    let child = space.fork(host.clone(), |child| child).unwrap();
    set_size(&file, 40);
    map(&space, &file, 0, 40, SHARED).unwrap();
    set_size(&file, 4);
    assert_eq!(host.shared_blocks(), blocks(40));
    drop(space);
    assert_eq!(host.shared_blocks(), blocks(40));
    drop(child);
    assert_eq!(host.shared_blocks(), blocks(4));
    let folder = sandbox.view().find(b"/", crate::file::LastLink::Follow).unwrap();
    folder.vnode.directory().unwrap().remove(b"new", crate::file::Removal::Other).unwrap();
    drop(file);
    assert_eq!(host.shared_blocks(), others);
}

#[test]
fn a_child_finds_what_came_after_it_was_made() {
    let (_sandbox, host, space, file) = setting();
    map(&space, &file, 0, 2, SHARED).unwrap();
    let child = space.fork(host.clone(), |child| child).unwrap();
    drop(space);
    set_size(&file, 1);
    child.enter_child().unwrap();
    assert_eq!(byte(&host, page(0)), None);
    assert!(child.fault_beyond(page(0) + 9));
    assert_eq!(byte(&host, page(0)), Some(0));
    assert!(!child.fault_beyond(page(1)));
    assert!(!child.fault_beyond(page(5)));
    set_size(&file, 2);
    assert_eq!(byte(&host, page(1)), Some(0), "by now it is told");
}

#[test]
fn private_pages_are_copied_when_they_are_stored_to() {
    let (_sandbox, host, space, file) = setting();
    set_size(&file, 3);
    map(&space, &file, 0, 2, PRIVATE).unwrap();
    host.write(page(0), b"own").unwrap();
    file.write(Some(0), &mut &b"file"[..]).unwrap();
    file.write(Some(PAGE_SIZE as u64), &mut &b"file"[..]).unwrap();
    assert_eq!([byte(&host, page(0)), byte(&host, page(1))], [Some(b'o'), Some(b'f')]);
    assert_eq!(in_file(&file, 0), b'f');
    let moved = Remap {
        address: page(0),
        old_length: 2 * PAGE_SIZE,
        new_length: 4 * PAGE_SIZE,
        target: Target::Exact(page(10)),
        old: Old::Free,
    };
    space.remap(moved).unwrap();
    assert_eq!([byte(&host, page(10)), byte(&host, page(11))], [Some(b'o'), Some(b'f')]);
    assert_eq!([byte(&host, page(12)), byte(&host, page(13)), byte(&host, page(0))], [Some(0), None, None]);
    space.advise(page(10), PAGE_SIZE, Advice::DontNeed).unwrap();
    assert_eq!(byte(&host, page(10)), Some(b'f'));
}

#[test]
fn shared_memory_moves_and_doubles() {
    let (_sandbox, host, space, file) = setting();
    set_size(&file, 3);
    map(&space, &file, 0, 3, SHARED).unwrap();
    host.write(page(2), b"z").unwrap();
    let twin = |old_length: usize, at: usize| Remap {
        address: page(0),
        old_length,
        new_length: 3 * PAGE_SIZE,
        target: Target::Exact(page(at)),
        old: Old::Free,
    };
    space.remap(twin(0, 10)).unwrap();
    assert_eq!([byte(&host, page(2)), byte(&host, page(12))], [Some(b'z'); 2]);
    space.remap(twin(3 * PAGE_SIZE, 20)).unwrap();
    host.write(page(12), b"y").unwrap();
    assert_eq!([byte(&host, page(2)), byte(&host, page(22))], [None, Some(b'y')]);
}

#[test]
fn a_file_of_the_host_is_copied_for_a_shared_mapping_only() {
    let (sandbox, host, space, _) = setting();
    let bytes: alloc::vec::Vec<u8> = (0..3 * PAGE_SIZE).map(|index| (index / PAGE_SIZE) as u8 + 1).collect();
    host.add_node(sandbox.root, "etc/big", Node::File(bytes.clone(), 0o644));
    let file = sandbox.open("/etc/big", RW, Create::No).unwrap();
    map(&space, &file, 0, 3, PRIVATE).unwrap();
    map(&space, &file, 10, 3, SHARED | AreaFlags::READ_ONLY).unwrap();
    assert_eq!([byte(&host, page(1)), byte(&host, page(12))], [Some(2), Some(3)]);
    assert!(file.host_file().is_some());
    map(&space, &file, 20, 2, SHARED).unwrap();
    assert!(file.host_file().is_none());
    host.write(page(21), &[99]).unwrap();
    let mut wanted = bytes.clone();
    wanted[PAGE_SIZE] = 99;
    assert_eq!(read_all(&*file).unwrap(), wanted);
    assert_eq!(host.file_content(sandbox.root, "etc/big"), bytes);
}

#[test]
fn what_does_not_fit_is_refused() {
    let (_sandbox, host, space, file) = setting();
    let others = host.shared_blocks();
    let pages = usize::try_from(LIMIT).unwrap() / PAGE_SIZE + 1;
    set_size(&file, pages);
    let refused = map(&space, &file, 0, pages, SHARED).err().map(|error| error.kind);
    assert_eq!(refused, Some(ErrorKind::NoSpace));
    assert_eq!((space.usage().mapped, byte(&host, page(0))), (0, None));
    assert_eq!(host.shared_blocks(), others);
}

#[test]
fn seals_hold() {
    let sandbox = Sandbox::with(MountMode::Overlay, None);
    let host = sandbox.host.fake.clone();
    let space = AddressSpace::new(host, Limits::default());
    let namespace = sandbox.place.namespace();
    let file = namespace.open_unmounted(b"memory file:m", 0o777, Seals::empty(), &sandbox.caller).unwrap();
    let regular = file.regular().unwrap();
    let kind = |outcome: Result<()>| outcome.err().map(|error| error.kind);
    set_size(&file, 2);
    map(&space, &file, 0, 2, SHARED).unwrap();
    assert_eq!(kind(regular.add_seals(Seals::WRITE)), Some(ErrorKind::Busy));
    space.unmap(page(0), PAGE_SIZE).unwrap();
    assert_eq!(kind(regular.add_seals(Seals::WRITE)), Some(ErrorKind::Busy), "a part is left");
    space.unmap(page(1), PAGE_SIZE).unwrap();
    regular.add_seals(Seals::WRITE | Seals::GROW).unwrap();
    assert_eq!(kind(map(&space, &file, 0, 2, SHARED).map(drop)), Some(ErrorKind::NotPermitted));
    map(&space, &file, 0, 2, PRIVATE).unwrap();
    assert_eq!(kind(file.write(Some(0), &mut &b"x"[..]).map(drop)), Some(ErrorKind::NotPermitted));
    assert_eq!(kind(regular.set_size(1 << 20)), Some(ErrorKind::NotPermitted));
    regular.set_size(PAGE_SIZE as u64).unwrap();
    regular.add_seals(Seals::SEAL).unwrap();
    assert_eq!(kind(regular.add_seals(Seals::SHRINK)), Some(ErrorKind::NotPermitted));
    assert_eq!(regular.seals(), Some(Seals::WRITE | Seals::GROW | Seals::SEAL));
}
