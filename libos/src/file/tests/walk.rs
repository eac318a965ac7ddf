//! Paths: the matrix of `path_resolution(7)`.

use alloc::vec;
use alloc::vec::Vec;

use super::fixture::Sandbox;
use crate::error::ErrorKind;
use crate::file::{
    Create, FileStatus, LastLink, MountMode, NewVnode, OpenRequest, Reach, Removal, Rename, View, WalkLimits,
};

#[test]
fn paths_are_walked_component_by_component() {
    let sandbox = Sandbox::overlay();
    for (path, expected) in [
        ("/etc/passwd", None),
        ("etc//./passwd", None),
        ("/bin/sh", None),
        ("/bin/up/passwd", None),
        ("/bin/../bin/sh", None),
        ("/bin/../etc", Some(ErrorKind::NotFound)),
        ("/bin/..", None),
        ("/../../etc/passwd", None),
        ("/etc/passwd/", Some(ErrorKind::NotDirectory)),
        ("/etc/passwd/.", Some(ErrorKind::NotDirectory)),
        ("/etc/passwd/..", Some(ErrorKind::NotDirectory)),
        ("/etc/passwd/x", Some(ErrorKind::NotDirectory)),
        ("/etc/nothing", Some(ErrorKind::NotFound)),
        ("/etc/nothing/x", Some(ErrorKind::NotFound)),
        ("", Some(ErrorKind::NotFound)),
        ("/loop", Some(ErrorKind::TooManyLinks)),
        ("/gone", Some(ErrorKind::NotFound)),
        ("/bin/", None),
    ] {
        assert_eq!(sandbox.find_error(path), expected, "{path}");
    }
}

#[test]
fn lengths_are_limited() {
    let sandbox = Sandbox::overlay();
    let name = vec![b'x'; 256];
    let error = |path: &[u8]| sandbox.view().find(path, LastLink::Follow).err().map(|error| error.kind);
    assert_eq!(error(&name), Some(ErrorKind::NameTooLong));
    assert_eq!(error(&name[..255]), Some(ErrorKind::NotFound));
    assert_eq!(error(&b"./".repeat(2048)), Some(ErrorKind::NameTooLong));
    assert_eq!(error(&b"./".repeat(2047)), None);
}

#[test]
fn forty_links_are_followed_and_no_more() {
    let sandbox = Sandbox::overlay();
    let mut target = b"etc".to_vec();
    for count in 1..=41 {
        let name = alloc::format!("link{count}");
        sandbox.view().create(name.as_bytes(), NewVnode::Symlink(&target), 0).unwrap();
        target = name.into_bytes();
    }
    assert_eq!(sandbox.find_error("link40"), None);
    assert_eq!(sandbox.find_error("link41"), Some(ErrorKind::TooManyLinks));
}

#[test]
fn permission_bits_bind_all_but_root() {
    let mut sandbox = Sandbox::overlay();
    assert_eq!(sandbox.find_error("/etc/closed/file"), None);
    sandbox.become_user(1000);
    assert_eq!(sandbox.find_error("/etc/closed/file"), Some(ErrorKind::AccessDenied));
    assert_eq!(sandbox.read("/etc/shadow").unwrap_err().kind, ErrorKind::AccessDenied);
    assert_eq!(sandbox.read("/etc/passwd").unwrap(), b"root:x:0:0");
    assert_eq!(sandbox.write("/etc/new", 0, b"x").unwrap_err().kind, ErrorKind::AccessDenied);
    assert_eq!(sandbox.write("/tmp/new", 0, b"x"), Ok(1));
    assert_eq!(sandbox.attributes("/tmp/new").unwrap().uid, 1000);
    sandbox.become_user(1001);
    let kept = sandbox.view().remove(b"/tmp/new", Removal::Other).unwrap_err();
    assert_eq!(kept.kind, ErrorKind::NotPermitted, "the folder is sticky");
}

#[test]
fn dots_cross_mounts_and_stop_at_the_root() {
    let sandbox = Sandbox::with(MountMode::Overlay, Some(MountMode::Overlay));
    assert_eq!(sandbox.find_error("/work/../etc/passwd"), None);
    assert_eq!(sandbox.find_error("/work/old"), None);
    assert_eq!(sandbox.find_error("/dev/../work/../dev/null"), None);
    let view = sandbox.view();
    let path = view.find(b"/dev/shm", LastLink::Follow).unwrap().path(&sandbox.place.root());
    assert_eq!((path.text, path.reach), (b"/dev/shm".to_vec(), Reach::Root));
    assert_eq!(view.remove(b"/work", Removal::Directory).unwrap_err().kind, ErrorKind::Busy);
    let moved = view.rename(b"/work/old", &sandbox.view(), b"/etc/old", Rename::Replace);
    assert_eq!(moved.unwrap_err().kind, ErrorKind::CrossDevice);
}

