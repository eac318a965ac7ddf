//! A namespace over the fake host, and a host that counts what it is asked.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::HostError;
use litebox_host::file::{
    AttributeChange, Attributes, Entry, FileBytes, FileKind, FileSystemStatistics, Folder, FolderWrite,
    HostFile, MountIndex, NewObject, OpenAccess, WalkEnd, WalkPurpose,
};
use litebox_host::memory::{AccessFault, Footprint, OwnMemory, SharedPage, SharedPages};
use litebox_host::random::Random;
use litebox_host::sync::{AtomicU64, Ordering};
use litebox_host::time::{Clock, Time};
use litebox_host_fake::{FakeHost, Node};

use crate::error::{ErrorKind, Result};
use crate::file::pseudo::Machine;
use crate::file::{
    Caller, Create, File, FileStatus, LastLink, Listing, MountMode, MountRequest, Namespace,
    NamespaceOptions, OpenRequest, Place, View,
};
use crate::identity::Credentials;

/// The fake host with a count of requests about files.
#[derive(Clone)]
pub(crate) struct Counted {
    pub(crate) fake: FakeHost,
    requests: Arc<AtomicU64>,
}

impl Counted {
    pub(crate) fn new() -> Self {
        Self { fake: FakeHost::new(), requests: Arc::default() }
    }

    /// Requests so far.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn count(&self) -> &FakeHost {
        self.requests.fetch_add(1, Ordering::Relaxed);
        &self.fake
    }
}

type Answer<T> = core::result::Result<T, HostError>;

impl Footprint for Counted {
    fn own_memory(&self) -> OwnMemory {
        self.fake.own_memory()
    }
}

impl Folder for Counted {
    fn attributes(&self, mount: MountIndex, path: &[u8]) -> Answer<Attributes> {
        Folder::attributes(self.count(), mount, path)
    }
    fn walk(
        &self,
        mount: MountIndex,
        path: &[u8],
        from: usize,
        purpose: WalkPurpose,
        steps: &mut Vec<Attributes>,
    ) -> Answer<WalkEnd> {
        let end = self.count().walk(mount, path, from, purpose, steps)?;
        let is_whole = path.split(|byte| *byte == b'/').count() == from + steps.len();
        match steps.last().map(|last| last.kind) {
            Some(FileKind::Regular) if purpose == WalkPurpose::Read && is_whole => {
                Ok(WalkEnd::Open(self.fake.open(mount, path, OpenAccess::READ)?.0))
            }
            _ => Ok(end),
        }
    }
    fn read_link(&self, mount: MountIndex, path: &[u8]) -> Answer<Vec<u8>> {
        self.count().read_link(mount, path)
    }
    fn list(
        &self,
        mount: MountIndex,
        path: &[u8],
        cookie: u64,
        entries: &mut Vec<Entry>,
    ) -> Answer<Option<u64>> {
        self.count().list(mount, path, cookie, entries)
    }
    fn open(&self, mount: MountIndex, path: &[u8], access: OpenAccess) -> Answer<(HostFile, Attributes)> {
        self.count().open(mount, path, access)
    }
    fn statistics(&self, mount: MountIndex) -> Answer<FileSystemStatistics> {
        self.count().statistics(mount)
    }
}

impl FileBytes for Counted {
    fn read_at(&self, file: HostFile, offset: u64, bytes: &mut [u8]) -> Answer<usize> {
        self.count().read_at(file, offset, bytes)
    }
    fn write_at(&self, file: HostFile, offset: u64, bytes: &[u8]) -> Answer<usize> {
        self.count().write_at(file, offset, bytes)
    }
    fn size(&self, file: HostFile) -> Answer<u64> {
        self.count().size(file)
    }
    fn set_size(&self, file: HostFile, size: u64) -> Answer<()> {
        self.count().set_size(file, size)
    }
    fn sync(&self, file: HostFile) -> Answer<()> {
        self.count().sync(file)
    }
    fn close(&self, file: HostFile) {
        self.count().close(file);
    }
}

impl FolderWrite for Counted {
    fn create(&self, mount: MountIndex, path: &[u8], object: NewObject<'_>, mode: u32) -> Answer<Attributes> {
        self.count().create(mount, path, object, mode)
    }
    fn remove(&self, mount: MountIndex, path: &[u8], kind: FileKind) -> Answer<()> {
        self.count().remove(mount, path, kind)
    }
    fn rename(&self, mount: MountIndex, from: &[u8], to: &[u8], flags: u32) -> Answer<()> {
        self.count().rename(mount, from, to, flags)
    }
    fn set_attributes(&self, mount: MountIndex, path: &[u8], change: &AttributeChange) -> Answer<()> {
        self.count().set_attributes(mount, path, change)
    }
}

impl SharedPages for Counted {
    fn allocate_block(&self, near: Option<SharedPage>) -> Answer<SharedPage> {
        self.fake.allocate_block(near)
    }
    fn free_block(&self, block: SharedPage, used: u16) {
        self.fake.free_block(block, used);
    }
    fn read_page(&self, page: SharedPage, offset: usize, to: &mut [u8]) {
        self.fake.read_page(page, offset, to);
    }
    fn write_page(&self, page: SharedPage, offset: usize, from: &[u8]) -> Answer<()> {
        self.fake.write_page(page, offset, from)
    }
    fn page_to_user(
        &self,
        page: SharedPage,
        offset: usize,
        to: usize,
        count: usize,
    ) -> core::result::Result<(), AccessFault> {
        self.fake.page_to_user(page, offset, to, count)
    }
    fn user_to_page(
        &self,
        page: SharedPage,
        offset: usize,
        from: usize,
        count: usize,
    ) -> core::result::Result<(), AccessFault> {
        self.fake.user_to_page(page, offset, from, count)
    }
}

