//! The tree of mounts that a sandbox starts with.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::{FileKind, MountIndex};
use litebox_host::sync::Mutex;

use super::host::FileHost;
use super::location::HOST_SOURCE;
use super::location::NOT_DIRECTORY;
use super::permission::STICKY;
use super::pseudo::{Machine, ProcessFileSystem, Processes, TerminalFileSystem, device_tree, system_tree};
use super::tree::{Node, Tree, TreeOptions};
use super::walk::Walker;
use super::writable::WritableFolder;
use super::{
    Caller, File, FileStatus, FileSystemKind, LastLink, Location, Mount, MountAccess, NewVnode, Opening,
    Ownership, Seals, Vnode, WalkLimits,
};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Credentials;
use crate::ipc::Ipc;
use crate::socket::Sockets;
use crate::terminal::Terminals;

/// A folder of the host to be mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountRequest {
    /// Where: an absolute path, without links.
    pub target: Vec<u8>,
    /// The host's folder.
    pub mount: MountIndex,
    /// How.
    pub mode: MountMode,
}

/// What becomes of changes below a mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountMode {
    /// They are refused.
    ReadOnly,
    /// They reach the host.
    ReadWrite,
    /// They are kept in memory.
    Overlay,
}

/// What a namespace is made of.
pub struct NamespaceOptions {
    /// The host with the folders.
    pub host: Arc<dyn FileHost>,
    /// The folders. Without one at `/` the root is empty and in memory.
    pub mounts: Vec<MountRequest>,
    /// How many bytes each file system in memory may keep.
    pub limit: u64,
    /// What `/proc` and `/sys` tell of the machine.
    pub machine: Machine,
}

/// The tree of mounts, shared by all processes.
pub struct Namespace {
    root: Location,
    mounts: Mutex<Vec<Arc<Mount>>>,
    processes: Arc<Processes>,
    terminals: Arc<Terminals>,
    ipc: Arc<Ipc>,
    sockets: Arc<Sockets>,
    machine: Machine,
    /// The root of a file system that is mounted nowhere, for files that never have a path.
    unmounted: Location,
}

impl Namespace {
    /// The tree that `options` describe, with `/proc`, `/dev` and `/sys`, and with `/tmp` and `/run` where there are
    /// none.
    ///
    /// # Errors
    /// Those of the host's folders; [`ErrorKind::NotDirectory`] where a mount has no place.
    pub fn create(mut options: NamespaceOptions) -> Result<Arc<Self>> {
        options.mounts.sort_by_key(|request| request.target.len());
        let mut builder = Builder { options: &options, next_device: FIRST_DEVICE, mounts: Vec::new() };
        let (at_root, others): (Vec<_>, Vec<_>) =
            options.mounts.iter().partition(|request| request.target == b"/");
        let root = builder.root(at_root.first().copied())?;
        builder.mounts.push(Arc::clone(&root.mount));
        let processes = Arc::new(Processes::default());
        let terminals = Terminals::new();
        let ipc = Ipc::new(&options.host, options.limit);
        let sockets = Sockets::new();
        builder.pseudo(&root, &processes, &ipc, &sockets, &terminals)?;
        for request in others {
            let (vnode, access) = builder.host_folder(request)?;
            builder.attach(&root, &request.target, vnode, access, HOST_SOURCE)?;
        }
        let mounts = Mutex::new(builder.mounts);
        let unmounted = unmounted(&options.host, options.limit);
        let machine = options.machine;
        Ok(Arc::new(Self { root, mounts, processes, terminals, ipc, sockets, machine, unmounted }))
    }

    /// A tree of one empty file system in memory, without `/proc`, `/dev` and `/sys`.
    pub fn empty(host: Arc<dyn FileHost>) -> Arc<Self> {
        let root = in_memory(&host, FIRST_DEVICE, EMPTY_LIMIT);
        let unmounted = unmounted(&host, EMPTY_LIMIT);
        let mounts = Mutex::new(alloc::vec![Arc::clone(&root.mount)]);
        let (processes, machine) = (Arc::default(), Machine::default());
        let (terminals, ipc) = (Terminals::new(), Ipc::new(&host, EMPTY_LIMIT));
        let sockets = Sockets::new();
        Arc::new(Self { root, mounts, processes, terminals, ipc, sockets, machine, unmounted })
    }

    /// The root of the tree.
    pub fn root(&self) -> Location {
        self.root.clone()
    }

