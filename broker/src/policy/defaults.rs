//! The policy of a run without flags: all of the host, read-only under an overlay, without what is secret.

use crate::policy::{Mount, Network, Policy};
use litebox_broker_protocol::{Identity, MountMode};
use std::path::{Path, PathBuf};

/// Below each home directory.
const HOME: &[&str] = &[
    ".ssh",
    ".aws",
    ".azure",
    ".gnupg",
    ".netrc",
    ".docker",
    ".kube",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".my.cnf",
    ".git-credentials",
    ".config/git/credentials",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".vault-token",
    ".terraform.d/credentials.tfrc.json",
    ".password-store",
    ".local/share/keyrings",
    ".local/share/kwalletd",
    ".config/gh",
    ".config/gcloud",
    ".config/op",
    ".config/rclone",
    ".mozilla",
    ".thunderbird",
    ".config/google-chrome",
    ".config/chromium",
    ".config/BraveSoftware",
    ".config/microsoft-edge",
    ".config/opera",
    ".config/vivaldi",
    "snap/firefox",
    "snap/chromium",
    ".var/app",
    ".config/containers/auth.json",
    ".cache/huggingface/token",
    ".m2/settings.xml",
    ".gradle/gradle.properties",
    ".Xauthority",
    ".bash_history",
    ".zsh_history",
    ".python_history",
];

/// Anywhere.
const SYSTEM: &[&str] = &[
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/ssl/private",
    "/etc/ssh/ssh_host_*_key",
    "/etc/krb5.keytab",
    "/etc/wireguard",
    "/etc/NetworkManager/system-connections",
    "/etc/kubernetes",
    "/etc/rancher",
    "/var/backups",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/run/credentials",
    "/run/*.sock",
    "/run/user",
    "/run/secrets",
    "/var/run/secrets",
];

/// Root's home, hidden whole unless it is the caller's own.
const ROOT_HOME: &str = "/root";

/// Where the other users' home directories are.
const HOMES: &str = "/home";

/// The most home directories that are looked at.
const MAX_HOMES: usize = 256;

impl Policy {
    /// The host's `/` under an overlay, without secrets; no network; the caller's working directory, and the caller
    /// as the host sees him. `home` is the caller's home directory, `directory` his working directory.
    #[must_use]
    pub fn default_for(home: &Path, directory: &Path) -> Self {
        let root = Path::new("/");
        Self {
            mounts: vec![Mount { source: root.into(), target: root.into(), mode: MountMode::Overlay }],
            hidden: hidden(home),
            see: Vec::new(),
            identity: caller(),
            network: Network::None,
            directory: directory.into(),
        }
    }
}

fn hidden(home: &Path) -> Vec<PathBuf> {
    let mut hidden: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
    if !home.starts_with(ROOT_HOME) {
        hidden.push(ROOT_HOME.into());
    }
    let own = own_homes().into_iter().chain([home.to_path_buf()]);
    for home in other_homes().into_iter().chain(own).filter(|home| home.is_absolute()) {
        hidden.extend(HOME.iter().map(|below| home.join(below)));
    }
    // As bytes: comparing by components is slow, and the order is nobody's concern.
    hidden.sort_unstable_by(|one, other| one.as_os_str().cmp(other.as_os_str()));
    hidden.dedup_by(|one, other| one.as_os_str() == other.as_os_str());
    hidden
}

/// The caller's home directories as the user database names them: `HOME` may say anything.
fn own_homes() -> Vec<PathBuf> {
    let users = [rustix::process::getuid().as_raw(), rustix::process::geteuid().as_raw()];
    let database = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let home = |line: &str| {
        // name, password, user, group, comment, home, shell (passwd(5)).
        let mut fields = line.split(':');
        let user: u32 = fields.nth(2)?.parse().ok()?;
        users.contains(&user).then(|| fields.nth(2).map(PathBuf::from)).flatten()
    };
    database.lines().filter_map(home).collect()
}

/// The homes of others, when the caller could read them: as root.
fn other_homes() -> Vec<PathBuf> {
    if !rustix::process::geteuid().is_root() {
        return Vec::new();
    }
    let others = std::fs::read_dir(HOMES).into_iter().flatten().flatten();
    others.take(MAX_HOMES).map(|entry| entry.path()).collect()
}

/// The user and groups of this process.
fn caller() -> Identity {
    let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
    let (euid, egid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    Identity { uid, euid, suid: euid, gid, egid, sgid: egid }
}
