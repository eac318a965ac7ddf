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

    /// The kernel of a machine for Linux programs: `LITEBOX_MACHINE` if set, otherwise built by the task that does so.
    ///
    /// # Errors
    /// What was missing, as a sentence; what the task said is on the standard error.
    pub fn machine(&self) -> Result<PathBuf, String> {
        named_by("LITEBOX_MACHINE").unwrap_or_else(|| self.made_by(&["image", "machine-linux"]))
    }

    /// The kernel of a machine for trusted applications: `LITEBOX_TEE_MACHINE` if set, otherwise built.
    ///
    /// # Errors
    /// As [`Place::machine`].
    pub fn tee_machine(&self) -> Result<PathBuf, String> {
        named_by("LITEBOX_TEE_MACHINE").unwrap_or_else(|| self.made_by(&["image", "machine-optee"]))
    }

    /// The trusted application that `source` in the tests' folder builds, as a file in the folder `output`.
    ///
    /// # Errors
    /// As [`Place::machine`].
    pub fn application(&self, source: &Path, output: &Path) -> Result<PathBuf, String> {
        let [source, output] = [source, output].map(|path| path.display().to_string());
        self.made_by(&["ta", "build", &source, "-o", &output])
    }

    /// The file that a task of the project makes, which it names on its last line.
    fn made_by(&self, task: &[&str]) -> Result<PathBuf, String> {
        let workspace = self.tests.parent().unwrap_or(&self.tests);
        let output = Command::new(cargo())
            .args(["run", "--quiet", "--package", "xtask", "--"])
            .args(task)
            .current_dir(workspace)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo could not be started: {error}"))?;
        let task = task.join(" ");
        if !output.status.success() {
            return Err(format!("`cargo xtask {task}` failed, as said above: {}", output.status));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let path = workspace.join(said.lines().last().unwrap_or_default());
        path.canonicalize().map_err(|error| format!("`{task}` left no {}: {error}", path.display()))
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