    /// Open a new file that has no path; `label` is what it is shown as (`memfd_create(2)`). It has the permission
    /// bits `mode`, and is sealed by `seals` from the start.
    ///
    /// # Errors
    /// [`ErrorKind::NoSpace`].
    pub fn open_unmounted(
        &self,
        label: &[u8],
        mode: u32,
        seals: Seals,
        caller: &Caller,
    ) -> Result<Arc<dyn File>> {
        let folder: &dyn core::any::Any = &*self.unmounted.vnode;
        let folder = folder.downcast_ref::<Node>().ok_or(NOT_DIRECTORY)?;
        let user = caller.credentials.user.file_system;
        let owner = Ownership { mode, user, group: caller.credentials.group.file_system };
        let vnode: Arc<dyn Vnode> = folder.unnamed_child(label, owner, seals)?;
        let location = Location { mount: Arc::clone(&self.unmounted.mount), vnode: Arc::clone(&vnode) };
        // As in Linux, whoever made the file does not count as a writer: it can be executed (fexecve(3)).
        vnode.open(Opening { location, status: FileStatus::READ, caller })
    }

    /// All mounts, in the order in which they were made.
    pub fn mounts(&self) -> Vec<Arc<Mount>> {
        self.mounts.lock().clone()
    }

    /// The machine, as `/proc` and `/sys` show it.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The pseudoterminals that `/dev/pts` shows.
    pub fn terminals(&self) -> &Arc<Terminals> {
        &self.terminals
    }

    /// Where the slave numbered `number` is, if its file system is mounted and it has a master.
    pub fn terminal(&self, number: u32) -> Option<Location> {
        let is_theirs =
            |mount: &&Arc<Mount>| mount.root().vnode.file_system().kind() == FileSystemKind::Terminal;
        let root = self.mounts.lock().iter().find(is_theirs)?.root();
        let vnode = root.vnode.directory()?.lookup(alloc::format!("{number}").as_bytes()).ok()?;
        Some(Location { mount: root.mount, vnode })
    }

    /// The processes that `/proc` shows.
    pub fn processes(&self) -> &Arc<Processes> {
        &self.processes
    }

    /// The sandbox's interprocess communication, which `/proc` shows too.
    pub fn ipc(&self) -> &Arc<Ipc> {
        &self.ipc
    }

    /// The sandbox's local sockets.
    pub fn sockets(&self) -> &Arc<Sockets> {
        &self.sockets
    }
}

/// File systems are numbered from here on; smaller numbers are for what has no file system.
const FIRST_DEVICE: u64 = 0x20;

/// The number of the file system that is mounted nowhere.
const UNMOUNTED_DEVICE: u64 = 1;

/// A new file system in memory, by itself.
fn in_memory(host: &Arc<dyn FileHost>, device: u64, limit: u64) -> Location {
    let host = Arc::clone(host);
    let kind = FileSystemKind::Memory;
    let root = Tree::in_memory(TreeOptions { host, kind, device, lower: None, limit, mode: 0o755 });
    Mount::root_of_tree(root, MountAccess::ReadWrite, b"tmpfs".to_vec()).root()
}

fn unmounted(host: &Arc<dyn FileHost>, limit: u64) -> Location {
    in_memory(host, UNMOUNTED_DEVICE, limit)
}

/// How many bytes a tree of [`Namespace::empty`] keeps.
const EMPTY_LIMIT: u64 = 64 << 20;

/// A namespace being made.
struct Builder<'a> {
    options: &'a NamespaceOptions,
    next_device: u64,
    mounts: Vec<Arc<Mount>>,
}

