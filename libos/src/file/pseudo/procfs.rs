//! `/proc`.

use alloc::format;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::file::{AttributeChange, Attributes, FileKind, FileSystemStatistics, Timestamp};

use super::procfs_file::{OfMachine, OfProcess};
use super::procfs_static::{FILES, uuid};
use super::text::TextFile;
use super::{Machine, ProcessLocation, ProcessText, Processes};
use crate::error::{Error, ErrorKind, Result};
use crate::file::host::{FileHost, timestamp};
use crate::file::{
    Caller, Directory, FIRST_COOKIE, File, FileSystem, FileSystemKind, FolderFile, Listed, Listing, Opening,
    Target, Vnode,
};
use crate::ipc::Ipc;
use crate::socket::Sockets;

/// What all objects of the file system share.
pub(super) struct Shared {
    pub(super) host: Arc<dyn FileHost>,
    pub(super) machine: Machine,
    pub(super) processes: Arc<Processes>,
    pub(super) ipc: Arc<Ipc>,
    pub(super) sockets: Arc<Sockets>,
    /// The text of `sys/kernel/random/boot_id`.
    pub(super) boot: Vec<u8>,
    device: u64,
    started: Timestamp,
    root: Weak<ProcessVnode>,
}

/// The file system.
pub(in crate::file) struct ProcessFileSystem;

impl ProcessFileSystem {
    /// Its root.
    ///
    /// # Errors
    /// Those of the host's random source.
    pub(in crate::file) fn create(
        host: &Arc<dyn FileHost>,
        machine: &Machine,
        processes: &Arc<Processes>,
        ipc: &Arc<Ipc>,
        sockets: &Arc<Sockets>,
        device: u64,
    ) -> Result<Arc<dyn Vnode>> {
        let boot = uuid(&**host)?;
        let root = Arc::new_cyclic(|root| {
            let shared = Arc::new(Shared {
                host: Arc::clone(host),
                machine: machine.clone(),
                processes: Arc::clone(processes),
                ipc: Arc::clone(ipc),
                sockets: Arc::clone(sockets),
                boot,
                device,
                started: timestamp(&**host),
                root: Weak::clone(root),
            });
            ProcessVnode { shared, shows: Shows::Machine("") }
        });
        Ok(root)
    }
}

