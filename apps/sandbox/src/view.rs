//! What the guest will see, looked at from outside before anything is started: to find the program in `PATH` and to
//! say in good words what is hidden. It decides nothing: the broker judges every request by itself.

use crate::Error;
use litebox_broker::policy::{Mount, Policy};
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Trees that the sandbox has its own of.
const KERNEL_TREES: [&str; 3] = ["/proc", "/sys", "/dev"];

/// What stands at a path of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A regular file that somebody may execute.
    Program,
    /// A directory.
    Directory,
    /// Something else.
    Other,
    /// Something that the policy hides; the host's name of it.
    Hidden(PathBuf),
    /// Nothing.
    Nothing,
    /// What the sandbox has there is not the host's.
    Unknown,
}

/// The mounts of a policy, opened to be looked at.
pub(crate) struct View<'a> {
    policy: &'a Policy,
    see: Vec<PathBuf>,
    mounts: Vec<(PathBuf, OwnedFd)>,
}

impl<'a> View<'a> {
    /// Opens the sources.
    pub(crate) fn open(policy: &'a Policy) -> Result<Self, Error> {
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        let open = |mount: &Mount| match rustix::fs::openat(CWD, &mount.source, flags, Mode::empty()) {
            Ok(source) => Ok((mount.target.clone(), source)),
            Err(errno) => Err(Error::refused(
                "mount.source",
                format!("{} cannot be given to the sandbox: {errno}", mount.source.display()),
                "name a directory or file that you can reach",
            )),
        };
        let mounts = policy.mounts.iter().map(open).collect::<Result<_, _>>()?;
        let see = policy.see.iter().flat_map(|path| [Some(path.clone()), path.canonicalize().ok()]);
        Ok(Self { policy, see: see.flatten().collect(), mounts })
    }

    /// What stands at an absolute path.
    pub(crate) fn look(&self, path: &Path) -> Found {
        if KERNEL_TREES.iter().any(|tree| path.starts_with(tree)) {
            return Found::Unknown;
        }
        let mut covering =
            self.mounts.iter().filter_map(|(target, root)| Some((root, path.strip_prefix(target).ok()?)));
        let Some((root, rest)) = covering.next_back() else { return Found::Nothing };
        let rest = if rest.as_os_str().is_empty() { Path::new(".") } else { rest };
        let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        let object =
            match rustix::fs::openat2(root, rest, OFlags::PATH | OFlags::CLOEXEC, Mode::empty(), resolve) {
                Ok(object) => object,
                // The mount is a file, not a directory.
                Err(rustix::io::Errno::NOTDIR) if rest == Path::new(".") => {
                    return rustix::fs::fstat(root).map_or(Found::Nothing, |status| kind(&status));
                }
                Err(_) => return Found::Nothing,
            };
        match (self.hidden_name(&object), rustix::fs::fstat(&object)) {
            (Some(hidden), _) => Found::Hidden(hidden),
            (None, Ok(status)) => kind(&status),
            (None, Err(_)) => Found::Nothing,
        }
    }

    /// The host's name of an object, if the policy hides that name.
    fn hidden_name(&self, object: &OwnedFd) -> Option<PathBuf> {
        use rustix::fd::AsRawFd;
        let real = std::fs::read_link(format!("/proc/self/fd/{}", object.as_raw_fd())).ok()?;
        let decides = |prefix: &Path| {
            if self.see.iter().any(|seen| seen == prefix) {
                return Some(false);
            }
            self.policy.hidden.iter().any(|hidden| names(hidden, prefix)).then_some(true)
        };
        let is_hidden = real.ancestors().find_map(decides).unwrap_or(false);
        is_hidden.then_some(real)
    }
}

/// Whether a hide rule names this path; its last component may be `*SUFFIX`.
fn names(rule: &Path, path: &Path) -> bool {
    // As bytes, which is fast: there are many rules.
    if !rule.as_os_str().as_bytes().contains(&b'*') {
        return rule.as_os_str() == path.as_os_str();
    }
    let last = rule.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
    match last.strip_prefix(b"*") {
        Some(suffix) => path.parent() == rule.parent() && path.as_os_str().as_bytes().ends_with(suffix),
        None => rule == path,
    }
}

fn kind(status: &rustix::fs::Stat) -> Found {
    match FileType::from_raw_mode(status.st_mode) {
        FileType::Directory => Found::Directory,
        FileType::RegularFile if status.st_mode & 0o111 != 0 => Found::Program,
        _ => Found::Other,
    }
}

/// What to execute for `program`: the path that it is, or the first program of that name in `search`, which is a
/// `PATH`. The library OS looks at it again, and has the last word.
pub(crate) fn find_program(
    view: &View<'_>,
    directory: &Path,
    program: &OsStr,
    search: &OsStr,
) -> Result<PathBuf, Error> {
    if program.as_bytes().contains(&b'/') {
        return match view.look(&directory.join(program)) {
            Found::Hidden(real) => Err(hidden(program, &real)),
            _ => Ok(program.into()),
        };
    }
    let mut obstacle = None;
    for entry in search.as_bytes().split(|byte| *byte == b':').filter(|_| !program.is_empty()) {
        // An empty entry is the working directory (environ(7)).
        let path = directory.join(OsStr::from_bytes(entry)).join(program);
        match view.look(&path) {
            Found::Program => return Ok(path),
            Found::Hidden(real) => obstacle = obstacle.or(Some(hidden(program, &real))),
            Found::Other => obstacle = obstacle.or(Some(not_executable(&path))),
            Found::Directory | Found::Nothing | Found::Unknown => {}
        }
    }
    Err(obstacle.unwrap_or_else(|| not_found(program, search)))
}

/// Refuses a working directory that the guest will not have.
pub(crate) fn check_directory(view: &View<'_>, directory: &Path) -> Result<(), Error> {
    let shown = directory.display();
    match view.look(directory) {
        Found::Directory | Found::Unknown => Ok(()),
        Found::Hidden(real) => Err(Error::refused(
            "hidden",
            format!("the working directory {shown} is hidden by default"),
            format!("--see {}, or another directory: -w /", real.display()),
        )),
        Found::Nothing => Err(Error::refused(
            "directory",
            format!("the working directory {shown} does not exist in the sandbox"),
            "-w DIR, or mount it: -v SRC:DST",
        )),
        Found::Program | Found::Other => Err(Error::refused(
            "directory",
            format!("the working directory {shown} is not a directory"),
            "-w DIR",
        )),
    }
}

fn program_error(code: u8, rule: &'static str, cause: String, fix: String) -> Error {
    Error::Program { code, refusal: litebox_broker::Refusal { rule, cause, fix } }
}

fn hidden(program: &OsStr, real: &Path) -> Error {
    let cause = format!("program not found: {}: {} is hidden by default", program.display(), real.display());
    program_error(127, "hidden", cause, format!("--see {}", real.display()))
}

fn not_executable(path: &Path) -> Error {
    let cause = format!("cannot execute {}: permission denied", path.display());
    program_error(126, "program", cause, format!("chmod +x {}", path.display()))
}

fn not_found(program: &OsStr, search: &OsStr) -> Error {
    let cause =
        format!("program not found: {}: not in PATH, which is {}", program.display(), search.display());
    program_error(127, "program", cause, "give its path, or -e PATH=…".into())
}
