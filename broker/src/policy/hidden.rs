//! Which host objects do not exist for a sandbox.

use crate::policy::Policy;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Statx, StatxFlags};
use rustix::io::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Directories of the host that the sandbox has its own of.
const KERNEL_TREES: [&str; 3] = ["/proc", "/sys", "/dev"];

/// File systems that show kernel state, by the magic number of statfs(2): proc, sysfs, debugfs, tracefs, securityfs,
/// cgroup, cgroup2, bpf, devpts, efivarfs, pstore, nsfs, binfmt_misc, selinuxfs, configfs, mqueue.
const KERNEL_FILE_SYSTEMS: [i64; 16] = [
    0x9fa0,
    0x6265_6572,
    0x6462_6720,
    0x7472_6163,
    0x7363_6673,
    0x0027_e0eb,
    0x6367_7270,
    0xcafe_4a11,
    0x1cd1,
    0xde5e_81e4,
    0x6165_676c,
    0x6e73_6673,
    0x4249_4e4d,
    0xf97c_ff8c,
    0x6265_6570,
    0x1980_0202,
];

/// What the policy says of one real path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No rule names it: its inode may still be hidden.
    Plain,
    /// A `see` rule names it.
    Shown,
    /// Hidden, but something below is shown: the directory can be passed, and lists only what leads there.
    Passage,
    /// It does not exist.
    Hidden,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Hide,
    Show,
}

/// The hidden objects, by path and by inode.
#[derive(Default)]
pub(crate) struct Hidden {
    rules: BTreeMap<Vec<u8>, Rule>,
    /// Directory and suffix of the patterns.
    suffixes: Vec<(Vec<u8>, Vec<u8>)>,
    /// Device and inode of what the hide rules name.
    inodes: BTreeSet<(u32, u32, u64)>,
    /// The mounts on which these inodes were found.
    mounts: BTreeSet<u64>,
}

impl Hidden {
    /// Collects the rules of a policy, and the inodes that its hidden paths name now. Paths are taken both as written
    /// and with their symbolic links resolved.
    pub(crate) fn new(policy: &Policy) -> Self {
        let mut hidden = Self::default();
        let mut resolved = Resolved::default();
        for path in &policy.hidden {
            hidden.hide(path, &mut resolved);
        }
        for path in &policy.see {
            hidden.show(path, &mut resolved);
        }
        hidden
    }

    fn hide(&mut self, path: &Path, resolved: &mut Resolved) {
        let name = path.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
        if let (Some(suffix), Some(directory)) = (name.strip_prefix(b"*"), path.parent()) {
            for directory in resolved.look(directory).spellings {
                self.suffixes.push((directory, suffix.to_vec()));
            }
            return;
        }
        let named = resolved.look(path);
        for spelling in named.spellings {
            self.rules.insert(spelling, Rule::Hide);
        }
        if let Some(object) = named.object {
            self.inodes.insert(inode(&object));
            self.mounts.insert(object.stx_mnt_id);
        }
    }

    fn show(&mut self, path: &Path, resolved: &mut Resolved) {
        let named = resolved.look(path);
        for spelling in named.spellings {
            self.rules.insert(spelling, Rule::Show);
        }
        if let Some(object) = named.object {
            self.inodes.remove(&inode(&object));
        }
    }

    /// What the rules say of the absolute path `real`, in which no component is a symbolic link.
    pub(crate) fn verdict(&self, real: &[u8]) -> Verdict {
        if !real.starts_with(b"/") || KERNEL_TREES.iter().any(|tree| is_within(real, tree.as_bytes())) {
            return Verdict::Hidden;
        }
        let mut prefix = real;
        loop {
            match self.rule(prefix) {
                Some(Rule::Show) => return Verdict::Shown,
                Some(Rule::Hide) if self.has_below(real, Rule::Show) => return Verdict::Passage,
                Some(Rule::Hide) => return Verdict::Hidden,
                None => {}
            }
            match parent(prefix) {
                Some(above) => prefix = above,
                None => return Verdict::Plain,
            }
        }
    }

    /// The rule that names exactly `path`.
    fn rule(&self, path: &[u8]) -> Option<Rule> {
        if let Some(rule) = self.rules.get(path) {
            return Some(*rule);
        }
        let matches = |(directory, suffix): &(Vec<u8>, Vec<u8>)| {
            parent(path) == Some(directory.as_slice()) && path.ends_with(suffix)
        };
        self.suffixes.iter().any(matches).then_some(Rule::Hide)
    }

    /// Whether something strictly below `real` is hidden.
    pub(crate) fn hides_below(&self, real: &[u8]) -> bool {
        let pattern = self.suffixes.iter().any(|(directory, _)| is_within(directory, real));
        pattern || self.has_below(real, Rule::Hide)
    }

