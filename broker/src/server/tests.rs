//! A server on temporary directories, asked by an honest client and by hostile ones.
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use super::{Event, Options, Outcome, Server, pair};
use crate::audit::{Audit, Level};
use crate::confine::{self, Layer};
use crate::policy::{Mount, Network, Policy};
use litebox_broker_protocol::{
    Access, Attributes, Changes, FileKind, HEADER_LENGTH, Identity, MAX_DATAGRAM, MountMode, RelativePath,
    RemoveKind, RenameFlags, Reply, ReportKind, Request, Rule, TerminalOperation, Time, TimeChange,
    WalkPurpose, When,
};
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::{Errno, IoSlice, IoSliceMut};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags,
};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A directory that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let named =
            |number| std::env::temp_dir().join(format!("litebox-broker-{}-{number}", std::process::id()));
        let made = (0..10_000_u32).map(named).find(|path| fs::create_dir(path).is_ok());
        let path = made.expect("a temporary directory");
        Self(path.canonicalize().expect("it exists"))
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("below")).expect("directories");
        fs::write(&path, content).expect("a file");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a test reads of what a server writes.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("unpoisoned").clone()).expect("text")
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("unpoisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn policy(mounts: &[(&Path, &str, MountMode)]) -> Policy {
    let mount = |(source, target, mode): &(&Path, &str, MountMode)| Mount {
        source: source.to_path_buf(),
        target: target.into(),
        mode: *mode,
    };
    Policy {
        mounts: mounts.iter().map(mount).collect(),
        hidden: Vec::new(),
        see: Vec::new(),
        identity: Identity::default(),
        network: Network::None,
        directory: "/".into(),
    }
}

/// The sandbox's end, and the server in a thread of its own.
struct Client {
    socket: OwnedFd,
    server: JoinHandle<(Outcome, super::Summary)>,
    audit: Sink,
    printed: Sink,
}

impl Client {
    fn new(policy: Policy) -> Self {
        Self::with(policy, vec![7; 100_000], [None, None, None], |_| ())
    }

    fn with(
        policy: Policy,
        start: Vec<u8>,
        terminals: [Option<OwnedFd>; 3],
        before: impl FnOnce(&Server) + Send + 'static,
    ) -> Self {
        let (ours, socket) = pair().expect("a pair");
        let (audit, printed) = (Sink::default(), Sink::default());
        let options = Options {
            audit: Audit::new(Box::new(audit.clone()), Level::Files, 1 << 20),
            diagnostics: Some(Box::new(printed.clone())),
            terminals,
        };
        let mut server = Server::new(policy, ours, start, options).expect("the policy can be enforced");
        let server = std::thread::spawn(move || {
            before(&server);
            let outcome = server.run();
            (outcome, server.summary())
        });
        Self { socket, server, audit, printed }
    }

    fn send(&self, datagram: &[u8]) {
        rustix::net::send(&self.socket, datagram, SendFlags::NOSIGNAL).expect("the server listens");
    }

    /// The next reply and its descriptors.
    fn receive<'a>(&self, buffer: &'a mut [u8]) -> (Reply<'a>, Vec<OwnedFd>) {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut parts = [IoSliceMut::new(buffer)];
        let message = rustix::net::recvmsg(&self.socket, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC);
        let length = message.expect("the server answers").bytes;
        let descriptors = control.drain().flat_map(|message| match message {
            RecvAncillaryMessage::ScmRights(rights) => rights.collect(),
            _ => Vec::new(),
        });
        let descriptors = descriptors.collect();
        (Reply::decode(buffer.get(..length).expect("inside")).expect("a reply"), descriptors)
    }

    fn ask<T>(&self, request: Request<'_>, take: impl FnOnce(Reply<'_>, Option<File>) -> T) -> T {
        let mut buffer = vec![0; MAX_DATAGRAM];
        let length = request.encode(&mut buffer).expect("encodes");
        self.send(buffer.get(..length).expect("inside"));
        let (reply, descriptors) = self.receive(&mut buffer);
        let may_carry = matches!(request, Request::Walk { purpose: WalkPurpose::Read, .. });
        let expected = usize::from(reply.carries_descriptor());
        assert!(descriptors.len() == expected || may_carry && descriptors.len() == 1, "{reply:?}");
        take(reply, descriptors.into_iter().next().map(File::from))
    }

    fn done(&self, request: Request<'_>) {
        self.ask(request, |reply, _| assert_eq!(reply, Reply::Done, "{request:?}"));
    }

    fn error(&self, request: Request<'_>) -> (Errno, Rule) {
        self.ask(request, |reply, _| match reply {
            Reply::Error { errno, rule } => {
                (Errno::from_raw_os_error(i32::try_from(errno).expect("small")), rule)
            }
            reply => panic!("{request:?} was answered with {reply:?}"),
        })
    }

    fn attributes(&self, request: Request<'_>) -> Attributes {
        self.ask(request, |reply, _| match reply {
            Reply::Attributes(attributes) => attributes,
            reply => panic!("{request:?} was answered with {reply:?}"),
        })
    }

    fn open(&self, request: Request<'_>) -> (Attributes, File) {
        self.ask(request, |reply, file| match (reply, file) {
            (Reply::Opened(attributes), Some(file)) => (attributes, file),
            (reply, _) => panic!("{request:?} was answered with {reply:?}"),
        })
    }

    fn read(&self, mount: u32, path: &str) -> String {
        let (_, mut file) = self.open(Request::Open { mount, path: relative(path), access: Access::READ });
        let mut text = String::new();
        file.read_to_string(&mut text).expect("readable");
        text
    }

    /// How a walk ends, the target at its end, and the names it went through.
    fn walk(&self, path: &str, from: u32) -> (u32, String, Vec<String>) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.ask(
            Request::Walk { mount: 0, path: relative(path), from, purpose: WalkPurpose::Look },
            |reply, _| match reply {
                Reply::Steps { errno, target, steps } => {
                    (errno, text(target), steps.iter().map(|step| text(step.name)).collect())
                }
                reply => panic!("a walk was answered with {reply:?}"),
            },
        )
    }

    /// All names of a directory, with how often each was told.
    fn list(&self, mount: u32, path: RelativePath<'_>) -> BTreeMap<Vec<u8>, (FileKind, u32)> {
        let mut names = BTreeMap::new();
        let mut cookie = Some(0);
        while let Some(at) = cookie {
            cookie = self.ask(Request::List { mount, path, cookie: at }, |reply, _| match reply {
                Reply::Entries { next, entries } => {
                    for entry in entries {
                        names.entry(entry.name.to_vec()).or_insert((entry.kind, 0)).1 += 1;
                        let attributes = entry.attributes.expect("searchable");
                        assert_eq!((attributes.kind, attributes.inode), (entry.kind, entry.inode));
                    }
                    next
                }
                reply => panic!("listing was answered with {reply:?}"),
            });
        }
        names
    }

    fn names(&self, mount: u32, path: &str) -> Vec<String> {
        let names = self.list(mount, relative(path)).into_keys();
        names.map(|name| String::from_utf8_lossy(&name).into_owned()).collect()
    }

    /// Closes the channel and gives how the server ended, and its audit log.
    fn finish(self) -> (Outcome, super::Summary, String) {
        drop(self.socket);
        let (outcome, summary) = self.server.join().expect("the server never panics");
        (outcome, summary, self.audit.text())
    }
}