impl Time for Counted {
    fn now(&self, clock: Clock) -> Duration {
        self.fake.now(clock)
    }
    fn resolution(&self, clock: Clock) -> Duration {
        self.fake.resolution(clock)
    }
}

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
        self.fake.fill(bytes)
    }
}

/// A process in a namespace.
pub(crate) struct Sandbox {
    pub(crate) host: Counted,
    /// The host's folder at `/`, and at `/work` where that is mounted.
    pub(crate) root: MountIndex,
    pub(crate) place: Arc<Place>,
    pub(crate) caller: Caller,
}

pub(crate) const LIMIT: u64 = 1 << 20;

impl Sandbox {
    /// An overlay over a small host folder.
    pub(crate) fn overlay() -> Self {
        Self::with(MountMode::Overlay, None)
    }

    /// A root in the given mode, and perhaps another folder of the host, empty and writable, at `/work`.
    pub(crate) fn with(mode: MountMode, work: Option<MountMode>) -> Self {
        let host = Counted::new();
        let root = host.fake.add_mount(mode == MountMode::ReadWrite);
        for (path, node) in [
            ("etc", Node::Directory(0o755)),
            ("etc/passwd", Node::File(b"root:x:0:0".to_vec(), 0o644)),
            ("etc/shadow", Node::File(b"secret".to_vec(), 0o600)),
            ("etc/closed", Node::Directory(0o700)),
            ("etc/closed/file", Node::File(b"inside".to_vec(), 0o644)),
            ("bin", Node::Symlink(b"usr/bin".to_vec())),
            ("usr", Node::Directory(0o755)),
            ("usr/bin", Node::Directory(0o755)),
            ("usr/bin/sh", Node::File(b"#!".to_vec(), 0o755)),
            ("usr/bin/up", Node::Symlink(b"../../etc".to_vec())),
            ("loop", Node::Symlink(b"loop".to_vec())),
            ("gone", Node::Symlink(b"/nowhere".to_vec())),
        ] {
            host.fake.add_node(root, path, node);
        }
        let mut mounts = alloc::vec![MountRequest { target: b"/".to_vec(), mount: root, mode }];
        if let Some(mode) = work {
            let mount = host.fake.add_mount(mode == MountMode::ReadWrite);
            host.fake.add_node(mount, "old", Node::File(b"old".to_vec(), 0o644));
            mounts.push(MountRequest { target: b"/work".to_vec(), mount, mode });
        }
        let machine = Machine {
            processors: 2,
            memory: 1 << 30,
            host_name: b"box".to_vec(),
            release: b"6.18.0".to_vec(),
            version: b"#1".to_vec(),
            processor_flags: b"fpu".to_vec(),
        };
        let options = NamespaceOptions { host: Arc::new(host.clone()), mounts, limit: LIMIT, machine };
        let namespace = Namespace::create(options).unwrap();
        let caller = Caller { credentials: Credentials::new(0, 0), process: 7, thread: 8 };
        Self { host, root, place: Place::new(namespace), caller }
    }

    /// Go on as user `user`.
    pub(crate) fn become_user(&mut self, user: u32) {
        self.caller.credentials = Credentials::new(user, user);
    }

    pub(crate) fn view(&self) -> View<'_> {
        View::new(&self.place, &self.caller)
    }

    pub(crate) fn attributes(&self, path: &str) -> Result<Attributes> {
        self.view().find(path.as_bytes(), LastLink::Keep)?.vnode.attributes()
    }

    /// The kind of error that finding `path` is.
    pub(crate) fn find_error(&self, path: &str) -> Option<ErrorKind> {
        self.view().find(path.as_bytes(), LastLink::Follow).err().map(|error| error.kind)
    }

    pub(crate) fn open(&self, path: &str, status: FileStatus, create: Create) -> Result<Arc<dyn File>> {
        let request = OpenRequest { status, create, mode: 0o644, ..OpenRequest::READ };
        self.view().open(path.as_bytes(), &request)
    }

    /// All bytes of the file at `path`.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>> {
        read_all(&*self.open(path, FileStatus::READ, Create::No)?)
    }

    /// Make `path` hold `bytes` from `position` on.
    pub(crate) fn write(&self, path: &str, position: u64, mut bytes: &[u8]) -> Result<usize> {
        self.open(path, FileStatus::WRITE, Create::IfMissing)?.write(Some(position), &mut bytes)
    }

    /// The names in the folder at `path`, without dots.
    pub(crate) fn names(&self, path: &str) -> Vec<Vec<u8>> {
        list(&*self.open(path, FileStatus::READ, Create::No).unwrap(), 0, usize::MAX).0
    }
}

pub(crate) fn read_all(file: &dyn File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 100];
    loop {
        let mut room: &mut [u8] = &mut chunk;
        match file.read(Some(bytes.len() as u64), &mut room)? {
            0 => return Ok(bytes),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// At most `count` names of a folder after `cookie`, without dots, and where the listing goes on.
pub(crate) fn list(folder: &dyn File, cookie: u64, count: usize) -> (Vec<Vec<u8>>, u64) {
    let (mut names, mut next) = (Vec::new(), cookie);
    let sink = &mut |entry: crate::file::Listed<'_>| {
        if names.len() == count {
            return Listing::Stop;
        }
        if !matches!(entry.name, b"." | b"..") {
            names.push(entry.name.to_vec());
        }
        next = entry.cookie;
        Listing::More
    };
    folder.folder().unwrap().list(cookie, sink).unwrap();
    (names, next)
}