/// What an object of `/proc` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// The folder at this path of [`FILES`]; the root is at the empty path.
    Machine(&'static str),
    /// The file in this row of [`FILES`].
    MachineFile(usize),
    /// `self`, `thread-self` and the links to what is in `self`.
    Alias(&'static str),
    /// A thread, or a process by its own number.
    Thread { process: u32, thread: u32 },
    /// A thread that is not the first of its process, by its number alone: opened, but not listed.
    Unlisted { process: u32, thread: u32 },
    /// A text of a thread.
    Text { process: u32, thread: u32, text: ProcessText },
    /// A link to a place.
    Place { process: u32, thread: u32, place: ProcessLocation },
    /// The folder of links to open files.
    Descriptors { process: u32, thread: u32 },
    /// One of its links.
    Descriptor { process: u32, thread: u32, number: u32 },
    /// The folder of texts about open files.
    DescriptorTexts { process: u32, thread: u32 },
    /// The folder of threads.
    Threads { process: u32 },
}

/// Links of the root.
const ALIASES: &[&str] = &["mounts", "self", "thread-self"];

const TEXTS: &[(&str, ProcessText)] = &[
    ("auxv", ProcessText::Auxv),
    ("cgroup", ProcessText::Cgroup),
    ("cmdline", ProcessText::Cmdline),
    ("comm", ProcessText::Comm),
    ("environ", ProcessText::Environ),
    ("io", ProcessText::Io),
    ("limits", ProcessText::Limits),
    ("loginuid", ProcessText::LoginUid),
    ("maps", ProcessText::Maps),
    ("mem", ProcessText::Mem),
    ("mountinfo", ProcessText::MountInfo),
    ("mounts", ProcessText::Mounts),
    ("oom_adj", ProcessText::OomAdj),
    ("oom_score", ProcessText::OomScore),
    ("oom_score_adj", ProcessText::OomScoreAdj),
    ("personality", ProcessText::Personality),
    ("schedstat", ProcessText::Schedstat),
    ("sessionid", ProcessText::SessionId),
    ("smaps", ProcessText::Smaps),
    ("smaps_rollup", ProcessText::SmapsRollup),
    ("stat", ProcessText::Stat),
    ("statm", ProcessText::Statm),
    ("status", ProcessText::Status),
    ("timerslack_ns", ProcessText::TimerSlack),
    ("wchan", ProcessText::Wchan),
];

const PLACES: &[(&str, ProcessLocation)] =
    &[("cwd", ProcessLocation::Current), ("exe", ProcessLocation::Program), ("root", ProcessLocation::Root)];

const NOT_FOUND: Error = Error::new(ErrorKind::NotFound, "no such name");

/// An object of `/proc`.
struct ProcessVnode {
    shared: Arc<Shared>,
    shows: Shows,
}

/// A decimal number as the kernel writes it: without leading zeros.
fn number(name: &[u8]) -> Option<u32> {
    let text = core::str::from_utf8(name).ok()?;
    let number: u32 = text.parse().ok()?;
    (text.len() == 1 || !text.starts_with(['0', '+'])).then_some(number)
}

impl ProcessVnode {
    /// What `name` shows in this folder.
    fn entry(&self, name: &[u8]) -> Option<Shows> {
        let text = core::str::from_utf8(name).ok()?;
        match self.shows {
            Shows::Machine("") => self.root_entry(text),
            Shows::Machine(path) => machine_entry(path, text),
            Shows::Thread { process, thread } => thread_entry(process, thread, text),
            Shows::Unlisted { process, .. } if text == "task" => Some(Shows::Threads { process }),
            Shows::Unlisted { process, thread } => thread_entry(process, thread, text),
            Shows::Threads { process } => {
                let thread = number(name)?;
                let threads = self.shared.processes.get(process).ok()?.threads();
                threads.contains(&thread).then_some(Shows::Thread { process, thread })
            }
            Shows::Descriptors { process, thread } => {
                let number = self.descriptor(process, number(name)?)?;
                Some(Shows::Descriptor { process, thread, number })
            }
            Shows::DescriptorTexts { process, thread } => {
                let number = self.descriptor(process, number(name)?)?;
                Some(Shows::Text { process, thread, text: ProcessText::Descriptor(number) })
            }
            _ => None,
        }
    }

    fn root_entry(&self, text: &str) -> Option<Shows> {
        if let Some(alias) = ALIASES.iter().find(|alias| **alias == text) {
            return Some(Shows::Alias(alias));
        }
        match number(text.as_bytes()) {
            Some(thread) => {
                let process = self.shared.processes.with_thread(thread).ok()?;
                let is_first = process == thread;
                Some(if is_first {
                    Shows::Thread { process, thread }
                } else {
                    Shows::Unlisted { process, thread }
                })
            }
            None => machine_entry("", text),
        }
    }

    /// `number`, if it is an open descriptor.
    fn descriptor(&self, process: u32, number: u32) -> Option<u32> {
        let open = self.shared.processes.get(process).ok()?.descriptors();
        open.iter().any(|(other, _)| *other == number).then_some(number)
    }

    /// The names in this folder, with their cookies.
    fn names(&self) -> Result<Vec<(u64, Vec<u8>)>> {
        let shared = &self.shared;
        let fixed = |names: Vec<&str>| -> Vec<(u64, Vec<u8>)> {
            (FIRST_COOKIE..).zip(names.iter().map(|name| name.as_bytes().to_vec())).collect()
        };
        let numbered = |numbers: Vec<u32>| -> Vec<(u64, Vec<u8>)> {
            numbers.iter().map(|number| (NUMBERED + u64::from(*number), decimal(*number))).collect()
        };
        Ok(match self.shows {
            Shows::Machine("") => {
                let mut names: Vec<&str> = ALIASES.to_vec();
                names.extend(machine_names(""));
                let mut names = fixed(names);
                names.extend(numbered(shared.processes.ids()));
                names
            }
            Shows::Machine(path) => fixed(machine_names(path)),
            Shows::Thread { process, thread } | Shows::Unlisted { process, thread } => {
                let mut names: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).collect();
                names.extend(PLACES.iter().map(|(name, _)| *name));
                names.extend(["fd", "fdinfo"]);
                if process == thread || matches!(self.shows, Shows::Unlisted { .. }) {
                    names.push("task");
                }
                fixed(names)
            }
            Shows::Threads { process } => numbered(shared.processes.get(process)?.threads()),
            Shows::Descriptors { process, .. } | Shows::DescriptorTexts { process, .. } => {
                let open = shared.processes.get(process)?.descriptors();
                numbered(open.iter().map(|(number, _)| *number).collect())
            }
            _ => Vec::new(),
        })
    }

    fn object(&self, shows: Shows) -> Arc<dyn Vnode> {
        Arc::new(Self { shared: Arc::clone(&self.shared), shows })
    }

    /// The object of the folder that holds this one, and its name there.
    fn above(&self) -> Option<(Shows, Vec<u8>)> {
        Some(match self.shows {
            Shows::Machine("") => return None,
            Shows::Machine(path) => split(path),
            Shows::MachineFile(row) => split(FILES.get(row)?.0),
            Shows::Alias(name) => (Shows::Machine(""), name.as_bytes().to_vec()),
            Shows::Thread { process, thread } if process == thread => (Shows::Machine(""), decimal(process)),
            Shows::Thread { process, thread } => (Shows::Threads { process }, decimal(thread)),
            Shows::Unlisted { thread, .. } => (Shows::Machine(""), decimal(thread)),
            Shows::Threads { process } => (Shows::Thread { process, thread: process }, b"task".to_vec()),
            Shows::Text { process, thread, text: ProcessText::Descriptor(number) } => {
                (Shows::DescriptorTexts { process, thread }, decimal(number))
            }
            Shows::Text { process, thread, text } => {
                let (name, _) = TEXTS.iter().find(|(_, other)| *other == text)?;
                (Shows::Thread { process, thread }, name.as_bytes().to_vec())
            }
            Shows::Place { process, thread, place } => {
                let (name, _) = PLACES.iter().find(|(_, other)| *other == place)?;
                (Shows::Thread { process, thread }, name.as_bytes().to_vec())
            }
            Shows::Descriptors { process, thread } => (Shows::Thread { process, thread }, b"fd".to_vec()),
            Shows::DescriptorTexts { process, thread } => {
                (Shows::Thread { process, thread }, b"fdinfo".to_vec())
            }
            Shows::Descriptor { process, thread, number } => {
                (Shows::Descriptors { process, thread }, decimal(number))
            }
        })
    }

    /// A number that tells the object from all others: taken from its path.
    fn inode(&self) -> u64 {
        /// FNV-1a, 64 bits.
        const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x100_0000_01b3;
        let Some((above, name)) = self.above() else { return 1 };
        let above = Self { shared: Arc::clone(&self.shared), shows: above }.inode();
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
        // 48 bits: small enough for every program's idea of an inode number.
        name.iter().fold(BASIS ^ above, step) >> 16
    }
}