fn relative(path: &str) -> RelativePath<'_> {
    RelativePath::new(path.as_bytes()).expect("canonical")
}

fn stat(path: &str) -> Request<'_> {
    Request::Stat { mount: 0, path: relative(path) }
}

fn open(path: &str) -> Request<'_> {
    Request::Open { mount: 0, path: relative(path), access: Access::READ }
}

fn lines(audit: &str) -> Vec<serde_json::Value> {
    audit.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn files_are_read() {
    let scratch = Scratch::new();
    let path = scratch.file("dir/file", "content");
    symlink("file", scratch.0.join("dir/link")).expect("a link");
    let client = Client::new(policy(&[(&scratch.0, "/src", MountMode::ReadOnly)]));
    let (told, truth) = (client.attributes(stat("dir/file")), fs::metadata(&path).expect("exists"));
    assert_eq!((told.size, told.inode, told.full_mode()), (7, truth.ino(), truth.mode()));
    assert_eq!(told.modified.seconds, truth.mtime());
    assert_eq!(client.attributes(stat("")).kind, FileKind::Directory);
    assert_eq!(client.attributes(stat("dir/link")).kind, FileKind::Symlink);
    let link = Request::ReadLink { mount: 0, path: relative("dir/link") };
    client.ask(link, |reply, _| assert_eq!(reply, Reply::Target(b"file")));
    assert_eq!(client.error(Request::ReadLink { mount: 0, path: relative("dir") }).0, Errno::INVAL);
    assert_eq!(client.read(0, "dir/file"), "content");
    assert_eq!(client.names(0, "dir"), ["file", "link"]);
    assert_eq!(client.error(stat("missing")), (Errno::NOENT, Rule::NONE));
    assert_eq!(client.error(stat("dir/file/x")), (Errno::NOTDIR, Rule::NONE));
    assert_eq!(client.error(open("dir")), (Errno::ISDIR, Rule::NONE));
    assert_eq!(client.error(open("dir/link")), (Errno::LOOP, Rule::NONE));
    let wrong = Request::Stat { mount: 1, path: RelativePath::ROOT };
    assert_eq!(client.error(wrong), (Errno::BADF, Rule::MALFORMED));
    client.ask(Request::StatFileSystem { mount: 0 }, |reply, _| {
        assert!(matches!(reply, Reply::FileSystem(system) if system.block_size > 0), "{reply:?}");
    });
    assert_eq!(client.finish().0, Outcome::Closed);
}

#[test]
fn a_walk_tells_each_step_up_to_a_link() {
    let scratch = Scratch::new();
    scratch.file("a/b/c", "content");
    symlink("../elsewhere", scratch.0.join("a/link")).expect("link");
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(client.walk("a/b/c", 0), (0, String::new(), names(&["a", "b", "c"])));
    assert_eq!(client.walk("a/b/c", 2), (0, String::new(), names(&["c"])));
    assert_eq!(client.walk("a/link/x/y", 0), (0, "../elsewhere".into(), names(&["a", "link"])));
    assert_eq!(client.walk("a/b/c/d", 0), (0, String::new(), names(&["a", "b", "c"])));
    assert_eq!(client.walk("a/b/none/d", 1), (2, String::new(), names(&["b"])));
    let missing = Request::Walk { mount: 0, path: relative("a/none/d"), from: 1, purpose: WalkPurpose::Look };
    assert_eq!(client.error(missing), (Errno::NOENT, Rule::NONE));
}

#[test]
fn a_walk_to_read_brings_the_file_at_its_end() {
    let scratch = Scratch::new();
    scratch.file("a/file", "content");
    scratch.file("a/secret", "content");
    symlink("file", scratch.0.join("a/link")).expect("link");
    let mut policy = policy(&[(&scratch.0, "/", MountMode::ReadOnly)]);
    policy.hidden.push(scratch.0.join("a/secret"));
    let client = Client::new(policy);
    let brought = |path, purpose| {
        let request = Request::Walk { mount: 0, path: relative(path), from: 0, purpose };
        client.ask(request, |_, file| file)
    };
    let mut file = brought("a/file", WalkPurpose::Read).expect("a file");
    let mut text = String::new();
    file.read_to_string(&mut text).expect("readable");
    assert_eq!(text, "content");
    assert!(file.write_all(b"x").is_err());
    assert!(brought("a/file", WalkPurpose::Look).is_none());
    for none in ["a", "a/link", "a/secret", "a/none", "a/file/further"] {
        assert!(brought(none, WalkPurpose::Read).is_none(), "{none}");
    }
}

#[test]
fn read_descriptors_cannot_write() {
    let scratch = Scratch::new();
    scratch.file("file", "content");
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::Overlay)]));
    let (_, mut file) = client.open(open("file"));
    assert!(file.write_all(b"x").is_err());
    assert!(file.set_len(0).is_err());
    assert_eq!(client.read(0, "file"), "content");
}

#[test]
fn file_mounts_have_only_their_root() {
    let scratch = Scratch::new();
    let path = scratch.file("file", "content");
    let client = Client::new(policy(&[(&path, "/etc/one", MountMode::ReadOnly)]));
    assert_eq!(client.read(0, ""), "content");
    assert_eq!(client.error(stat("x")).0, Errno::NOTDIR);
    let list = Request::List { mount: 0, path: RelativePath::ROOT, cookie: 0 };
    assert_eq!(client.error(list).0, Errno::NOTDIR);
    fs::rename(&path, scratch.0.join("moved")).expect("rename");
    scratch.file("file", "replaced");
    assert_eq!(client.read(0, ""), "content", "a source is opened once");
}

