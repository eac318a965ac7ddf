//! The programs that tests need, and the Debian packages that hold them. This is the only such list.

use std::path::Path;

use anyhow::{Result, bail};

use crate::command;

/// A program looked for in `PATH`, and the package that installs it.
const TOOLS: &[(&str, &str)] = &[
    ("gcc", "gcc"),
    ("musl-gcc", "musl-tools"),
    ("objdump", "binutils"),
    ("make", "make"),
    ("strace", "strace"),
    ("busybox", "busybox-static"),
    ("python3", "python3"),
    ("node", "nodejs"),
    ("perl", "perl"),
    ("sqlite3", "sqlite3"),
    ("go", "golang-go"),
    ("zsh", "zsh"),
    ("cmake", "cmake"),
    ("ninja", "ninja-build"),
    ("git", "git"),
    ("vim", "vim"),
    ("script", "bsdutils"),
    ("tmux", "tmux"),
    ("ssh-keygen", "openssh-client"),
    ("qemu-system-x86_64", "qemu-system-x86"),
];

/// Files that no program in `PATH` stands for: the C library's headers, which gcc only recommends.
const FILES: &[(&str, &str)] = &[
    ("/usr/include/stdio.h", "libc6-dev"),
    ("/usr/include/linux/futex.h", "linux-libc-dev"),
    ("/usr/share/python-wheels", "python3-venv"),
];

/// The toolchain of builds for a machine without an operating system, by its own paths: another may come first in `PATH`.
const BARE: &[(&str, &str)] = &[
    ("/usr/bin/rustc", "rustc-web"),
    ("/usr/bin/cargo", "cargo-web"),
    ("/usr/lib/rustlib/src/rust/library/core/Cargo.toml", "rust-web-src"),
    ("/usr/bin/ld.lld", "lld"),
];

/// Whether a program of this name is in `PATH` or in one of the system's own folders.
pub(crate) fn is_installed(program: &str) -> bool {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':')
        .chain(["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
        .any(|folder| Path::new(folder).join(program).is_file())
}

fn missing_packages() -> Vec<&'static str> {
    let programs = TOOLS.iter().filter(|(program, _)| !is_installed(program));
    let files = FILES.iter().chain(BARE).filter(|(file, _)| !Path::new(file).exists());
    programs.chain(files).map(|(_, package)| *package).collect()
}

fn install_line(packages: &[&str]) -> String {
    format!("apt-get install -y --no-install-recommends {}", packages.join(" "))
}

/// Refuses to go on without the whole toolchain of [`BARE`].
///
/// # Errors
/// A part is missing. The message holds the line that installs them all.
pub(crate) fn require_bare() -> Result<()> {
    let missing: Vec<&str> =
        BARE.iter().filter(|(file, _)| !Path::new(file).exists()).map(|(file, _)| *file).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = BARE.iter().map(|(_, package)| *package).collect();
    bail!(
        "builds for a bare machine need {}; as root, run:\n  {}",
        missing.join(", "),
        install_line(&packages)
    );
}

/// Installs what is missing when run as root.
///
/// # Errors
/// Something is missing and this is not root, or the installation failed. The message holds the line that installs it.
pub(crate) fn ensure() -> Result<()> {
    let missing = missing_packages();
    if missing.is_empty() {
        return Ok(());
    }
    let line = install_line(&missing);
    if command::output("id", &["-u"])?.trim() != "0" {
        bail!("the tests need programs that are not installed; as root, run:\n  {line}");
    }
    let variables = [("DEBIAN_FRONTEND", "noninteractive")];
    command::run_with("apt-get", &["update", "-q"], &variables)?;
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    command::run_with("apt-get", &words, &variables)?;
    match missing_packages().as_slice() {
        [] => Ok(()),
        still => bail!("installed, and still not found: {}", still.join(" ")),
    }
}
