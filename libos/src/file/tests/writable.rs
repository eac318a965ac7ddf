//! A read-write mount: what is done here is seen on the host, and the other way round.

use litebox_host::file::MountIndex;
use litebox_host_fake::Node;

use super::fixture::{Sandbox, list, read_all};
use crate::error::ErrorKind;
use crate::file::{Create, FileStatus, LastLink, MountMode, NewVnode, OpenRequest, Removal, Rename};

/// The mount at `/work`.
const WORK: MountIndex = MountIndex(1);

fn sandbox() -> Sandbox {
    Sandbox::with(MountMode::Overlay, Some(MountMode::ReadWrite))
}

#[test]
fn bytes_reach_the_host_and_come_from_it() {
    let sandbox = sandbox();
    sandbox.write("/work/new", 2, b"xy").unwrap();
    assert_eq!(sandbox.host.fake.file_content(WORK, "new"), b"\0\0xy");
    let file = sandbox.open("/work/new", FileStatus::READ | FileStatus::WRITE, Create::No).unwrap();
    let mut end: &[u8] = b"z";
    assert_eq!(file.append(&mut end), Ok((1, 5)));
    file.regular().unwrap().set_size(3).unwrap();
    assert_eq!(read_all(&*file).unwrap(), b"\0\0x");
    assert_eq!(sandbox.attributes("/work/new").unwrap().size, 3);
}

#[test]
fn who_makes_a_file_may_write_it_whatever_its_mode() {
    let sandbox = sandbox();
    let status = FileStatus::READ | FileStatus::WRITE;
    let request = OpenRequest { status, create: Create::Exclusive, mode: 0o444, ..OpenRequest::READ };
    let file = sandbox.view().open(b"/work/object", &request).unwrap();
    let mut bytes: &[u8] = b"blob";
    assert_eq!(file.write(Some(0), &mut bytes), Ok(4));
    assert_eq!(file.attributes().unwrap().mode, 0o444);
    assert_eq!(sandbox.host.fake.file_content(WORK, "object"), b"blob");
}

#[test]
fn cutting_needs_the_right_and_not_the_mode_of_opening() {
    let sandbox = sandbox();
    let request = OpenRequest { truncate: true, ..OpenRequest::READ };
    sandbox.view().open(b"/work/old", &request).unwrap();
    assert_eq!(sandbox.host.fake.file_content(WORK, "old"), b"");
}

#[test]
fn nothing_is_remembered() {
    let sandbox = sandbox();
    assert_eq!(sandbox.find_error("/work/late"), Some(ErrorKind::NotFound));
    sandbox.host.fake.add_node(WORK, "late", Node::File(b"now".to_vec(), 0o644));
    assert_eq!(sandbox.read("/work/late").unwrap(), b"now");
    assert_eq!(sandbox.names("/work"), [b"late".to_vec(), b"old".to_vec()]);
}

#[test]
fn folders_move_with_what_is_in_use() {
    let sandbox = sandbox();
    let view = sandbox.view();
    let folder = view.create(b"/work/a", NewVnode::Directory, 0o755).unwrap();
    let inner = view.create(b"/work/a/b", NewVnode::Directory, 0o755).unwrap();
    sandbox.write("/work/a/b/file", 0, b"kept").unwrap();
    view.rename(b"/work/a", &sandbox.view(), b"/work/c", Rename::Replace).unwrap();
    sandbox.place.set_current(inner, &sandbox.caller).unwrap();
    assert_eq!(sandbox.place.current().path(&sandbox.place.root()).text, b"/work/c/b");
    assert_eq!(sandbox.read("file").unwrap(), b"kept");
    assert_eq!(sandbox.read("../../old").unwrap(), b"old");
    assert!(folder.is(&sandbox.view().find(b"/work/c", LastLink::Follow).unwrap()), "still one object");
    let into_itself = view.rename(b"/work/c", &sandbox.view(), b"/work/c/b/x", Rename::Replace);
    assert_eq!(into_itself.unwrap_err().kind, ErrorKind::InvalidArgument);
}

#[test]
fn an_open_file_outlives_its_name() {
    let sandbox = sandbox();
    let file = sandbox.open("/work/old", FileStatus::READ, Create::No).unwrap();
    sandbox.view().remove(b"/work/old", Removal::Other).unwrap();
    assert_eq!(read_all(&*file).unwrap(), b"old");
    let attributes = file.attributes().unwrap();
    assert_eq!((attributes.links, attributes.size), (0, 3));
    sandbox.write("/work/old", 0, b"another").unwrap();
    assert_eq!(read_all(&*file).unwrap(), b"old");
    assert_eq!(file.attributes().unwrap().links, 0);
}

#[test]
fn a_listing_is_of_the_moment_when_it_began() {
    let sandbox = sandbox();
    for name in ["1", "2", "3"] {
        sandbox.write(&alloc::format!("/work/{name}"), 0, b"").unwrap();
    }
    let folder = sandbox.open("/work", FileStatus::READ, Create::No).unwrap();
    let (first, cookie) = list(&*folder, 0, 2);
    sandbox.view().remove(b"/work/1", Removal::Other).unwrap();
    let (rest, _) = list(&*folder, cookie, 9);
    assert_eq!([first, rest].concat().len(), 4);
    assert_eq!(list(&*folder, 0, 9).0.len(), 3, "rewound");
}
