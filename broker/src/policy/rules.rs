//! The policy as its author states it.

use litebox_broker_protocol::{Identity, MountMode, StartMount};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// A part of the host's files, given to the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// A directory or regular file of the host; opened once, then never looked up by path again.
    pub source: PathBuf,
    /// Where the guest sees it: an absolute path.
    pub target: PathBuf,
    /// Who sees writes, if there are any.
    pub mode: MountMode,
}

/// What the guest reaches of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Nothing: loopback is inside the sandbox, and there is no outside.
    None,
}

/// What a sandbox may reach. Everything that is not named here is refused.
///
/// Of `hidden` and `see`, the longest path that names an object or a directory above it decides; with equal paths
/// `see` wins. The last component of a hidden path may be `*SUFFIX`. The host's `/proc`, `/sys` and `/dev` are hidden
/// always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The mounts, in the order in which they are mounted: a later one covers an earlier one.
    pub mounts: Vec<Mount>,
    /// Absolute host paths that do not exist for the guest, with everything below them.
    pub hidden: Vec<PathBuf>,
    /// Absolute host paths that are shown though a hidden one covers them.
    pub see: Vec<PathBuf>,
    /// Who the guest's first process is.
    pub identity: Identity,
    /// The network.
    pub network: Network,
    /// The guest's first working directory.
    pub directory: PathBuf,
}

impl Policy {
    /// The mounts as the start block tells them. Their indices are those that requests use; each has a device
    /// number of its own, from the range without a name (major 0), so that no file looks as if on two mounts.
    #[must_use]
    pub fn start_mounts(&self) -> Vec<StartMount> {
        let tell = |(index, mount): (u32, &Mount)| StartMount {
            target: mount.target.as_os_str().as_bytes().to_vec(),
            index,
            mode: mount.mode,
            device: u64::from(index).saturating_add(0x40),
        };
        (0..).zip(&self.mounts).map(tell).collect()
    }
}