    fn has_below(&self, real: &[u8], wanted: Rule) -> bool {
        let mut below = real.to_vec();
        if !below.ends_with(b"/") {
            below.push(b'/');
        }
        let mut rules = self.rules.range(below.clone()..).take_while(|(path, _)| path.starts_with(&below));
        rules.any(|(path, rule)| *rule == wanted && path.as_slice() != real)
    }

    /// Whether this very object is hidden, under whatever name.
    pub(crate) fn has_inode(&self, object: &Statx) -> bool {
        self.inodes.contains(&inode(object))
    }

    /// Whether the object is on a mount where real paths tell all: there, what is below a hidden directory has that
    /// directory in its path. Elsewhere a bind mount may give hidden files another path.
    pub(crate) fn is_path_enough(&self, object: &Statx) -> bool {
        self.inodes.is_empty() || self.mounts.contains(&object.stx_mnt_id)
    }
}

/// Whether a file system of this type shows the kernel's state.
pub(crate) fn is_kernel_file_system(magic: i64) -> bool {
    KERNEL_FILE_SYSTEMS.contains(&magic)
}

fn inode(object: &Statx) -> (u32, u32, u64) {
    (object.stx_dev_major, object.stx_dev_minor, object.stx_ino)
}

/// What a path of the policy names.
struct Named {
    /// The path as written, with its directory resolved, and wholly resolved.
    spellings: BTreeSet<Vec<u8>>,
    /// What stands there now.
    object: Option<Statx>,
}

/// Directories that have been looked for: a policy names many entries of few.
#[derive(Default)]
struct Resolved(BTreeMap<OsString, Option<RealDirectory>>);

/// A directory that exists.
struct RealDirectory {
    path: PathBuf,
    /// `O_PATH`, if one could be had.
    reference: Option<OwnedFd>,
}

impl Resolved {
    /// Most of what a policy names is not there: that takes one call for an entry, and few for a directory.
    fn look(&mut self, path: &Path) -> Named {
        let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
        let mut spellings = BTreeSet::from([bytes(path)]);
        let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
            return Named { spellings, object: follow(CWD, path) };
        };
        let Some(directory) = self.directory(directory) else { return Named { spellings, object: None } };
        spellings.insert(bytes(&directory.path.join(name)));
        let (at, name) = match &directory.reference {
            Some(reference) => (reference.as_fd(), Path::new(name)),
            None => (CWD, path),
        };
        let object = match stat(at, name, AtFlags::SYMLINK_NOFOLLOW) {
            Some(object) if is_symlink(&object) => {
                spellings.extend(path.canonicalize().map(|path| bytes(&path)));
                follow(at, name)
            }
            object => object,
        };
        Named { spellings, object }
    }

    fn directory(&mut self, path: &Path) -> Option<&RealDirectory> {
        // By its text: paths are slow to compare.
        let key = path.as_os_str();
        if !self.0.contains_key(key) {
            let found = self.find(path);
            self.0.insert(key.into(), found);
        }
        self.0.get(key).and_then(Option::as_ref)
    }

    fn find(&mut self, path: &Path) -> Option<RealDirectory> {
        if let Some(above) = path.parent().filter(|above| above.parent().is_some()) {
            // What is in nothing is nothing.
            self.directory(above)?;
        }
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let reference = match rustix::fs::open(path, flags, Mode::empty()) {
            Err(Errno::NOENT) => return None,
            opened => opened.ok(),
        };
        Some(RealDirectory { path: path.canonicalize().ok()?, reference })
    }
}

fn is_symlink(object: &Statx) -> bool {
    FileType::from_raw_mode(object.stx_mode.into()) == FileType::Symlink
}

fn follow(at: BorrowedFd<'_>, path: &Path) -> Option<Statx> {
    stat(at, path, AtFlags::empty())
}

fn stat(at: BorrowedFd<'_>, path: &Path, flags: AtFlags) -> Option<Statx> {
    rustix::fs::statx(at, path, flags, StatxFlags::BASIC_STATS | StatxFlags::MNT_ID).ok()
}

/// The directory above an absolute path without a trailing slash.
fn parent(path: &[u8]) -> Option<&[u8]> {
    let slash = path.iter().rposition(|&byte| byte == b'/')?;
    match slash {
        0 if path.len() > 1 => path.get(..1),
        0 => None,
        _ => path.get(..slash),
    }
}

/// Whether `path` is `tree` or below it.
fn is_within(path: &[u8], tree: &[u8]) -> bool {
    let rest = path.strip_prefix(tree);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/") || tree == b"/")
}
