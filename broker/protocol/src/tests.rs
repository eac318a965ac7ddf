//! Every message survives a trip, and no mutation of one makes a decoder panic.

use crate::*;
use alloc::vec;
use alloc::vec::Vec;

fn path(text: &str) -> RelativePath<'_> {
    RelativePath::new(text.as_bytes()).expect("a canonical path")
}

fn attributes() -> Attributes {
    Attributes {
        kind: FileKind::Regular,
        mode: 0o4755,
        uid: 1,
        gid: 2,
        links: 3,
        block_size: 4096,
        inode: 4,
        device: 5 << 32,
        special_device: 0,
        size: 1 << 40,
        blocks: 8,
        accessed: Time { seconds: -1, nanoseconds: 999_999_999 },
        modified: Time { seconds: 1, nanoseconds: 0 },
        changed: Time { seconds: 2, nanoseconds: 0 },
        created: Time { seconds: i64::MIN, nanoseconds: 0 },
    }
}

fn termios() -> Termios {
    let characters = core::array::from_fn(|i| u8::try_from(i).expect("19 fits"));
    let (input_speed, output_speed) = (38400, 9600);
    Termios { input: 1, output: 2, control: 3, local: 4, line: 0, characters, input_speed, output_speed }
}

fn requests() -> Vec<Request<'static>> {
    let (mount, path, mode) = (7, path("usr/lib/\u{1}\n"), 0o640);
    let changes = Changes {
        size: Some(5),
        uid: None,
        gid: Some(0),
        mode: Some(0o7777),
        accessed: Some(TimeChange::Now),
        modified: Some(TimeChange::At(Time { seconds: -5, nanoseconds: 1 })),
    };
    let set = TerminalOperation::SetAttributes(When::Flush, termios());
    vec![
        Request::Start { offset: u32::MAX },
        Request::Stat { mount, path: RelativePath::ROOT },
        Request::ReadLink { mount, path },
        Request::Walk { mount, path, from: 2, purpose: WalkPurpose::Look },
        Request::Walk { mount, path, from: 1, purpose: WalkPurpose::Read },
        Request::List { mount, path, cookie: u64::MAX },
        Request::Open { mount, path, access: Access::READ },
        Request::StatFileSystem { mount },
        Request::Create { mount, path, mode, access: Access::WRITE | Access::EXCLUSIVE },
        Request::MakeDirectory { mount, path, mode: 0o1777 },
        Request::MakeSymlink { mount, path, target: b"../../etc/passwd" },
        Request::Link { mount, from: path, to: RelativePath::ROOT },
        Request::Rename { mount, from: path, to: path, flags: RenameFlags::NO_REPLACE },
        Request::Remove { mount, path, kind: RemoveKind::Directory },
        Request::SetAttributes { mount, path, changes },
        Request::SetAttributes { mount, path, changes: Changes::default() },
        Request::Terminal { descriptor: 2, operation: set },
        Request::Terminal { descriptor: 0, operation: TerminalOperation::GetAttributes },
        Request::Terminal { descriptor: 1, operation: TerminalOperation::GetWindowSize },
        Request::Report { kind: ReportKind::Denied, text: b"\xff\x1b[2J" },
        Request::Exit { status: 0x100 },
        Request::Fatal { text: b"" },
    ]
}