/// Where the cookies of numbered entries begin, after all names.
const NUMBERED: u64 = 1 << 16;

fn decimal(number: u32) -> Vec<u8> {
    format!("{number}").into_bytes()
}

/// The folder that holds `path` of [`FILES`], and the last component.
fn split(path: &'static str) -> (Shows, Vec<u8>) {
    match path.rsplit_once('/') {
        Some((folder, name)) => (Shows::Machine(folder), name.as_bytes().to_vec()),
        None => (Shows::Machine(""), path.as_bytes().to_vec()),
    }
}

/// What is left of `path` below `folder`.
fn below(path: &'static str, folder: &str) -> Option<&'static str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// What `name` is in `folder` of [`FILES`].
fn machine_entry(folder: &str, name: &str) -> Option<Shows> {
    FILES.iter().enumerate().find_map(|(row, (path, _))| {
        let rest = below(path, folder)?.strip_prefix(name)?;
        match rest.as_bytes().first() {
            None => Some(Shows::MachineFile(row)),
            Some(b'/') => Some(Shows::Machine(path.get(..path.len() - rest.len())?)),
            Some(_) => None,
        }
    })
}

/// The names in `folder` of [`FILES`].
fn machine_names(folder: &str) -> Vec<&'static str> {
    let rests = FILES.iter().filter_map(|(path, _)| below(path, folder));
    let mut names: Vec<&str> = rests.map(|rest| rest.split('/').next().unwrap_or(rest)).collect();
    names.dedup();
    names
}

fn thread_entry(process: u32, thread: u32, name: &str) -> Option<Shows> {
    if let Some((_, text)) = TEXTS.iter().find(|(other, _)| *other == name) {
        return Some(Shows::Text { process, thread, text: *text });
    }
    if let Some((_, place)) = PLACES.iter().find(|(other, _)| *other == name) {
        return Some(Shows::Place { process, thread, place: *place });
    }
    match name {
        "fd" => Some(Shows::Descriptors { process, thread }),
        "fdinfo" => Some(Shows::DescriptorTexts { process, thread }),
        "task" if process == thread => Some(Shows::Threads { process }),
        _ => None,
    }
}

impl Directory for ProcessVnode {
    fn lookup(&self, name: &[u8]) -> Result<Arc<dyn Vnode>> {
        Ok(self.object(self.entry(name).ok_or(NOT_FOUND)?))
    }

    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()> {
        for (at, name) in self.names()? {
            if at <= cookie {
                continue;
            }
            let Some(shows) = self.entry(&name) else { continue };
            let object = Self { shared: Arc::clone(&self.shared), shows };
            let listed = Listed { name: &name, inode: object.inode(), kind: object.kind(), cookie: at };
            if sink(listed) == Listing::Stop {
                break;
            }
        }
        Ok(())
    }
}

