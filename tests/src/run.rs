//! Runs one program to its end, or to its deadline, and keeps what it wrote.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::os::fd::BorrowedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::directives::Ending;

/// A program that writes more than this is cut short: its pipe closes.
pub(crate) const OUTPUT_LIMIT: u64 = 64 << 20;
/// How long the output may stay open after the program has ended.
const GRACE: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// One command to run in a process group of its own, with an empty stdin and a clean environment.
#[derive(Debug, Clone)]
pub struct Job {
    /// The program and its arguments.
    pub argv: Vec<OsString>,
    /// The whole environment.
    pub env: Vec<(String, String)>,
    /// The working directory.
    pub cwd: PathBuf,
    /// How long it may run.
    pub timeout: Duration,
}

/// What a program left behind.
#[derive(Debug, Clone)]
pub struct Finished {
    /// How it ended.
    pub ending: Ending,
    /// What it wrote to descriptor 1.
    pub stdout: Vec<u8>,
    /// What it wrote to descriptor 2.
    pub stderr: Vec<u8>,
    /// What a machine's kernel said of it; empty elsewhere.
    pub log: String,
}

impl Job {
    /// Runs the command. At the deadline its whole process group is killed.
    ///
    /// # Errors
    /// Why it could not be started or waited for, or that a process outlived it.
    pub fn run(&self) -> Result<Finished, String> {
        let (program, args) = self.argv.split_first().ok_or("there is no program to run")?;
        let mut child = Command::new(program)
            .args(args)
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.cwd)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} could not be started: {error}", program.display()))?;
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        let ending = wait(&mut child, self.timeout)?;
        Ok(Finished { ending, stdout: collected(stdout)?, stderr: collected(stderr)?, log: String::new() })
    }
}

/// Marks every descriptor above 2 that this process was started with close-on-exec, so that a program
/// finds 0, 1 and 2 open and nothing else. Call it first in `main`.
///
/// # Errors
/// A `/proc/self/fd` that cannot be read.
pub fn keep_descriptors_to_ourselves() -> io::Result<()> {
    let listed = fs::read_dir("/proc/self/fd")?.collect::<Result<Vec<_>, _>>()?;
    let numbers = listed.iter().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    for number in numbers.filter(|number| *number > 2) {
        // SAFETY: the number was open a moment ago and nobody else closes descriptors this early; the one
        // of the listing itself is closed already and gives EBADF, which is ignored.
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        let _ = fcntl_setfd(descriptor, FdFlags::CLOEXEC);
    }
    Ok(())
}

/// Waits without reaping before the deadline is checked, so that the process group cannot belong to
/// somebody else when it is killed.
fn wait(child: &mut Child, timeout: Duration) -> Result<Ending, String> {
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(status) = child.try_wait().map_err(|error| format!("wait failed: {error}"))? {
            return Ok(ending(status));
        }
        if Instant::now() >= deadline {
            kill_group(child);
            child.wait().map_err(|error| format!("wait failed: {error}"))?;
            return Ok(Ending::Timeout);
        }
        thread::sleep(POLL_INTERVAL);
    }
}

fn kill_group(child: &Child) {
    // A group that is already gone is as good as a killed one.
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// How a program with this status of wait(2) ended.
pub(crate) fn ending(status: ExitStatus) -> Ending {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Exit(code),
        (None, signal) => Ending::Signal(signal.unwrap_or_default()),
    }
}

fn collect(stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is what there is to compare; nobody listens after the grace time.
        let _ = stream.take(OUTPUT_LIMIT).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

fn collected(stream: Option<Receiver<Vec<u8>>>) -> Result<Vec<u8>, String> {
    let Some(stream) = stream else { return Ok(Vec::new()) };
    let leaked = |_| "it ended, but a process that it started lives on and holds its output open".to_owned();
    stream.recv_timeout(GRACE).map_err(leaked)
}
