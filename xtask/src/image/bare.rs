//! Builds for a machine without an operating system, by a toolchain of Debian's: it carries the sources of `core`, which
//! rustup's lacks until its owner adds them, and so builds it for this target with the flags of a kernel.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{command, tools};

const TARGET: &str = "x86_64-unknown-none";

/// Apart from the other target folders: a kernel's flags would make each build undo the other's.
const FOLDER: &str = "target/machine";

const CARGO: &str = "/usr/bin/cargo";

/// What is set for the build alone. A kernel is linked to fixed addresses in the upper half, and `-Z` is refused to a
/// stable compiler without the first.
const VARIABLES: [(&str, &str); 3] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("RUSTC", "/usr/bin/rustc"),
    (
        "RUSTFLAGS",
        "-Clinker=/usr/bin/ld.lld -Crelocation-model=static -Ccode-model=kernel \
         --cfg=aes_backend=\"soft\" --cfg=sha1_backend=\"soft\" --cfg=sha2_backend=\"soft\"",
    ),
];

/// What the cargo that runs this task sets for its children, and a shell for the other toolchain: by how names start.
const OUTER: [&str; 5] = ["CARGO", "RUSTUP", "RUSTC", "RUSTFLAGS", "LD_LIBRARY_PATH"];

/// Variables of those that say nothing of the compiler.
const KEPT: [&str; 6] =
    ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_TERM_", "CARGO_BUILD_JOBS", "RUSTUP_HOME"];

/// The packages that every South shares, and that therefore may name none.
const SHARED: [&str; 5] = [
    "litebox-libos",
    "litebox-north-linux",
    "litebox-north-optee",
    "litebox-host",
    "litebox-broker-protocol",
];

/// Builds the kernel `name` and returns where it is.
///
/// # Errors
/// The toolchain is missing, and the message holds the line that installs it; or the kernel does not build.
pub(super) fn kernel(name: &str) -> Result<PathBuf> {
    build(&["--package", "litebox-images", "--bin", name])?;
    Ok(Path::new(FOLDER).join(TARGET).join("image").join(name))
}

/// Builds the packages that every South shares.
///
/// # Errors
/// As for [`kernel`].
pub(crate) fn check_bare() -> Result<()> {
    let packages: Vec<&str> = SHARED.iter().flat_map(|package| ["--package", package]).collect();
    build(&packages)
}

fn build(what: &[&str]) -> Result<()> {
    tools::require_bare()?;
    let how = ["--profile", "image", "--target", TARGET, "--target-dir", FOLDER];
    let core = ["-Zbuild-std=core,alloc,compiler_builtins"];
    let arguments = [&["build"], what, &how, &core].concat();
    let mut cargo = Command::new(CARGO);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_outer(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    command::finish(cargo.args(arguments).envs(VARIABLES))
}

fn is_outer(name: &str) -> bool {
    OUTER.iter().any(|start| name.starts_with(start)) && !KEPT.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::is_outer;

    #[test]
    fn the_other_toolchain_is_forgotten_and_the_users_settings_are_not() {
        for name in ["CARGO", "CARGO_PKG_NAME", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER", "CARGO_TARGET_DIR"] {
            assert!(is_outer(name), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_NET_OFFLINE", "PATH", "HOME"] {
            assert!(!is_outer(name), "{name}");
        }
    }
}