impl Builder<'_> {
    fn device(&mut self) -> u64 {
        let device = self.next_device;
        self.next_device += 1;
        device
    }

    fn tree(&mut self, kind: FileSystemKind, lower: Option<MountIndex>, mode: u32) -> Result<Arc<Node>> {
        let device = self.device();
        let host = Arc::clone(&self.options.host);
        Tree::create(TreeOptions { host, kind, device, lower, limit: self.options.limit, mode })
    }

    fn root(&mut self, request: Option<&MountRequest>) -> Result<Location> {
        let (vnode, access, source): (Arc<dyn Vnode>, _, &[u8]) = match request {
            Some(request) => {
                let (vnode, access) = self.host_folder(request)?;
                (vnode, access, HOST_SOURCE)
            }
            None => (self.tree(FileSystemKind::Memory, None, 0o755)?, MountAccess::ReadWrite, b"tmpfs"),
        };
        if vnode.directory().is_none() {
            return Err(Error::new(ErrorKind::NotDirectory, "the root is no folder"));
        }
        let any: &dyn core::any::Any = &*vnode;
        if let Some(node) = any.downcast_ref::<Node>() {
            // Set-up asks for several names here, and programs for more. A folder that cannot be listed is asked.
            let _ = node.learn_names();
        }
        let root = Mount::root_of_tree(vnode, access, source.to_vec()).root();
        for (name, mode) in [(&b"tmp"[..], 0o777 | STICKY), (b"run", 0o755)] {
            if root.child(name).is_err() {
                // A root that cannot be changed has to do without.
                let _ = make_folder(&root, name, mode);
            }
        }
        Ok(root)
    }

    fn host_folder(&mut self, request: &MountRequest) -> Result<(Arc<dyn Vnode>, MountAccess)> {
        let lower = Some(request.mount);
        Ok(match request.mode {
            MountMode::ReadOnly => (self.tree(FileSystemKind::Host, lower, 0)?, MountAccess::ReadOnly),
            MountMode::Overlay => (self.tree(FileSystemKind::Overlay, lower, 0)?, MountAccess::ReadWrite),
            MountMode::ReadWrite => {
                let device = self.device();
                let host = Arc::clone(&self.options.host);
                (WritableFolder::open(host, request.mount, device)?, MountAccess::ReadWrite)
            }
        })
    }

    /// Mount `/proc`, `/sys`, `/dev` and `/dev/pts`.
    fn pseudo(
        &mut self,
        root: &Location,
        processes: &Arc<Processes>,
        ipc: &Arc<Ipc>,
        sockets: &Arc<Sockets>,
        terminals: &Arc<Terminals>,
    ) -> Result<()> {
        let options = self.options;
        let vnode: &dyn core::any::Any = &*root.vnode;
        let is_host = options.mounts.iter().any(|request| request.target == b"/");
        if let Some(node) = vnode.downcast_ref::<Node>().filter(|_| is_host) {
            for name in [&b"proc"[..], b"sys", b"dev"] {
                // Where the name is something else's, the mount finds that out.
                let _ = node.counted_subfolder(name, Ownership { mode: 0o755, user: 0, group: 0 });
            }
        }
        let device = self.device();
        let proc =
            ProcessFileSystem::create(&options.host, &options.machine, processes, ipc, sockets, device)?;
        self.attach(root, b"/proc", proc, MountAccess::ReadWrite, b"proc")?;
        let device = self.device();
        let sys = system_tree(&options.host, &options.machine, device)?;
        self.attach(root, b"/sys", sys, MountAccess::ReadOnly, b"sysfs")?;
        let device = self.device();
        let dev = device_tree(&options.host, processes, terminals, device, options.limit)?;
        self.attach(root, b"/dev", dev, MountAccess::ReadWrite, b"dev")?;
        let device = self.device();
        let pts = TerminalFileSystem::create(&options.host, terminals, device);
        self.attach(root, b"/dev/pts", pts, MountAccess::ReadWrite, b"devpts")
    }

    /// Mount `vnode` at `target`, making the place for it if there is none.
    fn attach(
        &mut self,
        root: &Location,
        target: &[u8],
        vnode: Arc<dyn Vnode>,
        access: MountAccess,
        source: &[u8],
    ) -> Result<()> {
        let at = mount_point(root, target, vnode.kind())?;
        let id = u32::try_from(self.mounts.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.mounts.push(Mount::attach(&at, id, vnode, access, source.to_vec())?);
        Ok(())
    }
}

/// The place at `target` for a mount of `kind`, made as far as it does not exist.
fn mount_point(root: &Location, target: &[u8], kind: FileKind) -> Result<Location> {
    let caller = Caller { credentials: Credentials::new(0, 0), process: 0, thread: 0 };
    let find =
        |path: &[u8]| Walker::new(&caller, root, root, path, WalkLimits::empty())?.end(LastLink::Follow);
    match find(target) {
        Err(error) if error.kind == ErrorKind::NotFound => {}
        found => return found,
    }
    let end = target.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    let target = target.get(..end).unwrap_or_default();
    let slash = target.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    let (above, name) = target.split_at(slash);
    let folder = if above.is_empty() { root.clone() } else { mount_point(root, above, FileKind::Directory)? };
    let name = name.strip_prefix(b"/").unwrap_or(name);
    if kind == FileKind::Directory {
        return make_folder(&folder, name, 0o755);
    }
    make(&folder, name, NewVnode::Regular, 0o644)
}

fn make_folder(folder: &Location, name: &[u8], mode: u32) -> Result<Location> {
    make(folder, name, NewVnode::Directory, mode)
}

/// Make `object` in `folder`, where that is in memory: even below a mount that refuses changes.
fn make(folder: &Location, name: &[u8], object: NewVnode<'_>, mode: u32) -> Result<Location> {
    let vnode: &dyn core::any::Any = &*folder.vnode;
    let node = vnode
        .downcast_ref::<Node>()
        .ok_or(Error::new(ErrorKind::ReadOnly, "a mount's place does not exist in the host's folder"))?;
    let vnode = node.fixed_child(name, object, Ownership { mode, user: 0, group: 0 })?;
    Ok(Location { mount: Arc::clone(&folder.mount), vnode })
}