#[test]
fn limits_keep_a_walk_in() {
    let sandbox = Sandbox::with(MountMode::Overlay, Some(MountMode::Overlay));
    let usr = sandbox.view().find(b"/usr", LastLink::Follow).unwrap();
    let root = sandbox.place.root();
    let find = |start: &crate::file::Location, limits, path: &[u8]| {
        let view = View { limits, start: start.clone(), ..sandbox.view() };
        view.find(path, LastLink::Follow).err().map(|error| error.kind)
    };
    assert_eq!(find(&usr, WalkLimits::BENEATH, b"bin/sh"), None);
    assert_eq!(find(&usr, WalkLimits::BENEATH, b"bin/../bin"), None);
    for path in [&b"bin/up/passwd"[..], b"../etc", b"/etc", b"bin/../../etc"] {
        assert_eq!(find(&usr, WalkLimits::BENEATH, path), Some(ErrorKind::CrossDevice));
    }
    assert_eq!(find(&usr, WalkLimits::IN_ROOT, b"/bin/sh"), None);
    assert_eq!(find(&usr, WalkLimits::IN_ROOT, b"../../bin/sh"), None);
    assert_eq!(find(&usr, WalkLimits::IN_ROOT, b"/etc/passwd"), Some(ErrorKind::NotFound));
    assert_eq!(find(&root, WalkLimits::NO_LINKS, b"bin/sh"), Some(ErrorKind::TooManyLinks));
    assert_eq!(find(&root, WalkLimits::SAME_MOUNT, b"work/old"), Some(ErrorKind::CrossDevice));
    assert_eq!(find(&root, WalkLimits::SAME_MOUNT, b"etc/passwd"), None);
}

#[test]
fn opening_answers_as_linux_does() {
    let sandbox = Sandbox::overlay();
    let (read, write) = (FileStatus::READ, FileStatus::WRITE);
    let kind = |path, status, create| sandbox.open(path, status, create).err().map(|error| error.kind);
    assert_eq!(kind("/etc", write, Create::No), Some(ErrorKind::IsDirectory));
    assert_eq!(kind("/etc", read, Create::IfMissing), Some(ErrorKind::IsDirectory));
    assert_eq!(kind("/etc/new/", write, Create::IfMissing), Some(ErrorKind::IsDirectory));
    assert_eq!(kind("/etc/passwd", write, Create::Exclusive), Some(ErrorKind::Exists));
    assert_eq!(kind("/gone", write, Create::Exclusive), Some(ErrorKind::Exists));
    assert_eq!(kind("/gone", write, Create::IfMissing), None, "the target is made");
    assert_eq!(sandbox.find_error("/nowhere"), None);
    let request = OpenRequest { link: LastLink::Keep, ..OpenRequest::READ };
    let refused = |request: &OpenRequest| sandbox.view().open(b"/bin", request).err().map(|error| error.kind);
    assert_eq!(refused(&request), Some(ErrorKind::TooManyLinks));
    assert_eq!(refused(&OpenRequest { directory: true, ..request }), Some(ErrorKind::NotDirectory));
    assert_eq!(refused(&OpenRequest { status: FileStatus::PATH, ..request }), None);
}

#[test]
fn programs_are_regular_and_runnable() {
    let sandbox = Sandbox::overlay();
    let open = |path: &[u8]| sandbox.view().open_program(path, LastLink::Follow);
    assert_eq!(open(b"/bin/sh").unwrap().path, b"/usr/bin/sh");
    for path in [&b"/etc"[..], b"/etc/passwd", b"/dev/null"] {
        assert_eq!(open(path).err().map(|error| error.kind), Some(ErrorKind::AccessDenied));
    }
}

#[test]
fn removed_folders_have_no_path() {
    let sandbox = Sandbox::overlay();
    let view = sandbox.view();
    let made = view.create(b"/tmp/a", NewVnode::Directory, 0o755).unwrap();
    sandbox.place.set_current(made, &sandbox.caller).unwrap();
    assert_eq!(sandbox.place.current().path(&sandbox.place.root()).text, b"/tmp/a");
    view.rename(b"/tmp/a", &sandbox.view(), b"/tmp/b", Rename::Replace).unwrap();
    assert_eq!(sandbox.place.current().path(&sandbox.place.root()).text, b"/tmp/b");
    view.remove(b"/tmp/b", Removal::Directory).unwrap();
    assert_eq!(sandbox.place.current().path(&sandbox.place.root()).reach, Reach::Removed);
    let late: Vec<_> = ["x", "../../etc"].map(|path| sandbox.find_error(path)).to_vec();
    assert_eq!(late, [Some(ErrorKind::NotFound), None]);
    let made = sandbox.view().create(b"x", NewVnode::Regular, 0o644).err();
    assert_eq!(made.map(|error| error.kind), Some(ErrorKind::NotFound));
}