fn with_replies(check: impl Fn(&Reply<'_>)) {
    let mut packed = [0; 512];
    let mut writer = EntriesWriter::new(&mut packed);
    let known = Entry { name: b"known", inode: 9, kind: FileKind::Fifo, attributes: Some(attributes()) };
    writer.push(&known).expect("fits");
    writer.push(&Entry { name: b"\xff\n", attributes: None, ..known }).expect("fits");
    let entries = writer.finish();
    assert_eq!(entries.iter().count(), 2);
    let mut packed = [0; 512];
    let mut writer = EntriesWriter::new(&mut packed);
    writer.push(&known).expect("fits");
    let steps = writer.finish();
    let replies = [
        Reply::Done,
        Reply::Error { errno: 30, rule: Rule::READ_ONLY_MOUNT },
        Reply::Bytes { total: 10, data: b"start" },
        Reply::Attributes(attributes()),
        Reply::Target(b"/absolute"),
        Reply::Entries { next: Some(0), entries },
        Reply::Entries { next: None, entries: Entries::new(b"").expect("empty") },
        Reply::Steps { errno: 0, target: b"../x", steps },
        Reply::Steps { errno: 2, target: b"", steps },
        Reply::Opened(attributes()),
        Reply::FileSystem(FileSystem { magic: 0xef53, name_length: 255, ..FileSystem::default() }),
        Reply::Termios(termios()),
        Reply::WindowSize(WindowSize { rows: 24, columns: 80, width: 0, height: 0 }),
    ];
    replies.iter().for_each(check);
}

fn start() -> Start {
    let mount = |index, target: &[u8], mode| StartMount { target: target.into(), index, mode, device: 42 };
    Start {
        executable: b"/bin/sh".into(),
        directory: b"/".into(),
        hostname: b"litebox".into(),
        arguments: vec![b"sh".into(), b"".into(), b"-c".into()],
        environment: vec![b"PATH=/bin".into()],
        identity: Identity { uid: 1000, ..Identity::default() },
        groups: vec![4, 24],
        umask: 0o022,
        memory_limit: 1 << 30,
        cpus: 2,
        pids: 64,
        flags: StartFlags::TRACE,
        terminals: Terminals::INPUT | Terminals::ERROR,
        mounts: vec![mount(0, b"/", MountMode::Overlay), mount(1, b"/src", MountMode::ReadWrite)],
        limits: [Limit { soft: 1, hard: u64::MAX }; LIMIT_COUNT],
    }
}

/// Cuts, extends and flips `bytes` in every place.
fn mutations(bytes: &[u8], check: impl Fn(&[u8])) {
    for end in 0..bytes.len() {
        check(bytes.get(..end).unwrap_or_default());
    }
    let mut copy = bytes.to_vec();
    copy.push(0);
    check(&copy);
    copy.pop();
    for place in 0..copy.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let Some(byte) = copy.get_mut(place) else { continue };
            let old = core::mem::replace(byte, value);
            check(&copy);
            if let Some(byte) = copy.get_mut(place) {
                *byte = old;
            }
        }
    }
}

#[test]
fn requests_survive_a_trip() {
    for request in requests() {
        let mut buffer = vec![0xa5; MAX_DATAGRAM];
        let length = request.encode(&mut buffer).expect("encodes");
        let datagram = buffer.get(..length).expect("inside");
        assert_eq!(Request::decode(datagram), Ok(request));
        mutations(datagram, fuzz_request);
        for short in 0..length {
            let space = buffer.get_mut(..short).expect("inside");
            assert_eq!(request.encode(space), Err(ProtocolError::Space));
        }
    }
}

#[test]
fn replies_survive_a_trip() {
    with_replies(|reply| {
        let mut buffer = vec![0xa5; MAX_DATAGRAM];
        let length = reply.encode(&mut buffer).expect("encodes");
        let datagram = buffer.get(..length).expect("inside");
        assert_eq!(Reply::decode(datagram), Ok(*reply));
        mutations(datagram, fuzz_reply);
    });
}

#[test]
fn start_block_survives_a_trip() {
    let start = start();
    let block = start.encode().expect("encodes");
    let view = StartView::decode(&block).expect("decodes");
    assert_eq!(view.arguments.iter().collect::<Vec<_>>(), start.arguments);
    assert_eq!(view.environment.iter().collect::<Vec<_>>(), start.environment);
    assert_eq!(view.groups.iter().collect::<Vec<_>>(), start.groups);
    assert_eq!(
        (view.executable, view.directory, view.hostname),
        (&b"/bin/sh"[..], &b"/"[..], &b"litebox"[..])
    );
    assert_eq!((view.identity, view.limits, view.flags), (start.identity, start.limits, start.flags));
    let modes: Vec<_> = view.mounts.iter().map(|mount| (mount.index, mount.mode)).collect();
    assert_eq!(modes, [(0, MountMode::Overlay), (1, MountMode::ReadWrite)]);
    mutations(&block, fuzz_start);
}

