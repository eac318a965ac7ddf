//! Running a program of the benchmark: output through pipes, in a process group that ends at a time limit.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// A program that ended by itself.
pub(super) struct Finished {
    /// What it wrote to its standard output.
    pub(super) output: String,
    /// From before its start to its end.
    pub(super) elapsed: Duration,
}

/// Runs `words` to its end.
///
/// # Errors
/// It cannot be started, wrote nothing useful and failed, or was ended at the `limit`.
pub(super) fn run(words: &[String], limit: Duration) -> Result<Finished> {
    let start = Instant::now();
    let mut running = Running::start(words, limit)?;
    let mut output = String::new();
    running.output.read_to_string(&mut output)?;
    running.wait()?;
    let elapsed = start.elapsed();
    let errors = running.finish(elapsed >= limit)?;
    if output.is_empty() && !errors.is_empty() {
        bail!("{}", errors.lines().next_back().unwrap_or_default());
    }
    Ok(Finished { output, elapsed })
}

/// A program that runs, and is ended when this is dropped.
pub(super) struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    errors: Option<JoinHandle<String>>,
    /// Dropped to let the guard go.
    guarded: Option<Sender<()>>,
    guard: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts `words` with an empty environment but `PATH`; its group is killed after `limit`.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(words: &[String], limit: Duration) -> Result<Self> {
        let (program, arguments) = words.split_first().context("no program to run")?;
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{program}`"))?;
        let output = BufReader::new(child.stdout.take().context("no output")?);
        let mut stream = child.stderr.take().context("no error stream")?;
        let errors = thread::spawn(move || {
            let mut text = Vec::new();
            // What was read before an error is all there is to show.
            let _ = stream.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        let (guarded, guard) = guard(&child, limit);
        Ok(Self { child, output, errors: Some(errors), guarded: Some(guarded), guard: Some(guard) })
    }

    /// The number of its first process.
    pub(super) fn number(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it writes the line `text`.
    ///
    /// # Errors
    /// It wrote another, or ended.
    pub(super) fn expect(&mut self, text: &str) -> Result<()> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        if line.trim_end() != text {
            bail!("answered `{}` instead of `{text}`", line.trim_end());
        }
        Ok(())
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// It has ended.
    pub(super) fn resume(&mut self) -> Result<()> {
        self.child.stdin.as_mut().context("no input")?.write_all(b"\n").context("it has ended")
    }

    /// Waits for its end without reaping, so that the number of its group stays taken.
    fn wait(&self) -> Result<()> {
        let number = pid(&self.child).context("no such process")?;
        waitid(WaitId::Pid(number), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)?;
        Ok(())
    }

    /// Reaps it; what it wrote to its error stream.
    fn finish(&mut self, late: bool) -> Result<String> {
        self.release();
        let status = self.child.wait()?;
        let errors = self.errors.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        if late {
            bail!("no end, killed");
        }
        match status.code() {
            Some(_) => Ok(errors),
            None => bail!("{status}"),
        }
    }

    fn release(&mut self) {
        self.guarded.take();
        if let Some(guard) = self.guard.take() {
            // It only waits and kills.
            let _ = guard.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let (Some(_), Some(group)) = (&self.guard, pid(&self.child)) {
            self.release();
            // Not reaped yet, so the group is still its own.
            let _ = kill_process_group(group, Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// A thread that kills the child's group after `limit`, unless the sender is dropped before.
fn guard(child: &Child, limit: Duration) -> (Sender<()>, JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel::<()>();
    let group = pid(child);
    let thread = thread::spawn(move || {
        if let (Err(mpsc::RecvTimeoutError::Timeout), Some(group)) = (receiver.recv_timeout(limit), group) {
            // A group that is gone needs no killing.
            let _ = kill_process_group(group, Signal::KILL);
        }
    });
    (sender, thread)
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Running, run};

    fn words(line: &[&str]) -> Vec<String> {
        line.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_run_has_output_an_end_and_a_limit() {
        let finished = run(&words(&["echo", "x"]), Duration::from_secs(20)).unwrap();
        assert_eq!(finished.output, "x\n");
        let limit = Duration::from_millis(100);
        assert!(run(&words(&["sleep", "50"]), limit).is_err());
        assert!(run(&words(&["sh", "-c", "echo no >&2; exit 3"]), Duration::from_secs(20)).is_err());
        assert!(run(&words(&["/nonexistent"]), limit).is_err());
    }

    #[test]
    fn a_program_is_held_and_resumed() {
        let mut running = Running::start(&words(&["cat"]), Duration::from_secs(20)).unwrap();
        running.resume().unwrap();
        running.expect("").unwrap();
    }
}