#[test]
fn links_are_never_followed() {
    let (scratch, outside) = (Scratch::new(), Scratch::new());
    let secret = outside.file("secret", "secret");
    symlink(&secret, scratch.0.join("absolute")).expect("link");
    symlink("../../../../../../etc/passwd", scratch.0.join("climbing")).expect("link");
    symlink(&outside.0, scratch.0.join("through")).expect("link");
    symlink("/proc/self/fd", scratch.0.join("magic")).expect("link");
    let mode = MountMode::ReadWrite;
    let client = Client::new(policy(&[(&scratch.0, "/src", mode)]));
    for path in ["absolute", "climbing", "magic/3", "through/secret"] {
        assert_eq!(client.error(open(path)).0, Errno::LOOP, "{path}");
    }
    for path in ["through/secret", "magic/0"] {
        assert_eq!(client.error(stat(path)).0, Errno::LOOP, "{path}");
        let list = Request::List { mount: 0, path: relative(path), cookie: 0 };
        assert_eq!(client.error(list).0, Errno::LOOP, "{path}");
    }
    let access = Access::WRITE;
    for path in ["absolute", "through/new", "through/secret"] {
        let create = Request::Create { mount: 0, path: relative(path), mode: 0o600, access };
        assert_eq!(client.error(create).0, Errno::LOOP, "{path}");
    }
    let list = Request::List { mount: 0, path: relative("through"), cookie: 0 };
    assert_eq!(client.error(list).0, Errno::NOTDIR);
    let remove = Request::Remove { mount: 0, path: relative("through/secret"), kind: RemoveKind::File };
    assert_eq!(client.error(remove).0, Errno::LOOP);
    let from = relative("absolute");
    let changes = Changes { size: Some(0), ..Changes::default() };
    assert_eq!(client.error(Request::SetAttributes { mount: 0, path: from, changes }).0, Errno::LOOP);
    let changes = Changes { mode: Some(0o777), ..Changes::default() };
    assert_eq!(client.error(Request::SetAttributes { mount: 0, path: from, changes }).0, Errno::OPNOTSUPP);
    client.attributes(Request::Link { mount: 0, from, to: relative("second") });
    assert!(fs::symlink_metadata(scratch.0.join("second")).expect("made").is_symlink());
    let modified = Some(TimeChange::At(Time { seconds: 1, nanoseconds: 0 }));
    let changes = Changes { modified, ..Changes::default() };
    let told = client.attributes(Request::SetAttributes { mount: 0, path: from, changes });
    assert_eq!((told.kind, told.modified.seconds), (FileKind::Symlink, 1));
    assert_ne!(fs::metadata(&secret).expect("exists").mtime(), 1);
    assert_eq!(fs::read_to_string(&secret).expect("exists"), "secret");
    assert_eq!(fs::read_dir(&outside.0).expect("exists").count(), 1);
}

#[test]
fn swapped_links_never_lead_outside() {
    let (scratch, outside) = (Scratch::new(), Scratch::new());
    outside.file("dir/file", "outside");
    scratch.file("dir/file", "inside");
    let (dir, link, parked) = (scratch.0.join("dir"), scratch.0.join("link"), scratch.0.join("parked"));
    symlink(outside.0.join("dir"), &link).expect("link");
    let stop = Arc::new(AtomicBool::new(false));
    let swapper = std::thread::spawn({
        let stop = Arc::clone(&stop);
        move || {
            while !stop.load(Ordering::Relaxed) {
                for (from, to) in [(&dir, &parked), (&link, &dir), (&dir, &link), (&parked, &dir)] {
                    fs::rename(from, to).expect("rename");
                }
            }
        }
    });
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadWrite)]));
    let (mut inside, end) = (0, Instant::now() + Duration::from_millis(700));
    while Instant::now() < end {
        client.ask(open("dir/file"), |reply, file| {
            if let Some(mut file) = file {
                let mut text = String::new();
                file.read_to_string(&mut text).expect("readable");
                assert_eq!(text, "inside");
                inside += 1;
            } else {
                assert!(matches!(reply, Reply::Error { .. }), "{reply:?}");
            }
        });
        let access = Access::WRITE;
        let path = relative("dir/new");
        client.ask(Request::Create { mount: 0, path, mode: 0o600, access }, |_, _| ());
    }
    stop.store(true, Ordering::Relaxed);
    swapper.join().expect("swaps");
    assert!(inside > 0, "the race was never won by the honest file");
    assert!(!outside.0.join("dir/new").exists());
}

