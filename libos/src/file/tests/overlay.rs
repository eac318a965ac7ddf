//! Trees over the host's folder: changes, removals, listings, and what is asked of the host.

use alloc::vec;
use alloc::vec::Vec;

use litebox_host::file::FileKind;
use litebox_host_fake::Node;

use super::fixture::{LIMIT, Sandbox, list, read_all};
use crate::error::ErrorKind;
use crate::file::{
    Allocation, Create, FileStatus, LastLink, MountMode, NewVnode, Removal, Rename, SeekTo, SetTime,
    change_mode, change_times,
};

#[test]
fn the_first_answer_stays_and_the_host_is_not_asked_again() {
    let sandbox = Sandbox::overlay();
    let look = || {
        assert_eq!(sandbox.read("/bin/sh").unwrap(), b"#!");
        assert_eq!(sandbox.find_error("/etc/nothing"), Some(ErrorKind::NotFound));
        assert_eq!(sandbox.names("/etc").len(), 3);
        assert!(sandbox.attributes("/etc/shadow").is_ok());
    };
    look();
    let before = sandbox.host.requests();
    sandbox.host.fake.add_node(sandbox.root, "etc/nothing", Node::Directory(0o755));
    look();
    assert_eq!(sandbox.host.requests(), before);
}

#[test]
fn a_file_is_found_and_opened_in_one_request() {
    let sandbox = Sandbox::overlay();
    let before = sandbox.host.requests();
    let open = sandbox.open("/usr/bin/sh", FileStatus::READ, Create::No).unwrap();
    assert!(open.host_file().is_some());
    assert_eq!(sandbox.host.requests(), before + 1);
    // What was only looked at is opened when it is needed.
    sandbox.attributes("/etc/passwd").unwrap();
    let open = sandbox.open("/etc/passwd", FileStatus::READ, Create::No).unwrap();
    assert!(open.host_file().is_some());
}

#[test]
fn a_write_changes_the_object_and_not_the_host() {
    let sandbox = Sandbox::overlay();
    let before = sandbox.attributes("/etc/passwd").unwrap();
    let open = sandbox.open("/etc/passwd", FileStatus::READ, Create::No).unwrap();
    assert!(open.host_file().is_some());
    assert_eq!(sandbox.write("/etc/passwd", 5, b"y"), Ok(1));
    assert_eq!(read_all(&*open).unwrap(), b"root:y:0:0");
    assert!(open.host_file().is_none(), "the host has other bytes");
    let after = sandbox.attributes("/etc/passwd").unwrap();
    assert_eq!((before.inode, before.device, before.mode), (after.inode, after.device, after.mode));
    assert!(after.modified > before.modified);
    assert_eq!(sandbox.host.fake.file_content(sandbox.root, "etc/passwd"), b"root:x:0:0");
}

#[test]
fn cutting_and_growing_read_zeros() {
    let sandbox = Sandbox::overlay();
    let file = sandbox.open("/etc/passwd", FileStatus::READ | FileStatus::WRITE, Create::No).unwrap();
    let regular = file.regular().unwrap();
    regular.set_size(4).unwrap();
    regular.set_size(8).unwrap();
    assert_eq!(read_all(&*file).unwrap(), b"root\0\0\0\0");
    let mut end: &[u8] = b"end";
    assert_eq!(file.append(&mut end), Ok((3, 11)));
    assert_eq!(read_all(&*file).unwrap(), b"root\0\0\0\0end");
}