#[test]
fn start_block_refuses_what_means_nothing() {
    let bad: [fn(&mut Start); 6] = [
        |start| start.umask = 0o1000,
        |start| start.directory = b"relative".into(),
        |start| start.executable.clear(),
        |start| start.arguments = vec![b"a\0b".into()],
        |start| start.hostname = vec![b'a'; 65],
        |start| start.limits = [Limit { soft: 2, hard: 1 }; LIMIT_COUNT],
    ];
    for change in bad {
        let mut start = start();
        change(&mut start);
        assert!(start.encode().is_err());
    }
    let huge = Start { arguments: vec![vec![b'a'; MAX_START]], ..start() };
    assert_eq!(huge.encode(), Err(ProtocolError::Space));
}

#[test]
fn paths_are_canonical() {
    for good in ["", "a", "a/b", "...", "a b\n/..c"] {
        assert!(RelativePath::new(good.as_bytes()).is_ok(), "{good:?}");
    }
    for bad in ["/", "/a", "a/", "a//b", ".", "a/./b", "..", "a/..", "a\0b"] {
        assert_eq!(RelativePath::new(bad.as_bytes()), Err(ProtocolError::Path), "{bad:?}");
    }
    assert!(RelativePath::new(&[b'a'; 256]).is_err());
    assert!(RelativePath::new("a/".repeat(2048).as_bytes()).is_err());
    assert!(RelativePath::new(format_long().as_slice()).is_ok());
    assert_eq!(path("a/b/c").split_last(), Some((path("a/b"), &b"c"[..])));
    assert_eq!(path("a").split_last(), Some((RelativePath::ROOT, &b"a"[..])));
    assert_eq!(RelativePath::ROOT.split_last(), None);
    let firsts = [0, 1, 2, 3, 4].map(|count| path("a/b/c").first(count));
    assert_eq!(firsts, ["", "a", "a/b", "a/b/c", "a/b/c"].map(path));
    assert_eq!(RelativePath::ROOT.first(1), RelativePath::ROOT);
    assert_eq!(path("a/b").components().count(), 2);
    assert_eq!(RelativePath::ROOT.components().count(), 0);
}

/// The longest path there is: 4096 bytes.
fn format_long() -> Vec<u8> {
    let mut bytes = b"aaa/".repeat(1024);
    bytes.pop();
    bytes.push(b'a');
    bytes
}

#[test]
fn contradictions_are_refused() {
    let mut buffer = vec![0; MAX_DATAGRAM];
    let root = RelativePath::ROOT;
    let both = RenameFlags::all();
    let mut decode = |request: Request<'_>| {
        let length = request.encode(&mut buffer)?;
        Request::decode(buffer.get(..length).unwrap_or_default()).map(|_| ())
    };
    for access in [Access::empty(), Access::READ | Access::APPEND, Access::READ | Access::EXCLUSIVE] {
        assert!(decode(Request::Open { mount: 0, path: root, access }).is_err(), "{access:?}");
    }
    assert!(decode(Request::Rename { mount: 0, from: root, to: root, flags: both }).is_err());
    assert!(decode(Request::Walk { mount: 0, path: root, from: 0, purpose: WalkPurpose::Look }).is_err());
    assert!(
        decode(Request::Walk { mount: 0, path: path("a/b"), from: 2, purpose: WalkPurpose::Look }).is_err()
    );
    assert!(decode(Request::MakeDirectory { mount: 0, path: root, mode: 0o4755 }).is_err());
    assert!(decode(Request::MakeSymlink { mount: 0, path: root, target: b"" }).is_err());
    assert!(
        decode(Request::Terminal { descriptor: 3, operation: TerminalOperation::GetAttributes }).is_err()
    );
    assert!(decode(Request::Fatal { text: &[b'a'; MAX_TEXT + 1] }).is_err());
}

#[test]
fn random_bytes_never_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = vec![0; 512];
    for round in 0..20_000_usize {
        for byte in &mut bytes {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = state.to_le_bytes()[7];
        }
        let length = round % bytes.len();
        let data = bytes.get(..length).unwrap_or_default();
        for fuzz in [fuzz_request, fuzz_reply, fuzz_start] {
            fuzz(data);
        }
        let _ = Entries::new(data);
    }
}
