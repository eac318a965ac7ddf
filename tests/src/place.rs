//! Where sources, binaries, the `litebox` executable and the kernel are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
        if let Some(path) = named_by("LITEBOX") {
            return path;
        }
        let status = Command::new(cargo())
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

    /// Where a run's own files may stand while it runs.
    pub fn work(&self) -> PathBuf {
        self.target.join("machine-runs")
    }

    /// The kernel of a machine: `LITEBOX_MACHINE` if set, otherwise built by the task that does so.
    ///
    /// # Errors
    /// What was missing, as a sentence; what the task said is on the standard error.
    pub fn machine(&self) -> Result<PathBuf, String> {
        if let Some(path) = named_by("LITEBOX_MACHINE") {
            return path;
        }
        let workspace = self.tests.parent().unwrap_or(&self.tests);
        let task = ["run", "--quiet", "--package", "xtask", "--", "image", "machine-linux"];
        let output = Command::new(cargo())
            .args(task)
            .current_dir(workspace)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo could not be started: {error}"))?;
        if !output.status.success() {
            return Err(format!(
                "`cargo xtask image machine-linux` failed, as said above: {}",
                output.status
            ));
        }
        let path = workspace.join(String::from_utf8_lossy(&output.stdout).trim());
        path.canonicalize().map_err(|error| format!("the build left no {}: {error}", path.display()))
    }
}

fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The file that a variable names, if it is set.
fn named_by(variable: &str) -> Option<Result<PathBuf, String>> {
    let path = PathBuf::from(env::var_os(variable)?);
    let complain = |error| format!("{variable} names {}, which is not there: {error}", path.display());
    Some(path.canonicalize().map_err(complain))
}