#[test]
fn holes_cost_nothing_and_are_found() {
    let sandbox = Sandbox::overlay();
    let file = sandbox.open("/tmp/sparse", FileStatus::READ | FileStatus::WRITE, Create::IfMissing).unwrap();
    let mut bytes: &[u8] = b"far";
    assert_eq!(file.write(Some(1 << 40), &mut bytes), Ok(3));
    let attributes = file.attributes().unwrap();
    assert_eq!((attributes.size, attributes.blocks), ((1 << 40) + 3, 8));
    let regular = file.regular().unwrap();
    assert_eq!(regular.seek(5, SeekTo::Data), Ok(1 << 40));
    assert_eq!(regular.seek(5, SeekTo::Hole), Ok(5));
    assert_eq!(regular.seek(1 << 40, SeekTo::Hole), Ok((1 << 40) + 3));
    assert_eq!(regular.seek(1 << 41, SeekTo::Data).unwrap_err().kind, ErrorKind::NoSuchDevice);
    regular.allocate(0..8192, Allocation::Extend).unwrap();
    assert_eq!(file.attributes().unwrap().blocks, 24);
    regular.allocate(0..1 << 41, Allocation::Punch).unwrap();
    assert_eq!(file.attributes().unwrap().blocks, 0);
    let full = regular.allocate(0..2 * LIMIT, Allocation::Extend).unwrap_err();
    assert_eq!(full.kind, ErrorKind::NoSpace);
}

#[test]
fn the_limit_counts_and_is_given_back() {
    let sandbox = Sandbox::overlay();
    let block = vec![1; 1 << 19];
    assert_eq!(sandbox.write("/tmp/one", 0, &block), Ok(1 << 19));
    let written = sandbox.write("/tmp/two", 0, &block).unwrap();
    assert!(written < 1 << 19, "a short write when space ends");
    assert_eq!(sandbox.write("/tmp/two", written as u64, &block).unwrap_err().kind, ErrorKind::NoSpace);
    sandbox.view().remove(b"/tmp/one", Removal::Other).unwrap();
    assert!(sandbox.write("/tmp/two", written as u64, &block).is_ok());
}

#[test]
fn removed_names_stay_removed_and_can_be_made_anew() {
    let sandbox = Sandbox::overlay();
    let view = sandbox.view();
    view.remove(b"/etc/passwd", Removal::Other).unwrap();
    assert_eq!(sandbox.find_error("/etc/passwd"), Some(ErrorKind::NotFound));
    assert_eq!(sandbox.names("/etc"), [b"closed".to_vec(), b"shadow".to_vec()]);
    view.create(b"/etc/passwd", NewVnode::Directory, 0o755).unwrap();
    assert_eq!(sandbox.names("/etc/passwd"), Vec::<Vec<u8>>::new());
    let error = |path: &[u8], what| view.remove(path, what).unwrap_err().kind;
    assert_eq!(error(b"/etc", Removal::Directory), ErrorKind::NotEmpty);
    assert_eq!(error(b"/etc", Removal::Other), ErrorKind::IsDirectory);
    assert_eq!(error(b"/etc/shadow", Removal::Directory), ErrorKind::NotDirectory);
    assert_eq!(error(b"/etc/.", Removal::Directory), ErrorKind::InvalidArgument);
    assert_eq!(error(b"/etc/..", Removal::Directory), ErrorKind::NotEmpty);
    assert_eq!(error(b"/", Removal::Directory), ErrorKind::Busy);
    // A folder of the host, emptied here, is gone for good: what is made under its name is empty.
    view.remove(b"/etc/closed/file", Removal::Other).unwrap();
    view.remove(b"/etc/closed", Removal::Directory).unwrap();
    view.create(b"/etc/closed", NewVnode::Directory, 0o755).unwrap();
    assert_eq!(sandbox.find_error("/etc/closed/file"), Some(ErrorKind::NotFound));
}

#[test]
fn an_open_file_outlives_its_name() {
    let sandbox = Sandbox::overlay();
    let file = sandbox.open("/etc/passwd", FileStatus::READ, Create::No).unwrap();
    sandbox.view().remove(b"/etc/passwd", Removal::Other).unwrap();
    assert_eq!(file.attributes().unwrap().links, 0);
    assert_eq!(read_all(&*file).unwrap(), b"root:x:0:0");
}