impl Vnode for ProcessVnode {
    fn kind(&self) -> FileKind {
        match self.shows {
            Shows::MachineFile(_) | Shows::Text { .. } => FileKind::Regular,
            Shows::Alias(_) | Shows::Place { .. } | Shows::Descriptor { .. } => FileKind::Symlink,
            _ => FileKind::Directory,
        }
    }

    fn attributes(&self) -> Result<Attributes> {
        let kind = self.kind();
        let mode = match self.shows {
            Shows::Text { text, .. } => text.mode(),
            Shows::Descriptors { .. } | Shows::DescriptorTexts { .. } => 0o500,
            _ => match kind {
                FileKind::Symlink => 0o777,
                FileKind::Directory => 0o555,
                _ => 0o444,
            },
        };
        let owner = match self.shows {
            Shows::Machine(_) | Shows::MachineFile(_) | Shows::Alias(_) => None,
            Shows::Thread { process, .. }
            | Shows::Unlisted { process, .. }
            | Shows::Text { process, .. }
            | Shows::Place { process, .. }
            | Shows::Descriptors { process, .. }
            | Shows::Descriptor { process, .. }
            | Shows::DescriptorTexts { process, .. }
            | Shows::Threads { process } => Some(self.shared.processes.get(process)?.owner()),
        };
        let (uid, gid) = owner.unwrap_or((0, 0));
        let time = self.shared.started;
        Ok(Attributes {
            kind,
            mode,
            uid,
            gid,
            links: if kind == FileKind::Directory { 2 } else { 1 },
            inode: self.inode(),
            device: self.shared.device,
            special: 0,
            size: 0,
            blocks: 0,
            block_size: 1024,
            accessed: time,
            modified: time,
            changed: time,
            born: time,
        })
    }

    fn set_attributes(&self, _: &AttributeChange) -> Result<()> {
        Err(Error::new(ErrorKind::NotPermitted, "the attributes are fixed"))
    }

    fn open(self: Arc<Self>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        let shared = || Arc::clone(&self.shared);
        let text = match self.shows {
            Shows::MachineFile(row) => {
                let (_, generate) = FILES.get(row).ok_or(NOT_FOUND)?;
                return Ok(TextFile::open(
                    OfMachine { shared: shared(), generate: *generate },
                    opening.location,
                ));
            }
            Shows::Text { text: ProcessText::Mem, .. } => {
                return Err(Error::new(ErrorKind::AccessDenied, "memory is no file here"));
            }
            Shows::Text { process, thread, text } => OfProcess::new(shared(), process, thread, text)?,
            _ => return Ok(FolderFile::open(opening)),
        };
        Ok(TextFile::open(text, opening.location))
    }

    fn follow(&self, caller: &Caller) -> Result<Target> {
        match self.shows {
            Shows::Alias("self") => Ok(Target::Path(decimal(caller.process))),
            Shows::Alias("thread-self") => {
                let path = format!("{}/task/{}", caller.process, caller.thread);
                Ok(Target::Path(path.into_bytes()))
            }
            Shows::Alias(name) => Ok(Target::Path(format!("self/{name}").into_bytes())),
            Shows::Place { process, place, .. } => {
                let location = self.shared.processes.get(process)?.location(place);
                location.map(Target::Object).ok_or(NOT_FOUND)
            }
            Shows::Descriptor { process, number, .. } => {
                let open = self.shared.processes.get(process)?.descriptors();
                let (_, description) =
                    open.into_iter().find(|(other, _)| *other == number).ok_or(NOT_FOUND)?;
                Ok(Target::Open(description))
            }
            _ => Err(Error::new(ErrorKind::InvalidArgument, "the object is no symbolic link")),
        }
    }

    fn directory(&self) -> Option<&dyn Directory> {
        (self.kind() == FileKind::Directory).then_some(self)
    }

    fn place(&self) -> Option<(Arc<dyn Vnode>, Vec<u8>)> {
        let (above, name) = self.above()?;
        let parent: Arc<dyn Vnode> = match above {
            Shows::Machine("") => self.shared.root.upgrade()?,
            shows => self.object(shows),
        };
        Some((parent, name))
    }

    fn file_system(&self) -> &dyn FileSystem {
        &*self.shared
    }
}

impl FileSystem for Shared {
    fn kind(&self) -> FileSystemKind {
        FileSystemKind::Process
    }

    fn device(&self) -> u64 {
        self.device
    }

    fn statistics(&self) -> Result<FileSystemStatistics> {
        Ok(FileSystemStatistics { block_size: 4096, name_length: 255, ..FileSystemStatistics::default() })
    }
}
