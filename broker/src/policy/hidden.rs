//! Which host objects do not exist for a sandbox.

use crate::policy::Policy;
use rustix::fs::{AtFlags, CWD, Statx, StatxFlags};
use std::collections::{BTreeMap, BTreeSet};
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
            for directory in resolved.spellings(directory) {
                self.suffixes.push((directory, suffix.to_vec()));
            }
            return;
        }
        for spelling in resolved.spellings(path) {
            self.rules.insert(spelling, Rule::Hide);
        }
        if let Some(object) = follow(path) {
            self.inodes.insert(inode(&object));
            self.mounts.insert(object.stx_mnt_id);
        }
    }

    fn show(&mut self, path: &Path, resolved: &mut Resolved) {
        for spelling in resolved.spellings(path) {
            self.rules.insert(spelling, Rule::Show);
        }
        if let Some(object) = follow(path) {
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

/// Directories whose real path has been asked for: a policy names many entries of few.
#[derive(Default)]
struct Resolved(BTreeMap<PathBuf, Option<PathBuf>>);

impl Resolved {
    /// The path as written, with its directory resolved, and wholly resolved.
    fn spellings(&mut self, path: &Path) -> BTreeSet<Vec<u8>> {
        let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
        let mut spellings = BTreeSet::from([bytes(path)]);
        if let (Some(directory), Some(name)) = (path.parent(), path.file_name()) {
            let real = self.0.entry(directory.into()).or_insert_with(|| directory.canonicalize().ok());
            spellings.extend(real.as_ref().map(|directory| bytes(&directory.join(name))));
        }
        if path.is_symlink() {
            spellings.extend(path.canonicalize().map(|path| bytes(&path)));
        }
        spellings
    }
}

fn follow(path: &Path) -> Option<Statx> {
    rustix::fs::statx(CWD, path, AtFlags::empty(), StatxFlags::BASIC_STATS | StatxFlags::MNT_ID).ok()
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
