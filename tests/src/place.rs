//! Where sources, binaries and the `litebox` executable are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders one test run uses.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder of this package.
    pub tests: PathBuf,
    /// Compiled programs, kept between runs.
    pub binaries: PathBuf,
    target: PathBuf,
}

impl Place {
    /// Finds the folders from what Cargo tells an integration test (`CARGO_MANIFEST_DIR` and
    /// `CARGO_TARGET_TMPDIR`).
    pub fn new(manifest_dir: &str, target_tmpdir: &str) -> Self {
        let tmp = Path::new(target_tmpdir);
        let target = tmp.parent().unwrap_or(tmp).to_path_buf();
        Self { tests: PathBuf::from(manifest_dir), binaries: target.join("guest"), target }
    }

    /// The `litebox` executable: `LITEBOX` if set, otherwise built in release mode.
    ///
    /// # Errors
    /// What was missing, as a sentence.
    pub fn litebox(&self) -> Result<PathBuf, String> {
        if let Some(path) = env::var_os("LITEBOX") {
            let path = PathBuf::from(path);
            return path
                .canonicalize()
                .map_err(|error| format!("LITEBOX names {}, which is not there: {error}", path.display()));
        }
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--release", "--package", "litebox-cli", "--target-dir"])
            .arg(&self.target)
            .current_dir(&self.tests)
            .status()
            .map_err(|error| format!("cargo could not be started: {error}"))?;
        if !status.success() {
            return Err(format!("`cargo build --release -p litebox-cli` failed: {status}"));
        }
        let path = self.target.join("release/litebox");
        path.canonicalize().map_err(|error| format!("the build left no {}: {error}", path.display()))
    }
}