#[test]
fn renames_follow_the_matrix() {
    let sandbox = Sandbox::overlay();
    let view = sandbox.view();
    let rename = |from: &str, to: &str, how| {
        let outcome = view.rename(from.as_bytes(), &sandbox.view(), to.as_bytes(), how);
        outcome.err().map(|error| error.kind)
    };
    let replace = |from, to| rename(from, to, Rename::Replace);
    view.create(b"/tmp/empty", NewVnode::Directory, 0o755).unwrap();
    assert_eq!(replace("/etc", "/etc/closed/x"), Some(ErrorKind::InvalidArgument));
    assert_eq!(replace("/etc/closed", "/etc"), Some(ErrorKind::NotEmpty));
    assert_eq!(replace("/etc/passwd", "/etc/closed"), Some(ErrorKind::IsDirectory));
    assert_eq!(replace("/tmp/empty", "/etc/passwd"), Some(ErrorKind::NotDirectory));
    assert_eq!(replace("/tmp/empty", "/etc/closed"), Some(ErrorKind::NotEmpty));
    assert_eq!(replace("/etc/passwd", "/etc/new/"), Some(ErrorKind::NotDirectory));
    assert_eq!(replace("/etc/.", "/tmp/x"), Some(ErrorKind::Busy));
    assert_eq!(replace("/nothing", "/tmp/x"), Some(ErrorKind::NotFound));
    assert_eq!(rename("/etc/passwd", "/etc/shadow", Rename::Keep), Some(ErrorKind::Exists));
    assert_eq!(rename("/etc/passwd", "/etc/new", Rename::Exchange), Some(ErrorKind::NotFound));
    assert_eq!(replace("/etc/passwd", "/etc/passwd"), None);
    // A folder of the host moves with all that is in it, known or not.
    assert_eq!(replace("/etc", "/tmp/empty"), None);
    assert_eq!(sandbox.find_error("/etc"), Some(ErrorKind::NotFound));
    assert_eq!(sandbox.read("/tmp/empty/closed/file").unwrap(), b"inside");
    assert_eq!(sandbox.names("/tmp/empty").len(), 3);
    assert_eq!(rename("/tmp/empty", "/usr/bin/sh", Rename::Exchange), None);
    assert_eq!(sandbox.read("/usr/bin/sh/passwd").unwrap(), b"root:x:0:0");
    assert_eq!(sandbox.attributes("/tmp/empty").unwrap().kind, FileKind::Regular);
    assert_eq!(sandbox.attributes("/usr/bin").unwrap().links, sandbox.attributes("/usr").unwrap().links + 1);
}

#[test]
fn links_share_the_object() {
    let sandbox = Sandbox::overlay();
    let view = sandbox.view();
    let passwd = view.find(b"/etc/passwd", LastLink::Keep).unwrap();
    view.link(&passwd, b"/tmp/other").unwrap();
    assert_eq!(sandbox.attributes("/tmp/other").unwrap().links, 2);
    sandbox.write("/tmp/other", 0, b"R").unwrap();
    assert_eq!(sandbox.read("/etc/passwd").unwrap(), b"Root:x:0:0");
    view.remove(b"/etc/passwd", Removal::Other).unwrap();
    assert_eq!(sandbox.attributes("/tmp/other").unwrap().links, 1);
    let etc = view.find(b"/etc", LastLink::Keep).unwrap();
    assert_eq!(view.link(&etc, b"/tmp/etc").unwrap_err().kind, ErrorKind::NotPermitted);
    assert_eq!(view.link(&passwd, b"/etc/shadow").unwrap_err().kind, ErrorKind::Exists);
}

#[test]
fn a_file_without_a_name_can_be_given_one() {
    let sandbox = Sandbox::overlay();
    for (linkable, expected) in [(true, None), (false, Some(ErrorKind::NotFound))] {
        let file = sandbox.open("/tmp", FileStatus::WRITE, Create::Unnamed { linkable }).unwrap();
        assert_eq!(file.attributes().unwrap().links, 0);
        let outcome = sandbox.view().link(file.location().unwrap(), b"/tmp/named");
        assert_eq!(outcome.err().map(|error| error.kind), expected);
        let _ = sandbox.view().remove(b"/tmp/named", Removal::Other);
    }
}

