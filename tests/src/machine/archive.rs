//! The archive that a machine boots with: the start block, then its whole file system, as a ustar file.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tar::{Builder, EntryType, Header};

use super::libraries;
use crate::run::Job;

/// The member that comes first.
const START: &str = "/.litebox/start";

/// Folders that programs expect, and their modes.
const FOLDERS: [(&str, u32); 10] = [
    ("/", 0o755),
    ("/dev", 0o755),
    ("/dev/shm", 0o1777),
    ("/home", 0o755),
    ("/proc", 0o555),
    ("/root", 0o700),
    ("/run", 0o755),
    ("/sys", 0o555),
    ("/tmp", 0o1777),
    ("/var/tmp", 0o1777),
];

/// Who there is.
const FILES: [(&str, &str); 2] = [
    (
        "/etc/passwd",
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    ),
    ("/etc/group", "root:x:0:\nnogroup:x:65534:\n"),
];

/// The archive for `job`: the start block `block`, the usual folders, the working directory, the program, the host's
/// `files`, and the libraries of them all. Symbolic links of the host are followed.
///
/// # Errors
/// A file that cannot be read, or whose name does not fit into a ustar header.
pub(super) fn root(block: &[u8], job: &Job, files: &[PathBuf]) -> Result<Vec<u8>, String> {
    let mut archive = Archive { builder: Builder::new(Vec::new()), seen: BTreeSet::new() };
    archive.add(Path::new(START), EntryType::Regular, Attributes::new(0o400), block)?;
    for (path, mode) in FOLDERS {
        archive.folder(Path::new(path), mode)?;
    }
    for (path, text) in FILES {
        archive.file(Path::new(path), Attributes::new(0o644), text.as_bytes())?;
    }
    archive.folder(&job.cwd, 0o755)?;
    let program = PathBuf::from(job.argv.first().ok_or("there is no program to run")?);
    for path in [&program].into_iter().chain(files) {
        for path in libraries::needed(path)?.iter().chain([path]) {
            archive.host_file(path)?;
        }
    }
    archive.builder.into_inner().map_err(|error| format!("the archive cannot be closed: {error}"))
}

/// What a header says beside the name.
#[derive(Clone, Copy)]
struct Attributes {
    mode: u32,
    modified: u64,
}

impl Attributes {
    fn new(mode: u32) -> Self {
        Self { mode, modified: 0 }
    }
}

struct Archive {
    builder: Builder<Vec<u8>>,
    seen: BTreeSet<PathBuf>,
}

impl Archive {
    /// Adds a folder, unless it is there, and those above it.
    fn folder(&mut self, path: &Path, mode: u32) -> Result<(), String> {
        if self.seen.contains(path) {
            return Ok(());
        }
        self.parents(path)?;
        self.seen.insert(path.to_path_buf());
        self.add(path, EntryType::Directory, Attributes::new(mode), &[])
    }

    fn parents(&mut self, path: &Path) -> Result<(), String> {
        path.parent().map_or(Ok(()), |parent| self.folder(parent, 0o755))
    }

    /// Adds a file, unless it is there, and the folders above it.
    fn file(&mut self, path: &Path, attributes: Attributes, bytes: &[u8]) -> Result<(), String> {
        if !self.seen.insert(path.to_path_buf()) {
            return Ok(());
        }
        self.parents(path)?;
        self.add(path, EntryType::Regular, attributes, bytes)
    }

    /// Adds a file of the host under its own path.
    fn host_file(&mut self, path: &Path) -> Result<(), String> {
        let complain = |error| format!("{}: {error}", path.display());
        let found = fs::metadata(path).map_err(complain)?;
        let bytes = fs::read(path).map_err(complain)?;
        let mode = found.permissions().mode() & 0o7777;
        let modified = u64::try_from(found.mtime()).unwrap_or_default();
        self.file(path, Attributes { mode, modified }, &bytes)
    }

    fn add(&mut self, path: &Path, kind: EntryType, has: Attributes, bytes: &[u8]) -> Result<(), String> {
        let relative = path.strip_prefix("/").map_err(|_| format!("{} is not absolute", path.display()))?;
        let relative = if relative.as_os_str().is_empty() { Path::new(".") } else { relative };
        let mut header = Header::new_ustar();
        // Unlike the builder, a header never splits a long name into members that the kernel does not know.
        header.set_path(relative).map_err(|error| format!("{}: {error}", path.display()))?;
        header.set_entry_type(kind);
        header.set_mode(has.mode);
        header.set_mtime(has.modified);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(bytes.len().try_into().unwrap_or(u64::MAX));
        header.set_cksum();
        self.builder.append(&header, bytes).map_err(|error| format!("{}: {error}", path.display()))
    }
}
