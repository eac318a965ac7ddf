//! Compiles guest programs, at most two at a time, and keeps the results.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// A limit on compilers that run at once: the machine may be small and the compilers are not.
#[derive(Debug)]
pub struct Toolchain {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Toolchain {
    /// Allows `limit` compilers at once.
    pub const fn new(limit: usize) -> Self {
        Self { free: Mutex::new(limit), freed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_turn<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut free =
            self.freed.wait_while(self.lock(), |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        drop(free);
        let result = work();
        *self.lock() += 1;
        self.freed.notify_one();
        result
    }
}

/// Runs `command` so that it leaves `binary`, unless a kept one was made by the same command from
/// inputs that have not changed since.
///
/// # Errors
/// The compiler's own words, or the line that installs a missing compiler.
pub fn compile(
    toolchain: &Toolchain,
    mut command: Command,
    inputs: &[&Path],
    binary: &Path,
    install: &str,
) -> Result<(), String> {
    let stamp = binary.with_extension("stamp");
    let wanted = fingerprint(&command, inputs)?;
    if binary.exists() && fs::read_to_string(&stamp).is_ok_and(|kept| kept == wanted) {
        return Ok(());
    }
    let folder = binary.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let output = toolchain.with_turn(|| command.output()).map_err(|error| {
        let name = PathBuf::from(command.get_program());
        format!("{} could not be started ({error}); install it: {install}", name.display())
    })?;
    if !output.status.success() {
        return Err(format!("the compiler failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn fingerprint(command: &Command, inputs: &[&Path]) -> Result<String, String> {
    let mut text = format!("{command:?}\n");
    for input in inputs {
        let changed = fs::metadata(input)
            .and_then(|found| found.modified())
            .map_err(|error| format!("{}: {error}", input.display()))?;
        let age = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        text.push_str(&format!("{} {}\n", input.display(), age.as_nanos()));
    }
    Ok(text)
}
