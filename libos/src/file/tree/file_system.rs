//! The tree as a whole: its host, its numbers and its limits.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use litebox_host::file::{Attributes, FileKind, FileSystemStatistics, MountIndex, Timestamp};
use litebox_host::memory::SharedPages;
use litebox_host::sync::{AtomicU64, Mutex, Ordering};

use super::Node;
use crate::error::{Error, ErrorKind, Result};
use crate::file::host::{FileHost, timestamp};
use crate::file::{FileSystem, FileSystemKind};

/// Inode numbers of objects made here begin here, above those of host file systems.
const FIRST_INODE: u64 = 1 << 48;
/// What an object made here costs of the limit, beside its bytes.
pub(super) const NODE_COST: u64 = 1024;
/// How many names that the host does not have are remembered. Further ones are asked for again.
const MAX_ABSENT: u64 = 1 << 16;
/// How many bytes of the host's files are kept in memory.
const MAX_CACHED: u64 = 64 << 20;
/// How many of the host's files stay open without being open here.
const MAX_IDLE_HANDLES: u64 = 128;

/// A tree of nodes.
pub struct Tree {
    host: Arc<dyn FileHost>,
    kind: FileSystemKind,
    device: u64,
    lower: Option<Lower>,
    limit: u64,
    used: AtomicU64,
    cached: AtomicU64,
    absent: AtomicU64,
    handles: AtomicU64,
    next_inode: AtomicU64,
    /// Held by whoever locks more than one folder.
    pub(super) topology: Mutex<()>,
    /// Files of the host with several names, by the host's numbers, so that they are one node here too.
    pub(super) linked: Mutex<BTreeMap<(u64, u64), Arc<Node>>>,
}

struct Lower {
    mount: MountIndex,
    device: u64,
}

/// What a tree is made of.
pub struct TreeOptions {
    /// Whose clock, and whose folder.
    pub host: Arc<dyn FileHost>,
    /// What it is called.
    pub kind: FileSystemKind,
    /// The number of the file system.
    pub device: u64,
    /// The host's folder below it.
    pub lower: Option<MountIndex>,
    /// How many bytes may be kept here, counting each object made as 1024.
    pub limit: u64,
    /// Permission bits of the root, where there is nothing below.
    pub mode: u32,
}

impl Tree {
    /// A new tree, over the host's folder if there is one; its root.
    ///
    /// # Errors
    /// Those of the host's folder.
    pub fn create(options: TreeOptions) -> Result<Arc<Node>> {
        let Some(mount) = options.lower else { return Ok(Self::in_memory(options)) };
        let attributes = options.host.attributes(mount, b"")?;
        let tree = Self::new(options, Some(Lower { mount, device: attributes.device }));
        Ok(Node::lower_root(&tree, attributes))
    }

    /// A new tree over nothing; its root.
    pub fn in_memory(options: TreeOptions) -> Arc<Node> {
        let mode = options.mode;
        Node::memory_root(&Self::new(options, None), mode)
    }

    fn new(options: TreeOptions, lower: Option<Lower>) -> Arc<Self> {
        Arc::new(Self {
            host: options.host,
            kind: options.kind,
            device: options.device,
            lower,
            limit: options.limit,
            used: AtomicU64::new(0),
            cached: AtomicU64::new(0),
            absent: AtomicU64::new(0),
            handles: AtomicU64::new(0),
            next_inode: AtomicU64::new(FIRST_INODE),
            topology: Mutex::new(()),
            linked: Mutex::new(BTreeMap::new()),
        })
    }

    pub(super) fn host(&self) -> &dyn FileHost {
        &*self.host
    }

    /// Whose pages the files are made of.
    pub(super) fn pages(&self) -> &dyn SharedPages {
        &*self.host
    }

    /// The host's folder, if there is one.
    pub(super) fn lower(&self) -> Option<MountIndex> {
        self.lower.as_ref().map(|lower| lower.mount)
    }

    pub(super) fn now(&self) -> Timestamp {
        timestamp(&*self.host)
    }

    pub(super) fn new_inode(&self) -> u64 {
        self.next_inode.fetch_add(1, Ordering::Relaxed)
    }

    /// Attributes of the host's as this file system shows them: its own device number, and inode numbers that are
    /// unique within it although the host's folder may span several file systems.
    pub(super) fn adopt(&self, attributes: Attributes) -> Attributes {
        let same = self.lower.as_ref().is_some_and(|lower| lower.device == attributes.device);
        let inode = if same && attributes.inode < FIRST_INODE { attributes.inode } else { self.new_inode() };
        Attributes { inode, device: self.device, ..attributes }
    }

    /// Attributes of an object made now.
    pub(super) fn new_attributes(&self, kind: FileKind, mode: u32) -> Attributes {
        let now = self.now();
        Attributes {
            kind,
            mode,
            uid: 0,
            gid: 0,
            links: if kind == FileKind::Directory { 2 } else { 1 },
            inode: self.new_inode(),
            device: self.device,
            special: 0,
            size: 0,
            blocks: 0,
            block_size: 4096,
            accessed: now,
            modified: now,
            changed: now,
            born: now,
        }
    }

    /// Count `bytes` more as used.
    ///
    /// # Errors
    /// [`ErrorKind::NoSpace`].
    pub(super) fn charge(&self, bytes: u64) -> Result<()> {
        take_from(&self.used, bytes, self.limit)
            .ok_or(Error::new(ErrorKind::NoSpace, "the file system's limit is reached"))
    }

    pub(super) fn release(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Count `bytes` more as cached, if they may be.
    pub(super) fn cache(&self, bytes: u64) -> Option<()> {
        take_from(&self.cached, bytes, MAX_CACHED)
    }

    pub(super) fn uncache(&self, bytes: u64) {
        self.cached.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Whether one more absent name may be remembered; it is counted.
    pub(super) fn remember_absent(&self) -> bool {
        take_from(&self.absent, 1, MAX_ABSENT).is_some()
    }

    pub(super) fn count_handle(&self) {
        self.handles.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn uncount_handle(&self) {
        self.handles.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether a handle of the host's may stay open without being used.
    pub(super) fn may_idle(&self) -> bool {
        self.handles.load(Ordering::Relaxed) <= MAX_IDLE_HANDLES
    }
}

/// Add `amount` to `counter` unless that exceeds `limit`.
fn take_from(counter: &AtomicU64, amount: u64, limit: u64) -> Option<()> {
    let more = |old: u64| old.checked_add(amount).filter(|new| *new <= limit);
    counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(drop)
}

impl FileSystem for Tree {
    fn kind(&self) -> FileSystemKind {
        self.kind
    }

    fn device(&self) -> u64 {
        self.device
    }

    fn statistics(&self) -> Result<FileSystemStatistics> {
        const BLOCK: u64 = 4096;
        let free = self.limit.saturating_sub(self.used.load(Ordering::Relaxed));
        let mut figures = FileSystemStatistics {
            kind: 0,
            block_size: BLOCK,
            blocks: self.limit / BLOCK,
            blocks_free: free / BLOCK,
            blocks_available: free / BLOCK,
            files: self.limit / NODE_COST,
            files_free: free / NODE_COST,
            name_length: 255,
        };
        if self.kind == FileSystemKind::Host
            && let Some(mount) = self.lower()
        {
            figures = FileSystemStatistics { kind: 0, ..self.host.statistics(mount)? };
        }
        Ok(figures)
    }
}
