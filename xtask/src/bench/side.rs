//! The sides of a comparison: the bare kernel first, then sandboxes, each a prefix of a command line.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::options::Options;
use super::programs::installed;
use crate::command;

/// One way of running a program.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// Its name in tables.
    pub(super) name: String,
    prefix: Vec<String>,
    /// A folder in memory, for files.
    pub(super) memory_folder: &'static str,
}

impl Side {
    /// The command line that runs `words` on this side.
    pub(super) fn line(&self, words: &[String]) -> Vec<String> {
        self.prefix.iter().chain(words).cloned().collect()
    }
}

/// The sides that `options` ask for.
///
/// # Errors
/// There is no sandbox among them, one is not installed or unknown, or `litebox` does not build.
pub(super) fn all(options: &Options, target: &Path) -> Result<Vec<Side>> {
    let mut sides = vec![native()];
    if options.litebox {
        sides.push(litebox(target)?);
    }
    for peer in &options.peers {
        sides.push(match peer.as_str() {
            "bwrap" => bwrap()?,
            _ => bail!("`{peer}` is no peer that is known; `bwrap` is"),
        });
    }
    if sides.len() < 2 {
        bail!("nothing to compare with");
    }
    if options.pin {
        for side in &mut sides {
            let prefix = ["taskset", "-c", "0"].map(str::to_owned);
            side.prefix.splice(0..0, prefix);
        }
    }
    Ok(sides)
}

/// The bare kernel. Its files are in memory too, or file rows would compare file systems.
fn native() -> Side {
    let memory_folder = if Path::new("/dev/shm").is_dir() { "/dev/shm" } else { "/tmp" };
    Side { name: "native".to_owned(), prefix: Vec::new(), memory_folder }
}

fn litebox(target: &Path) -> Result<Side> {
    let path = executable(target)?;
    let prefix = [&path, "run", "--quiet", "--"].map(str::to_owned).to_vec();
    Ok(Side { name: "litebox".to_owned(), prefix, memory_folder: "/tmp" })
}

/// The same for trusted applications.
///
/// # Errors
/// `litebox` does not build.
pub(super) fn trusted(target: &Path) -> Result<Side> {
    let prefix = [&executable(target)?, "tee", "run"].map(str::to_owned).to_vec();
    Ok(Side { name: "litebox".to_owned(), prefix, memory_folder: "/tmp" })
}

/// The command that `LITEBOX` names, or that of a release build.
fn executable(target: &Path) -> Result<String> {
    match std::env::var("LITEBOX") {
        Ok(path) => Ok(path),
        Err(_) => {
            command::run("cargo", &["build", "--quiet", "--release", "--package", "litebox-cli"])?;
            Ok(target.join("release/litebox").to_string_lossy().into_owned())
        }
    }
}

/// Bubblewrap: namespaces and nothing else, so its ratios are the noise of the run.
fn bwrap() -> Result<Side> {
    const LINE: &str = "--unshare-all --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp";
    let path = installed("bwrap").context("bwrap is not installed: apt-get install -y bubblewrap")?;
    let prefix = [path].into_iter().chain(LINE.split(' ').map(str::to_owned)).collect();
    Ok(Side { name: "bwrap".to_owned(), prefix, memory_folder: "/tmp" })
}