#[test]
fn special_files_are_seen_and_never_opened() {
    let scratch = Scratch::new();
    let fifo = scratch.0.join("fifo");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
    let _socket = std::os::unix::net::UnixListener::bind(scratch.0.join("socket")).expect("a socket");
    let client = Client::new(policy(&[(&scratch.0, "/src", MountMode::ReadWrite)]));
    assert_eq!(client.attributes(stat("fifo")).kind, FileKind::Fifo);
    for path in ["fifo", "socket"] {
        for access in [Access::READ, Access::WRITE, Access::READ | Access::WRITE] {
            let open = Request::Open { mount: 0, path: relative(path), access };
            assert_eq!(client.error(open), (Errno::ACCESS, Rule::SPECIAL_FILE), "{path}");
        }
        let create = Request::Create { mount: 0, path: relative(path), mode: 0o600, access: Access::WRITE };
        assert_eq!(client.error(create), (Errno::ACCESS, Rule::SPECIAL_FILE), "{path}");
        let changes = Changes { mode: Some(0o666), ..Changes::default() };
        let set = Request::SetAttributes { mount: 0, path: relative(path), changes };
        assert_eq!(client.error(set), (Errno::PERM, Rule::SPECIAL_FILE), "{path}");
        let link = Request::Link { mount: 0, from: relative(path), to: relative("new") };
        assert_eq!(client.error(link), (Errno::PERM, Rule::SPECIAL_FILE), "{path}");
    }
    let kinds: Vec<_> = client.list(0, RelativePath::ROOT).into_values().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [FileKind::Fifo, FileKind::Socket]);
    let (_, _, audit) = client.finish();
    assert!(audit.contains(r#""rule":"mount.special","operation":"open","object":"/src/fifo""#), "{audit}");
}

#[test]
fn the_hosts_devices_and_processes_are_not_seen() {
    let client = Client::new(policy(&[(Path::new("/"), "/", MountMode::Overlay)]));
    for path in ["proc", "proc/1", "proc/self/environ", "sys", "sys/kernel", "dev", "dev/null", "dev/mem"] {
        assert_eq!(client.error(stat(path)), (Errno::NOENT, Rule::NONE), "{path}");
        assert_eq!(client.error(open(path)), (Errno::NOENT, Rule::NONE), "{path}");
    }
    let names = client.names(0, "");
    assert!(names.contains(&"etc".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| ["proc", "sys", "dev"].contains(&name.as_str())), "{names:?}");
}

#[test]
fn sources_that_are_hidden_are_refused() {
    let scratch = Scratch::new();
    scratch.file("secret/key", "key");
    let refused = |policy: Policy| {
        let options = Options { audit: Audit::silent(), diagnostics: None, terminals: [None, None, None] };
        let (ours, _theirs) = pair().expect("a pair");
        Server::new(policy, ours, Vec::new(), options).err().map(|refusal| refusal.rule)
    };
    let secret = scratch.0.join("secret");
    for path in ["/proc", "/proc/self", "/sys", "/dev"] {
        let rule = refused(policy(&[(Path::new(path), "/x", MountMode::ReadOnly)]));
        assert_eq!(rule, Some("hidden"), "{path}");
    }
    let mut hiding = policy(&[(&secret, "/x", MountMode::ReadOnly)]);
    hiding.hidden.push(secret.clone());
    assert_eq!(refused(hiding.clone()), Some("hidden"));
    hiding.see.push(secret);
    assert_eq!(refused(hiding), None);
    let missing = policy(&[(&scratch.0.join("missing"), "/x", MountMode::ReadOnly)]);
    assert_eq!(refused(missing), Some("mount.source"));
}

/// A home with secrets, some reachable by other names.
fn home() -> (Scratch, Policy) {
    let scratch = Scratch::new();
    scratch.file(".ssh/id_rsa", "secret");
    scratch.file(".ssh/known_hosts", "public");
    scratch.file(".netrc", "secret");
    scratch.file("work/code", "code");
    scratch.file("real/aws/credentials", "secret");
    symlink("real/aws", scratch.0.join(".aws")).expect("link");
    fs::hard_link(scratch.0.join(".netrc"), scratch.0.join("work/alias")).expect("hard link");
    let mut policy = policy(&[(&scratch.0, "/home", MountMode::ReadWrite)]);
    policy.hidden = [".ssh", ".netrc", ".aws", ".later"].map(|name| scratch.0.join(name)).into();
    (scratch, policy)
}

#[test]
fn hidden_files_do_not_exist() {
    let (scratch, policy) = home();
    let client = Client::new(policy);
    let hidden = [
        ".ssh",
        ".ssh/id_rsa",
        ".ssh/missing",
        ".ssh/id_rsa/x",
        ".netrc",
        ".netrc/x",
        ".aws",
        "real/aws",
        "real/aws/credentials",
        "work/alias",
        ".later",
    ];
    for path in hidden {
        assert_eq!(client.error(stat(path)), (Errno::NOENT, Rule::NONE), "{path}");
        assert_eq!(client.error(open(path)), (Errno::NOENT, Rule::NONE), "{path}");
        let list = Request::List { mount: 0, path: relative(path), cookie: 0 };
        assert_eq!(client.error(list), (Errno::NOENT, Rule::NONE), "{path}");
        let remove = Request::Remove { mount: 0, path: relative(path), kind: RemoveKind::File };
        assert_eq!(client.error(remove), (Errno::NOENT, Rule::NONE), "{path}");
    }
    let walk = |path, from| {
        client.error(Request::Walk { mount: 0, path: relative(path), from, purpose: WalkPurpose::Look })
    };
    assert_eq!(walk(".ssh/id_rsa", 0), (Errno::NOENT, Rule::NONE));
    assert_eq!(walk("real/aws/credentials", 1), (Errno::NOENT, Rule::NONE));
    // On the way, too, what is hidden is as what is missing.
    for path in ["real/aws/credentials", "real/missing/credentials"] {
        assert_eq!(client.walk(path, 0), (2, String::new(), vec!["real".into()]), "{path}");
    }
    assert_eq!(client.names(0, ""), ["real", "work"]);
    assert_eq!(client.names(0, "work"), ["code"]);
    scratch.file(".later", "made while the sandbox runs");
    assert_eq!(client.error(stat(".later")), (Errno::NOENT, Rule::NONE));
    assert_eq!(client.names(0, ""), ["real", "work"]);
    let (_, _, audit) = client.finish();
    assert!(audit.contains(r#""rule":"hidden","operation":"open","object":"/home/.ssh/id_rsa""#), "{audit}");
    assert!(audit.contains(r#""rule":"hidden","operation":"stat","object":"/home/real/aws""#), "{audit}");
}

#[test]
#[ignore = "needs a mount namespace of its own: unshare -rm cargo test -p litebox-broker -- --ignored"]
fn bind_mounts_do_not_reveal_hidden_files() {
    let (scratch, policy) = home();
    let alias = scratch.0.join("alias");
    let processes = scratch.0.join("processes");
    for directory in [&alias, &processes] {
        fs::create_dir(directory).expect("a directory");
    }
    let mount = |options: &[&str], source: &Path, target: &Path| {
        let status = std::process::Command::new("mount").args(options).arg(source).arg(target).status();
        assert!(status.expect("mount(8) runs").success(), "mount {options:?}");
    };
    mount(&["--bind"], &scratch.0.join(".ssh"), &alias);
    mount(&["--bind"], Path::new("/proc"), &processes);
    let client = Client::new(policy);
    for path in ["alias", "alias/id_rsa", "processes", "processes/1/environ", "processes/version"] {
        assert_eq!(client.error(stat(path)), (Errno::NOENT, Rule::NONE), "{path}");
        assert_eq!(client.error(open(path)), (Errno::NOENT, Rule::NONE), "{path}");
    }
    assert_eq!(client.names(0, ""), ["real", "work"]);
    for mounted in [&alias, &processes] {
        assert!(std::process::Command::new("umount").arg(mounted).status().expect("runs").success());
    }
}

#[test]
fn hidden_names_cannot_be_made_moved_or_replaced() {
    let (scratch, policy) = home();
    let client = Client::new(policy);
    for name in [".later", ".netrc", ".ssh/new"] {
        let create = Request::Create { mount: 0, path: relative(name), mode: 0o600, access: Access::WRITE };
        let errno = client.error(create).0;
        assert!(errno == Errno::ACCESS || errno == Errno::NOENT, "{name}: {errno}");
    }
    let flags = RenameFlags::empty();
    let rename = |from, to| Request::Rename { mount: 0, from: relative(from), to: relative(to), flags };
    assert_eq!(client.error(rename(".ssh", "shown")).0, Errno::NOENT);
    assert_eq!(client.error(rename("work/code", ".later")).0, Errno::ACCESS);
    assert_eq!(client.error(rename("real", "moved")), (Errno::ACCESS, Rule::HIDDEN_BELOW));
    let link = Request::Link { mount: 0, from: relative(".netrc"), to: relative("shown") };
    assert_eq!(client.error(link).0, Errno::NOENT);
    client.done(rename("work/code", "work/moved"));
    let remove = Request::Remove { mount: 0, path: relative("real"), kind: RemoveKind::Directory };
    assert_eq!(client.error(remove).0, Errno::NOTEMPTY);
    assert_eq!(fs::read_to_string(scratch.0.join(".ssh/id_rsa")).expect("untouched"), "secret");
    assert!(!scratch.0.join(".later").exists());
}

#[test]
fn see_shows_one_file_and_the_way_to_it() {
    let (scratch, mut policy) = home();
    policy.see.push(scratch.0.join(".ssh/known_hosts"));
    let client = Client::new(policy);
    assert_eq!(client.names(0, ".ssh"), ["known_hosts"]);
    assert_eq!(client.names(0, ""), [".ssh", "real", "work"]);
    assert_eq!(client.read(0, ".ssh/known_hosts"), "public");
    assert_eq!(client.error(stat(".ssh/id_rsa")).0, Errno::NOENT);
}

#[test]
fn read_only_mounts_refuse_every_change() {
    let scratch = Scratch::new();
    scratch.file("file", "content");
    for mode in [MountMode::ReadOnly, MountMode::Overlay] {
        let client = Client::new(policy(&[(&scratch.0, "/src", mode)]));
        let (mount, path, to) = (0, relative("file"), relative("new"));
        let changes = Changes { size: Some(0), ..Changes::default() };
        let requests = [
            Request::Open { mount, path, access: Access::WRITE },
            Request::Open { mount, path, access: Access::READ | Access::WRITE | Access::TRUNCATE },
            Request::Create { mount, path: to, mode: 0o600, access: Access::WRITE },
            Request::MakeDirectory { mount, path: to, mode: 0o700 },
            Request::MakeSymlink { mount, path: to, target: b"x" },
            Request::Link { mount, from: path, to },
            Request::Rename { mount, from: path, to, flags: RenameFlags::empty() },
            Request::Remove { mount, path, kind: RemoveKind::File },
            Request::SetAttributes { mount, path, changes },
        ];
        for request in requests {
            assert_eq!(client.error(request), (Errno::ROFS, Rule::READ_ONLY_MOUNT), "{request:?}");
        }
        let (_, _, audit) = client.finish();
        let fix = format!("give the mount as read-write: -v {}:/src:rw", scratch.0.display());
        let first = lines(&audit).into_iter().next().expect("a line");
        assert_eq!(first.get("fix").and_then(|fix| fix.as_str()), Some(fix.as_str()), "{audit}");
    }
    assert_eq!(fs::read_dir(&scratch.0).expect("exists").count(), 1);
    assert_eq!(fs::read_to_string(scratch.0.join("file")).expect("exists"), "content");
}

#[test]
fn read_write_mounts_are_changed() {
    let scratch = Scratch::new();
    let client = Client::new(policy(&[(&scratch.0, "/src", MountMode::ReadWrite)]));
    let (mount, mode) = (0, 0o640);
    let access = Access::READ | Access::WRITE;
    let told = client.attributes(Request::MakeDirectory { mount, path: relative("d"), mode: 0o1777 });
    assert_eq!((told.kind, told.mode), (FileKind::Directory, 0o1777));
    let create = Request::Create { mount, path: relative("d/f"), mode, access };
    let (told, mut file) = client.open(create);
    assert_eq!((told.mode, told.size), (0o640, 0));
    file.write_all(b"hello").expect("writable");
    let exclusive =
        Request::Create { mount, path: relative("d/f"), mode, access: access | Access::EXCLUSIVE };
    assert_eq!(client.error(exclusive).0, Errno::EXIST);
    let (told, mut again) = client.open(create);
    assert_eq!(told.size, 5);
    again.rewind().expect("seekable");
    let append = Request::Open { mount, path: relative("d/f"), access: Access::WRITE | Access::APPEND };
    client.open(append).1.write_all(b"!").expect("appends");
    assert_eq!(client.read(0, "d/f"), "hello!");
    let truncate = Access::WRITE | Access::TRUNCATE;
    let told = client.open(Request::Open { mount, path: relative("d/f"), access: truncate }).0;
    assert_eq!(told.size, 0);
    let link = client.attributes(Request::MakeSymlink { mount, path: relative("l"), target: b"/etc/shadow" });
    assert_eq!((link.kind, link.size), (FileKind::Symlink, 11));
    let hard = client.attributes(Request::Link { mount, from: relative("d/f"), to: relative("h") });
    assert_eq!(hard.links, 2);
    let rename = |flags| Request::Rename { mount, from: relative("h"), to: relative("l"), flags };
    assert_eq!(client.error(rename(RenameFlags::NO_REPLACE)).0, Errno::EXIST);
    client.done(rename(RenameFlags::EXCHANGE));
    assert_eq!(client.attributes(stat("h")).kind, FileKind::Symlink);
    client.done(Request::Remove { mount, path: relative("h"), kind: RemoveKind::File });
    let remove = |path, kind| Request::Remove { mount, path: relative(path), kind };
    assert_eq!(client.error(remove("d", RemoveKind::Directory)).0, Errno::NOTEMPTY);
    assert_eq!(client.error(remove("d", RemoveKind::File)).0, Errno::ISDIR);
    client.done(remove("d/f", RemoveKind::File));
    client.done(remove("d", RemoveKind::Directory));
    assert_eq!(client.error(remove("", RemoveKind::Directory)).0, Errno::BUSY);
    assert_eq!(client.names(0, ""), ["l"]);
}

#[test]
fn attributes_are_set_without_new_rights() {
    let scratch = Scratch::new();
    scratch.file("file", "content");
    let client = Client::new(policy(&[(&scratch.0, "/src", MountMode::ReadWrite)]));
    let set = |changes| Request::SetAttributes { mount: 0, path: relative("file"), changes };
    let before = client.attributes(stat("file"));
    let told = client.attributes(set(Changes {
        size: Some(3),
        uid: Some(before.uid),
        gid: Some(before.gid),
        mode: Some(0o400),
        accessed: Some(TimeChange::Now),
        modified: Some(TimeChange::At(Time { seconds: 1_000_000_000, nanoseconds: 5 })),
    }));
    assert_eq!((told.size, told.mode), (3, 0o400));
    assert_eq!(told.modified, Time { seconds: 1_000_000_000, nanoseconds: 5 });
    let refused = [
        Changes { mode: Some(0o4755), ..Changes::default() },
        Changes { mode: Some(0o2755), ..Changes::default() },
        Changes { uid: Some(before.uid ^ 4242), ..Changes::default() },
        Changes { gid: Some(before.gid ^ 0x7654_3210), ..Changes::default() },
    ];
    for changes in refused {
        assert_eq!(client.error(set(changes)), (Errno::PERM, Rule::ATTRIBUTE), "{changes:?}");
    }
    let truth = fs::metadata(scratch.0.join("file")).expect("exists");
    assert_eq!(truth.permissions().mode() & 0o7777, 0o400);
    let changes = Changes { mode: Some(0o2755), ..Changes::default() };
    let told = client.attributes(Request::SetAttributes { mount: 0, path: RelativePath::ROOT, changes });
    assert_eq!(told.mode, 0o2755);
}

#[test]
fn huge_directories_are_listed_once_while_others_change_them() {
    let scratch = Scratch::new();
    let names: Vec<_> = (0..5000).map(|number| format!("entry-{number:05}-{}", "x".repeat(80))).collect();
    for name in &names {
        File::create(scratch.0.join(name)).expect("a file");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let changer = std::thread::spawn({
        let (stop, directory) = (Arc::clone(&stop), scratch.0.clone());
        move || {
            while !stop.load(Ordering::Relaxed) {
                let path = directory.join("comes-and-goes");
                File::create(&path).expect("a file");
                fs::remove_file(&path).expect("it exists");
            }
        }
    });
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let mut told = client.list(0, RelativePath::ROOT);
    stop.store(true, Ordering::Relaxed);
    changer.join().expect("changes");
    told.remove(&b"comes-and-goes"[..]);
    assert_eq!(told.len(), names.len());
    assert!(names.iter().all(|name| told.get(name.as_bytes()) == Some(&(FileKind::Regular, 1))));
    let strange = Request::List { mount: 0, path: RelativePath::ROOT, cookie: u64::MAX };
    client.ask(strange, |reply, _| assert!(matches!(reply, Reply::Error { .. } | Reply::Entries { .. })));
}

#[test]
fn many_listings_go_on_at_once() {
    let scratch = Scratch::new();
    let directories: Vec<_> = (0..12).map(|number| format!("d{number}")).collect();
    for directory in &directories {
        for number in 0..600 {
            scratch.file(&format!("{directory}/{number:03}-{}", "y".repeat(100)), "");
        }
    }
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let mut at: Vec<(Option<u64>, usize)> = vec![(Some(0), 0); directories.len()];
    while at.iter().any(|(cookie, _)| cookie.is_some()) {
        for (directory, (cookie, count)) in directories.iter().zip(&mut at) {
            let Some(now) = *cookie else { continue };
            let list = Request::List { mount: 0, path: relative(directory), cookie: now };
            client.ask(list, |reply, _| match reply {
                Reply::Entries { next, entries } => {
                    (*cookie, *count) = (next, *count + entries.iter().count());
                }
                reply => panic!("{reply:?}"),
            });
        }
    }
    assert!(at.iter().all(|(_, count)| *count == 600), "{at:?}");
}

#[test]
fn strange_names_survive() {
    let scratch = Scratch::new();
    let names: [&[u8]; 5] = [b"new\nline", b"\xff\xfe", b"\x1b[31m", b"...", &[b'n'; 255]];
    for name in names {
        fs::write(scratch.0.join(OsStr::from_bytes(name)), name).expect("a file");
    }
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let told = client.list(0, RelativePath::ROOT);
    for name in names {
        let path = RelativePath::new(name).expect("canonical");
        assert_eq!(told.get(name), Some(&(FileKind::Regular, 1)));
        let (_, mut file) = client.open(Request::Open { mount: 0, path, access: Access::READ });
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("readable");
        assert_eq!(content, name);
    }
    let path = RelativePath::new(b"\xff\n\x1b").expect("canonical");
    client.error(Request::Create { mount: 0, path, mode: 0o600, access: Access::WRITE });
    let (_, _, audit) = client.finish();
    assert!(audit.contains(r#""object":"/\\xff\\n\\u{1b}""#), "{audit}");
}

#[test]
fn host_files_may_change_meanwhile() {
    let scratch = Scratch::new();
    let path = scratch.file("file", "old");
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let (told, mut held) = client.open(open("file"));
    fs::remove_file(&path).expect("removed");
    scratch.file("file", "newer");
    let mut text = String::new();
    held.read_to_string(&mut text).expect("readable");
    assert_eq!((text.as_str(), told.size), ("old", 3));
    assert_eq!(client.read(0, "file"), "newer");
    fs::remove_file(&path).expect("removed");
    assert_eq!(client.error(open("file")).0, Errno::NOENT);
    fs::remove_dir_all(&scratch.0).expect("removed");
    let list = Request::List { mount: 0, path: RelativePath::ROOT, cookie: 0 };
    assert_eq!(client.error(list).0, Errno::NOENT, "as getdents(2) on a removed directory");
}

#[test]
fn start_block_comes_in_chunks() {
    let scratch = Scratch::new();
    let start: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let policy = policy(&[(&scratch.0, "/", MountMode::ReadOnly)]);
    let client = Client::with(policy, start.clone(), [None, None, None], |_| ());
    let mut got = Vec::new();
    loop {
        let offset = u32::try_from(got.len()).expect("small");
        let (total, more) = client.ask(Request::Start { offset }, |reply, _| match reply {
            Reply::Bytes { total, data } => (total, data.to_vec()),
            reply => panic!("{reply:?}"),
        });
        assert_eq!(total, 800_000);
        if more.is_empty() {
            break;
        }
        got.extend(more);
    }
    assert_eq!(got, start);
    assert_eq!(client.error(Request::Start { offset: 800_001 }).0, Errno::INVAL);
}

#[test]
fn reports_are_counted_and_printed_once() {
    let scratch = Scratch::new();
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    for _ in 0..100 {
        client
            .done(Request::Report { kind: ReportKind::Unsupported, text: b"inotify_add_watch \x1b]0;\x07" });
    }
    for number in 0..1000 {
        let text = format!("flood {number}");
        client.done(Request::Report { kind: ReportKind::Note, text: text.as_bytes() });
    }
    client.done(Request::Exit { status: 3 << 8 });
    let printed = client.printed.clone();
    let (outcome, summary, audit) = client.finish();
    assert_eq!(outcome, Outcome::Exited(3 << 8));
    assert_eq!(summary.unsupported, [("inotify_add_watch \\u{1b}]0;\\u{7}".to_owned(), 100)]);
    assert_eq!(summary.notes.len(), 255);
    assert_eq!(summary.uncounted, 745);
    let printed = printed.text();
    assert!(printed.starts_with("litebox: unsupported: inotify_add_watch \\u{1b}"), "{printed}");
    assert!(printed.lines().count() < 64, "{printed}");
    assert!(lines(&audit).len() < 300);
}

#[test]
fn fatal_text_is_made_printable() {
    let scratch = Scratch::new();
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    client.done(Request::Fatal { text: b"panic\x1b[2J\xff" });
    assert_eq!(client.finish().0, Outcome::Fatal("panic\\u{1b}[2J\\xff".into()));
}

#[test]
fn audit_is_numbered_and_ends() {
    let (_scratch, policy) = home();
    let client = Client::new(policy);
    for _ in 0..3 {
        client.error(stat(".netrc"));
    }
    client.read(0, "work/code");
    let (_, _, audit) = client.finish();
    let lines = lines(&audit);
    let field = |name: &str| lines.iter().map(|line| line[name].to_string()).collect::<Vec<_>>();
    assert_eq!(field("sequence"), ["1", "2", "3", "4"]);
    assert_eq!(field("verdict"), ["\"denied\"", "\"allowed\"", "\"repeated\"", "\"end\""]);
    assert_eq!(field("count"), ["1", "1", "3", "3"]);
    assert_eq!(field("v"), ["1", "1", "1", "1"]);
    assert_eq!(lines.last().map(|line| line["dropped"].to_string()), Some("0".into()));
}

#[test]
fn malformed_datagrams_are_answered_then_cut_off() {
    let scratch = Scratch::new();
    scratch.file("file", "content");
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let mut good = vec![0; MAX_DATAGRAM];
    let length = open("file").encode(&mut good).expect("encodes");
    good.truncate(length);
    let mut unknown = good.clone();
    unknown[6] = 0xee;
    let mut longer = good.clone();
    longer.push(0);
    let mut climbing = vec![0; 256];
    let length = stat("aa/bb").encode(&mut climbing).expect("encodes");
    climbing.truncate(length);
    climbing[length - 5..].copy_from_slice(b"../..");
    let bad = [
        Vec::new(),
        vec![0; 3],
        good[..HEADER_LENGTH].to_vec(),
        good[..good.len() - 1].to_vec(),
        unknown,
        longer,
        climbing,
        vec![0xff; MAX_DATAGRAM],
        vec![0; MAX_DATAGRAM + 1],
    ];
    let mut buffer = vec![0; MAX_DATAGRAM];
    for datagram in &bad {
        client.send(datagram);
        let (reply, _) = client.receive(&mut buffer);
        let errno = Errno::PROTO.raw_os_error().unsigned_abs();
        assert_eq!(reply, Reply::Error { errno, rule: Rule::MALFORMED }, "{} bytes", datagram.len());
    }
    assert_eq!(client.read(0, "file"), "content", "an honest request is still served");
    for _ in bad.len()..64 {
        client.send(b"junk");
        client.receive(&mut buffer);
    }
    assert!(matches!(client.finish().0, Outcome::Misbehaved(_)));
}

#[test]
fn descriptors_are_not_accepted() {
    let scratch = Scratch::new();
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let (read, write) = std::io::pipe().expect("a pipe");
    let mut datagram = vec![0; 256];
    let length = stat("").encode(&mut datagram).expect("encodes");
    let descriptors = [write.as_fd(), write.as_fd(), write.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    assert!(control.push(SendAncillaryMessage::ScmRights(&descriptors)));
    let parts = [IoSlice::new(&datagram[..length])];
    rustix::net::sendmsg(&client.socket, &parts, &mut control, SendFlags::NOSIGNAL).expect("sent");
    let mut buffer = vec![0; MAX_DATAGRAM];
    let (reply, _) = client.receive(&mut buffer);
    assert!(matches!(reply, Reply::Error { rule: Rule::MALFORMED, .. }), "{reply:?}");
    drop(write);
    let mut rest = Vec::new();
    (&read).read_to_end(&mut rest).expect("nobody holds the writing end");
    drop(read);
    assert_eq!(client.attributes(stat("")).kind, FileKind::Directory);
}

#[test]
fn a_sandbox_that_takes_no_answers_is_cut_off() {
    let scratch = Scratch::new();
    let client = Client::new(policy(&[(&scratch.0, "/", MountMode::ReadOnly)]));
    let mut datagram = vec![0; 256];
    let length = Request::Start { offset: 0 }.encode(&mut datagram).expect("encodes");
    for _ in 0..100_000 {
        if rustix::net::send(&client.socket, &datagram[..length], SendFlags::NOSIGNAL).is_err()
            || client.server.is_finished()
        {
            break;
        }
    }
    let Client { server, .. } = client;
    let (outcome, _) = server.join().expect("the server never panics");
    assert_eq!(outcome, Outcome::Misbehaved("it does not take its answers"));
}

#[test]
fn random_requests_never_stop_the_server() {
    let scratch = Scratch::new();
    scratch.file("a/b", "content");
    let mode = MountMode::ReadWrite;
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut buffer = vec![0; MAX_DATAGRAM];
    for _ in 0..40 {
        let client = Client::new(policy(&[(&scratch.0, "/", mode)]));
        for _ in 0..60 {
            let mut datagram = vec![0; 128];
            let length = open("a/b").encode(&mut datagram).expect("encodes");
            datagram.truncate(length);
            let opcode = u8::try_from(random() % 20).expect("small");
            datagram[6] = if [0, 15, 16, 17].contains(&opcode) { 14 } else { opcode };
            for _ in 0..random() % 4 {
                let place = usize::try_from(random() % 32).expect("small");
                if let Some(byte) = datagram.get_mut(HEADER_LENGTH + place) {
                    *byte = random().to_le_bytes()[0];
                }
            }
            client.send(&datagram);
            client.receive(&mut buffer);
        }
        assert_eq!(client.finish().0, Outcome::Closed);
    }
}

#[test]
fn callers_descriptors_are_seen_under_a_flood() {
    let scratch = Scratch::new();
    let (ours, socket) = pair().expect("a pair");
    let options = Options { audit: Audit::silent(), diagnostics: None, terminals: [None, None, None] };
    let policy = policy(&[(&scratch.0, "/", MountMode::ReadOnly)]);
    let mut server = Server::new(policy, ours, Vec::new(), options).expect("enforceable");
    let flood = std::thread::spawn(move || {
        let mut buffer = vec![0; MAX_DATAGRAM];
        let length = stat("").encode(&mut buffer).expect("encodes");
        let request = buffer[..length].to_vec();
        while rustix::net::send(&socket, &request, SendFlags::NOSIGNAL).is_ok()
            && rustix::net::recv(&socket, &mut buffer, RecvFlags::empty()).is_ok_and(|(length, _)| length > 0)
        {
        }
    });
    let (read, mut write) = std::io::pipe().expect("a pipe");
    let (never, _kept) = std::io::pipe().expect("a pipe");
    let waker = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        write.write_all(b"x").expect("writable");
        write
    });
    let event = server.run_until(&[never.as_fd(), read.as_fd()]);
    assert_eq!(event, Event::Ready(1));
    drop(waker.join().expect("wakes"));
    drop(server);
    flood.join().expect("ends with the server");
}

#[test]
fn without_a_terminal_there_is_none() {
    let scratch = Scratch::new();
    let null = File::open("/dev/null").expect("exists");
    let policy = policy(&[(&scratch.0, "/", MountMode::ReadOnly)]);
    let client = Client::with(policy, Vec::new(), [Some(null.into()), None, None], |server| {
        assert!(server.terminals().terminals().is_empty());
    });
    for descriptor in 0..3 {
        let operation = TerminalOperation::GetAttributes;
        assert_eq!(client.error(Request::Terminal { descriptor, operation }).0, Errno::NOTTY);
    }
}

/// Both ends of a pseudo-terminal.
fn terminal() -> (OwnedFd, OwnedFd) {
    use rustix::pty::{OpenptFlags, openpt, ptsname, unlockpt};
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
    unlockpt(&master).expect("unlocked");
    let name = ptsname(&master, Vec::new()).expect("named");
    let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::CLOEXEC;
    let slave = rustix::fs::open(name, flags, rustix::fs::Mode::empty()).expect("opened");
    (master, slave)
}

#[test]
fn terminal_settings_are_put_back() {
    let scratch = Scratch::new();
    let (_master, slave) = terminal();
    let before = rustix::termios::tcgetattr(&slave).expect("a terminal");
    let ours = slave.try_clone().expect("a copy");
    let policy = policy(&[(&scratch.0, "/", MountMode::ReadOnly)]);
    let client = Client::with(policy, Vec::new(), [Some(ours), None, None], |_| ());
    let get = Request::Terminal { descriptor: 0, operation: TerminalOperation::GetAttributes };
    let termios = client.ask(get, |reply, _| match reply {
        Reply::Termios(termios) => termios,
        reply => panic!("{reply:?}"),
    });
    assert_eq!(termios.local, before.local_modes.bits());
    let mut raw = termios;
    (raw.local, raw.characters[0]) = (0, 26);
    for when in [When::Now, When::Drain, When::Flush] {
        let operation = TerminalOperation::SetAttributes(when, raw);
        client.done(Request::Terminal { descriptor: 0, operation });
    }
    client.ask(get, |reply, _| assert_eq!(reply, Reply::Termios(raw)));
    let mut line = raw;
    line.line = 15;
    let operation = TerminalOperation::SetAttributes(When::Now, line);
    let refused = client.error(Request::Terminal { descriptor: 0, operation });
    assert_eq!(refused, (Errno::INVAL, Rule::TERMINAL));
    let size = Request::Terminal { descriptor: 0, operation: TerminalOperation::GetWindowSize };
    client.ask(size, |reply, _| assert!(matches!(reply, Reply::WindowSize(_)), "{reply:?}"));
    assert_eq!(client.finish().0, Outcome::Closed);
    let after = rustix::termios::tcgetattr(&slave).expect("a terminal");
    assert_eq!(after.local_modes, before.local_modes);
    assert_eq!(after.special_codes[rustix::termios::SpecialCodeIndex::VINTR], 3);
}

#[test]
fn a_confined_server_serves_its_mounts_and_nothing_else() {
    let (scratch, outside) = (Scratch::new(), Scratch::new());
    scratch.file("ro/file", "content");
    fs::create_dir(scratch.0.join("rw")).expect("a directory");
    let secret = outside.file("secret", "secret");
    let (ro, rw) = (scratch.0.join("ro"), scratch.0.join("rw"));
    let policy = policy(&[(&ro, "/", MountMode::Overlay), (&rw, "/rw", MountMode::ReadWrite)]);
    let (_master, slave) = terminal();
    let read_only = ro.clone();
    let client = Client::with(policy, vec![1], [Some(slave), None, None], move |server| {
        let layers = confine::apply(&server.confinement(), &[]);
        assert_eq!(layers.seccomp, Layer::Enforced);
        assert!(std::process::Command::new("/bin/true").spawn().is_err());
        assert!(std::net::TcpListener::bind("127.0.0.1:0").is_err());
        if !matches!(layers.landlock, Layer::Absent(_)) {
            assert!(File::open(&secret).is_err());
            assert!(File::create(read_only.join("new")).is_err());
        }
    });
    assert_eq!(client.read(0, "file"), "content");
    assert_eq!(client.names(0, ""), ["file"]);
    let (mount, mode) = (1, 0o600);
    client
        .open(Request::Create { mount, path: relative("f"), mode, access: Access::WRITE })
        .1
        .write_all(b"x")
        .expect("w");
    client.attributes(Request::MakeDirectory { mount, path: relative("d"), mode: 0o700 });
    client.attributes(Request::MakeSymlink { mount, path: relative("l"), target: b"t" });
    client.attributes(Request::Link { mount, from: relative("f"), to: relative("d/g") });
    let flags = RenameFlags::empty();
    client.done(Request::Rename { mount, from: relative("d/g"), to: relative("g"), flags });
    let changes = Changes {
        size: Some(9),
        uid: None,
        gid: Some(rustix::process::getegid().as_raw()),
        mode: Some(0o400),
        accessed: Some(TimeChange::Now),
        modified: Some(TimeChange::Now),
    };
    client.attributes(Request::SetAttributes { mount, path: relative("g"), changes });
    client.done(Request::Remove { mount, path: relative("g"), kind: RemoveKind::File });
    client.ask(Request::StatFileSystem { mount }, |reply, _| assert!(matches!(reply, Reply::FileSystem(_))));
    client.done(Request::Report { kind: ReportKind::Note, text: b"note" });
    let get = Request::Terminal { descriptor: 0, operation: TerminalOperation::GetAttributes };
    let termios = client.ask(get, |reply, _| match reply {
        Reply::Termios(termios) => termios,
        reply => panic!("{reply:?}"),
    });
    let operation = TerminalOperation::SetAttributes(When::Flush, termios);
    client.done(Request::Terminal { descriptor: 0, operation });
    client.done(Request::Exit { status: 0 });
    assert_eq!(client.finish().0, Outcome::Exited(0));
}