#[test]
fn a_listing_meets_each_entry_once_whatever_else_changes() {
    let sandbox = Sandbox::overlay();
    for name in ["a", "b", "c", "d", "e", "f"] {
        sandbox.write(&alloc::format!("/etc/{name}"), 0, b"").unwrap();
    }
    let folder = sandbox.open("/etc", FileStatus::READ, Create::No).unwrap();
    let (mut seen, mut cookie) = list(&*folder, 0, 4);
    let view = sandbox.view();
    let first = alloc::string::String::from_utf8(seen[0].clone()).unwrap();
    view.remove(alloc::format!("/etc/{first}").as_bytes(), Removal::Other).unwrap();
    view.create(b"/etc/zzz", NewVnode::Regular, 0o644).unwrap();
    loop {
        let (more, next) = list(&*folder, cookie, 2);
        if more.is_empty() {
            break;
        }
        seen.extend(more);
        cookie = next;
    }
    let mut names = seen.clone();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), seen.len(), "nothing twice");
    for name in ["a", "b", "c", "d", "e", "f", "passwd", "shadow", "closed"] {
        assert!(seen.contains(&name.as_bytes().to_vec()), "{name}");
    }
}

#[test]
fn a_read_only_mount_refuses_changes() {
    let sandbox = Sandbox::with(MountMode::ReadOnly, None);
    let view = sandbox.view();
    let passwd = view.find(b"/etc/passwd", LastLink::Keep).unwrap();
    let refused = [
        sandbox.write("/etc/passwd", 0, b"x").err(),
        sandbox.write("/etc/new", 0, b"x").err(),
        view.create(b"/etc/new", NewVnode::Directory, 0o755).err(),
        view.remove(b"/etc/passwd", Removal::Other).err(),
        view.link(&passwd, b"/etc/other").err(),
        view.rename(b"/etc/passwd", &sandbox.view(), b"/etc/x", Rename::Replace).err(),
        change_mode(&passwd, 0o600, &sandbox.caller).err(),
    ];
    for error in refused {
        assert_eq!(error.map(|error| error.kind), Some(ErrorKind::ReadOnly));
    }
    let exists = view.create(b"/etc/passwd", NewVnode::Directory, 0o755).err();
    assert_eq!(exists.map(|error| error.kind), Some(ErrorKind::Exists));
    assert_eq!(sandbox.read("/etc/passwd").unwrap(), b"root:x:0:0");
    assert_eq!(sandbox.write("/dev/shm/x", 0, b"x"), Ok(1), "what is mounted in it is another matter");
}

#[test]
fn attributes_are_kept_here() {
    let mut sandbox = Sandbox::overlay();
    let at = sandbox.view().find(b"/etc/passwd", LastLink::Keep).unwrap();
    change_mode(&at, 0o4751, &sandbox.caller).unwrap();
    assert_eq!(sandbox.attributes("/etc/passwd").unwrap().mode, 0o4751);
    sandbox.write("/etc/passwd", 0, b"R").unwrap();
    assert_eq!(
        sandbox.attributes("/etc/passwd").unwrap().mode,
        0o751,
        "a written program is nobody's deputy"
    );
    let then = litebox_host::file::Timestamp { seconds: 5, nanoseconds: 6 };
    change_times(&at, SetTime::Keep, SetTime::At(then), &sandbox.caller).unwrap();
    assert_eq!(sandbox.attributes("/etc/passwd").unwrap().modified, then);
    sandbox.become_user(1000);
    let denied = change_mode(&at, 0o777, &sandbox.caller).unwrap_err();
    assert_eq!(denied.kind, ErrorKind::NotPermitted);
    let denied = change_times(&at, SetTime::Now(then), SetTime::Now(then), &sandbox.caller).unwrap_err();
    assert_eq!(denied.kind, ErrorKind::AccessDenied);
}
