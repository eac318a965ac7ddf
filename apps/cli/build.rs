//! Builds the freestanding image that runs inside a sandbox process, for the command to embed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders of the packages that the image is made of, from the workspace's root.
const SOURCES: &[&str] = &[
    "apps/images",
    "north/linux",
    "libos",
    "south/host",
    "south/linux",
    "south/rewriter",
    "broker/protocol",
    "Cargo.toml",
    "Cargo.lock",
];

/// The image's name among the binaries of `litebox-images`.
const IMAGE: &str = "user-linux";

/// What the outer build sets for itself, and the image's must not see: flags and wrappers change its code.
const OUTER: &[&str] = &[
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
];

fn main() -> Result<(), Box<dyn Error>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", workspace.join(source).display());
    }
    let output = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets no OUT_DIR")?);
    let target = output.join("image");
    let mut cargo = Command::new(std::env::var_os("CARGO").ok_or("cargo sets no CARGO")?);
    cargo.current_dir(&workspace);
    cargo.args(["build", "--quiet", "--package", "litebox-images", "--bin", IMAGE, "--profile", "image"]);
    cargo.arg("--target-dir").arg(&target);
    for variable in OUTER {
        cargo.env_remove(variable);
    }
    if !cargo.status()?.success() {
        return Err("the image does not build".into());
    }
    std::fs::copy(target.join("image").join(IMAGE), output.join(IMAGE))?;
    Ok(())
}
