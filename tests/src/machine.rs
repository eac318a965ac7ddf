//! Runs one guest program on a machine of its own: QEMU, a kernel, and an archive that is the root of the file system.
//!
//! The kernel speaks on three ports. What it writes to 0xe9 is the guest's standard output and to 0xea its standard
//! error. On 0xeb it says `log TEXT` for diagnostics, `panic TEXT` when it cannot go on, and as its last line `status N`
//! with the status of wait(2) in decimal. Then 0x10 on port 0xf4 stops the machine. Standard input is empty.

mod archive;
mod libraries;
mod start;

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU64, Ordering};

use litebox_broker_protocol::StartFlags;

use crate::directives::Ending;
use crate::run::{Finished, Job, OUTPUT_LIMIT, ending};

/// The program, looked for in `PATH`.
const QEMU: &str = "qemu-system-x86_64";

/// What runs the machine and what builds its kernel; `cargo xtask test` installs the same.
const INSTALL: &str =
    "apt-get install -y --no-install-recommends qemu-system-x86 rustc-web cargo-web rust-web-src lld";

/// The machine's memory.
const MEMORY_MIB: u64 = 512;

/// isa-debug-exit ends QEMU with twice the value and one more: this is 0x10.
const STOPPED: Ending = Ending::Exit(33);

/// The kernel's ports, and the file that holds what was written to each.
const CHANNELS: [(&str, &str); 3] = [("0xe9", "out"), ("0xea", "err"), ("0xeb", "control")];

/// A kind of machine: which kernel it boots. Each run is a new machine.
#[derive(Debug)]
pub struct Machine {
    kernel: PathBuf,
    work: PathBuf,
    flags: StartFlags,
    next_run: AtomicU64,
}

impl Machine {
    /// Machines that boot `kernel`, an ELF file with a PVH entry. Their archives and output stand in the folder `work`
    /// for as long as they run.
    pub fn new(kernel: PathBuf, work: PathBuf) -> Self {
        Self { kernel, work, flags: StartFlags::empty(), next_run: AtomicU64::new(0) }
    }

    /// The same with choices for the library OS.
    #[must_use]
    pub fn with_flags(self, flags: StartFlags) -> Self {
        Self { flags, ..self }
    }

    /// Runs `job` as the first and only program of a new machine. The root of its file system holds the program, the
    /// host's `files`, the libraries that any of these need, and little else.
    ///
    /// # Errors
    /// A file that is missing, a QEMU that does not start, or a kernel that did not keep to the protocol or its time,
    /// with all that it said.
    pub fn run(&self, job: &Job, files: &[PathBuf]) -> Result<Finished, String> {
        let number = self.next_run.fetch_add(1, Ordering::Relaxed);
        let folder = self.work.join(format!("machine-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let outcome = self.run_in(&folder, job, files);
        // A leftover folder among the build's output does no harm.
        let _ = fs::remove_dir_all(&folder);
        outcome
    }

    fn run_in(&self, folder: &Path, job: &Job, files: &[PathBuf]) -> Result<Finished, String> {
        let block = start::block(job, self.flags, MEMORY_MIB << 20)?;
        let archive = folder.join("root.tar");
        let bytes = archive::root(&block, job, files)?;
        fs::write(&archive, bytes).map_err(|error| format!("{}: {error}", archive.display()))?;
        let qemu = Job {
            argv: self.command_line(&archive),
            env: env::var("PATH").map(|path| ("PATH".to_owned(), path)).into_iter().collect(),
            cwd: folder.to_path_buf(),
            timeout: job.timeout,
        };
        let ran = qemu.run().map_err(|error| format!("{error}; to install QEMU: {INSTALL}"))?;
        let [stdout, stderr, control] = CHANNELS.map(|(_, name)| read(&folder.join(name)));
        let control = String::from_utf8_lossy(&control?).into_owned();
        conclude(&ran, Finished { ending: Ending::Timeout, stdout: stdout?, stderr: stderr?, log: control })
    }

    /// QEMU's, to be started in the folder where the channels' files shall be.
    fn command_line(&self, archive: &Path) -> Vec<OsString> {
        let fixed = "-accel tcg -cpu max -M microvm,pit=on,pic=on,rtc=on,isa-serial=on -nodefaults -no-user-config \
                     -no-reboot -display none -serial null -device isa-debug-exit,iobase=0xf4,iosize=4";
        let mut line: Vec<OsString> = vec![QEMU.into()];
        line.extend(fixed.split_whitespace().map(OsString::from));
        line.extend(["-m".into(), MEMORY_MIB.to_string().into()]);
        line.extend(["-kernel".into(), self.kernel.clone().into()]);
        line.extend(["-initrd".into(), archive.into()]);
        for (port, name) in CHANNELS {
            line.extend(["-chardev".into(), format!("file,id={name},path={name}").into()]);
            let device = format!("isa-debugcon,iobase={port},readback={port},chardev={name}");
            line.extend(["-device".into(), device.into()]);
        }
        line
    }
}

/// Refuses to go on without QEMU.
///
/// # Errors
/// The line that installs it.
pub fn require_qemu() -> Result<(), String> {
    let path = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&path).any(|folder| folder.join(QEMU).is_file()) {
        return Ok(());
    }
    Err(format!("{QEMU} is missing; as root, run:\n  {INSTALL}"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    // QEMU makes the file when it starts; without one it did not.
    let Ok(file) = File::open(path) else { return Ok(bytes) };
    let got = file.take(OUTPUT_LIMIT).read_to_end(&mut bytes);
    got.map(|_| bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// What the guest did, if QEMU and the kernel ended as they should; `said` is what stands on the channels.
fn conclude(qemu: &Finished, said: Finished) -> Result<Finished, String> {
    let complain = |what: &str| {
        let [stdout, stderr, qemu] =
            [&said.stdout, &said.stderr, &qemu.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        let control = &said.log;
        Err(format!("{what}\n--- control\n{control}--- stdout\n{stdout}--- stderr\n{stderr}--- QEMU\n{qemu}"))
    };
    if said.log.lines().any(|line| line.starts_with("panic ")) {
        return complain("the kernel panicked");
    }
    match qemu.ending {
        STOPPED => {}
        Ending::Timeout => return complain("the machine did not stop within its time"),
        other => {
            return complain(&format!("QEMU ended with {other:?}, and the kernel should have stopped it"));
        }
    }
    let last = said.log.lines().last().and_then(|line| line.strip_prefix("status "));
    match last.and_then(|number| number.parse().ok()) {
        Some(status) => Ok(Finished { ending: ending(ExitStatus::from_raw(status)), ..said }),
        None => complain("the kernel stopped the machine without a `status N` at the end"),
    }
}

#[cfg(test)]
mod tests;
